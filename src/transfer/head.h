/*
 * The head of a response, read line by line as it arrives.
 *
 * libcurl accepts framing that RFC 9112 forbids (two lengths, hexadecimal
 * lengths, a length beside a transfer coding) and calls the result complete,
 * so pfetch parses the framing fields itself, strictly.  Pure, except that a
 * date in Retry-After is compared with the wall clock.
 */
#ifndef PFETCH_TRANSFER_HEAD_H
#define PFETCH_TRANSFER_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "base/status-set.h"

enum {
	HEAD_REASON_ROOM = 64,
	HEAD_LOCATION_MAX = 65536,
	HEAD_COOKIES_MAX = 65536, /* of all Set-Cookie fields together */
	/* Dates count as strong only if they are so much older than the
	 * response (RFC 9110, 8.8.2.2, calls for at least a second). */
	HEAD_STRONG_S = 60,
};

/* "bytes FIRST-LAST/TOTAL".  A TOTAL of -1 stands for "*"; a FIRST of -1 means
 * that no range was given. */
struct head_range {
	int64_t first, last, total;
};

struct head {
	/* Set by the owner before the first line. */
	const struct status_set *also; /* whose bodies are wanted as well as
					* those of 2xx; or NULL */
	bool negotiates;          /* a 401 or 407 may be followed by the
				   * response to another request, with a
				   * login */
	bool keeps_cookies;

	int status;               /* 0: none yet */
	int version;              /* 9 (other), 10, 11, 20 */
	bool complete;            /* a final response's header has ended */
	int64_t content_length;   /* -1: none */
	struct head_range range;  /* Content-Range; RFC 9110, 14.4 */
	bool chunked;
	bool coded;               /* Transfer-Encoding was given */
	const char *fault;        /* what is wrong (static text), or NULL */
	int64_t retry_after_s;    /* -1: none; RFC 9110, 10.2.3 */
	char *location;           /* malloc'd or NULL */
	char *file_name;          /* of Content-Disposition; likewise */
	char *coding;             /* Content-Encoding; likewise */
	char *cookies;            /* values of Set-Cookie, each followed by a
				   * newline; likewise */
	unsigned responses;       /* final ones, with NEGOTIATES */
	char tag[RESULT_VALIDATOR_ROOM];      /* any entity tag, or "" */
	char etag[RESULT_VALIDATOR_ROOM];     /* a strong one, or "" */
	char modified[RESULT_VALIDATOR_ROOM]; /* Last-Modified, or "" */
	char date[RESULT_VALIDATOR_ROOM];     /* Date, or "" */
	char reason[HEAD_REASON_ROOM];
	unsigned lines;           /* fields of this header */
	uint64_t bytes;           /* of all headers and trailers together */
	bool open;                /* between a status line and a blank line */
	bool last_framed;         /* the last field was a framing field */
};

void head_init(struct head *head);
void head_release(struct head *head);

/* Whether the body of the response is what was asked for, rather than that of
 * an error or a redirect. */
bool head_wants_body(const struct head *head);

/* Takes one line as passed by CURLOPT_HEADERFUNCTION(3), including its CRLF.
 * A status line after a 1xx response starts a new head; lines after the end of
 * a final one are trailers and are only counted. */
void head_line(struct head *head, const char *line, size_t length);

/* Last-Modified in seconds since the epoch; -1: none.  Dates are read only when
 * somebody asks, as that takes longer than all else in a header. */
int64_t head_modified_s(const struct head *head);

/* What identifies the representation for a later request with If-Range (RFC
 * 9110, 13.1.5): a strong entity tag, or else a date that is old enough to be
 * strong.  NULL: neither.  Valid as long as HEAD is unchanged. */
const char *head_validator(const struct head *head);

/* Whether HEAD, of a part, is of the representation that VALIDATOR identifies;
 * NULL: of any.  A server that sends part of another, or doesn't say which, is
 * not believed, although it was asked with If-Range (RFC 9110, 15.3.7). */
bool head_fits(const struct head *head, const char *validator);

/* Parses the value of Content-Length (RFC 9110, 8.6): digits only, at most
 * 2^63-1.  Returns 0 or -1. */
int head_parse_length(const char *value, size_t length, int64_t *result);

/* Parses the value of Content-Range, strictly.  Returns 0 or -1. */
int head_parse_range(const char *value, size_t length,
		     struct head_range *range);

/* Parses the value of Retry-After: seconds or a date.  NOW is the time in
 * seconds since the epoch.  Returns the delay in seconds, or -1 if the value
 * is invalid. */
int64_t head_parse_retry_after(const char *value, size_t length, int64_t now);

#endif
