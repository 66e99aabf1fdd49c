/*
 * A request: what is asked of a server, and where the answer goes.
 *
 * A value: it is made by the core, never changed afterwards, and read by
 * whoever runs the job.  What the requests of many jobs have in common (the
 * terms) is shared by reference; a plain list has one set of terms for all of
 * its entries.  References are counted by the core's thread alone, so workers
 * only read.
 *
 * To add something that can be asked: a field here, its line in
 * request_terms_equal(), its part in wire_put_request() and
 * wire_take_request(), and its use in apply() of transfer/transfer.c.
 */
#ifndef PFETCH_BASE_REQUEST_H
#define PFETCH_BASE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

/* Where a body goes; see transfer/sink.h. */
enum sink_kind { SINK_FILE, SINK_SPOOL, SINK_DISCARD };

/* A digest that the body must have. */
struct request_digest {
	enum digest_kind kind;
	uint8_t value[DIGEST_MAX_BYTES];
};

/* What is expected of the body.  One that does not meet it is a failure. */
struct request_expected {
	int64_t size;            /* bytes; -1: any */
	uint64_t largest;        /* bytes; 0: no limit */
	size_t digest_count;
	struct request_digest *digests;
};

struct request_terms {
	unsigned holders;        /* references; the core's thread counts */
	char *method;            /* RFC 9110, 9; NULL: GET, or POST when there
				  * is content */
	char **headers;          /* "Name: value", without line ends */
	size_t header_count;
	char *content;           /* to be sent; NULL: none */
	size_t content_length;
	char *login;             /* "user:password", or NULL */
	char *scope;             /* a URL: login, headers and content are sent
				  * to its origin only; NULL: to any */
	struct request_expected expected;
	enum sink_kind sink;
};

struct request {
	char *url;
	struct request_terms *terms;
	/* The body from this byte on, if it is still the one that VALIDATOR,
	 * a strong entity tag or a date, names (RFC 9110, 13.1.5).  0 and
	 * NULL: all of it. */
	uint64_t from;
	char *validator;
};

/* Terms that ask for nothing special, held once.  The caller may fill them in
 * with what malloc gave, until it makes a request of them. */
struct request_terms *request_terms_new(enum sink_kind sink);
struct request_terms *request_terms_hold(struct request_terms *terms);
void request_terms_release(struct request_terms *terms);

/* Field by field, content included; the holders do not count.  Pure. */
bool request_terms_equal(const struct request_terms *one,
			 const struct request_terms *other);

/* A request for URL, which it takes over; it holds TERMS once more. */
struct request *request_new(char *url, struct request_terms *terms);

/* The request that follows when REQUEST was answered with a redirect of STATUS
 * to URL, which it takes over.  Method and content are kept or dropped as RFC
 * 9110, 15.4, says. */
struct request *request_redirected(const struct request *request, int status,
				   char *url);

void request_free(struct request *request);

/* Whether login, headers and content of REQUEST go to its URL.  Pure. */
bool request_in_scope(const struct request *request);

/* The method that REQUEST is sent with.  Pure. */
const char *request_method(const struct request *request);

#endif
