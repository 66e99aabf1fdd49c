/*
 * A request: what to ask of a server, and where the body of the response goes.
 *
 * A request is a value: the core creates it, it never changes afterwards, and
 * whoever runs the job reads it.  What the requests of many jobs have in
 * common (the terms) is shared by reference; a plain list has one set of terms
 * for all of its entries.  Only the core's thread counts references; workers
 * only read.
 *
 * To add a property to the terms or a request, add a field here, compare it in
 * request_terms_equal(), copy it in request_terms_copy(), serialize it in
 * put_terms() and take_terms() of strategy/serial.c, and use it in apply() of
 * transfer/apply.c.
 */
#ifndef PFETCH_BASE_REQUEST_H
#define PFETCH_BASE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"

/* Where a body goes; see transfer/sink.h. */
enum sink_kind { SINK_FILE, SINK_SPOOL, SINK_LIVE, SINK_DISCARD };

/* A digest that the body must have. */
struct request_digest {
	enum digest_kind kind;
	uint8_t value[DIGEST_MAX_BYTES];
};

/* Expectations of the body.  A body that does not meet them is a failure. */
struct request_expected {
	int64_t size;            /* bytes; -1: any */
	uint64_t largest;        /* bytes; 0: no limit */
	size_t digest_count;
	struct request_digest *digests;
};

struct request_terms {
	unsigned holders;        /* reference count; core's thread only */
	char *method;            /* RFC 9110, 9; NULL: GET, or POST if there is
				  * content */
	char **headers;          /* "Name: value", without line endings */
	size_t header_count;
	char *content;           /* request content; NULL: none */
	size_t content_length;
	char *login;             /* "user:password", or NULL */
	char *cookie;            /* "NAME=VALUE; ...", or NULL */
	char *accept;            /* media types (RFC 9110, 12.5.1), or NULL;
				  * sent to every origin */
	struct request_expected expected;
	bool conditional;        /* 304 (Not Modified) is a good answer */
	enum sink_kind sink;
};

struct request {
	char *url;
	struct request_terms *terms;
	char *scope;             /* a URL: login, cookie, headers and content
				  * are sent only to its origin; NULL: to that
				  * of URL */
	bool public_only;        /* to public addresses only: a redirect led
				  * here from one */
	/* What is known of the host when the request is submitted; sent
	 * whatever the scope. */
	char *host_login;        /* "user:password"; LOGIN comes first, unless
				  * URL names the user */
	char *host_cookie;       /* "NAME=VALUE; ..." */
	/* Fetch the body from this byte on, if it is still the one that
	 * VALIDATOR, a strong entity tag or a date, identifies (RFC 9110,
	 * 13.1.5).  0 and NULL: fetch all of it. */
	uint64_t from;
	uint64_t to;             /* ... up to this byte, which is not fetched;
				  * 0: to its end */
	bool shared;             /* other jobs write other parts to the same
				  * file, at the same time */
	char *validator;
};

/* Creates default terms with one reference.  Until a request uses them, the
 * caller may fill in fields; the terms own the malloc'd memory it puts
 * there. */
struct request_terms *request_terms_new(enum sink_kind sink);
struct request_terms *request_terms_hold(struct request_terms *terms);
void request_terms_release(struct request_terms *terms);

/* A copy that is held once; it may be changed until a request is made of
 * it. */
struct request_terms *request_terms_copy(const struct request_terms *terms);

/* Adds LINE, "Name: value", to the headers of TERMS, taking ownership of it. */
void request_terms_add_header(struct request_terms *terms, char *line);

/* Removes the header at INDEX from TERMS. */
void request_terms_remove_header(struct request_terms *terms, size_t index);

/* Compares all fields, including the content but not the reference count.
 * Pure. */
bool request_terms_equal(const struct request_terms *one,
			 const struct request_terms *other);

/* Creates a request for URL, taking ownership of it and adding a reference to
 * TERMS. */
struct request *request_new(char *url, struct request_terms *terms);

/* The request to make after a redirect with STATUS to URL in answer to
 * REQUEST.  Takes ownership of URL.  Method and content are kept or dropped as
 * RFC 9110, 15.4, requires; what goes to one origin only does not follow to
 * another.  FROM_PUBLIC: the server has a public address, and may not redirect
 * to others. */
struct request *request_redirected(const struct request *request, int status,
				   char *url, bool from_public);

/* The request to make after a try of REQUEST that left the body that VALIDATOR
 * identifies up to byte FROM; 0: none, and VALIDATOR is ignored. */
struct request *request_continued(const struct request *request, uint64_t from,
				  const char *validator);

/* The request for a part of REQUEST's body, from FROM up to TO, for a file that
 * other jobs write to as well.  TERMS are REQUEST's, expecting nothing. */
struct request *request_part(const struct request *request,
			     struct request_terms *terms, uint64_t from,
			     uint64_t to, const char *validator);

/* A request for URL with TERMS, which is sent within the scope and the limits
 * of REQUEST; takes ownership of URL. */
struct request *request_elsewhere(const struct request *request, char *url,
				  struct request_terms *terms);

void request_free(struct request *request);

/* A request for URL, another place of the body that REQUEST asks for; takes
 * ownership of URL.  What goes to one origin only does not go there. */
struct request *request_mirrored(const struct request *request, char *url);

/* Whether the login, cookie, headers and content of REQUEST may be sent to its
 * URL.  Pure. */
bool request_in_scope(const struct request *request);

/* Whether REQUEST, because its URL is out of scope, can't be sent as it is
 * meant: it has content, or a method other than GET and HEAD.  Pure. */
bool request_is_withheld(const struct request *request);

/* Whether REQUEST asks for its URL with GET and nothing else, so that the URL
 * alone says what the response is.  Pure. */
bool request_is_bare(const struct request *request);

/* The method that REQUEST is sent with: GET instead of any other if its content
 * is out of scope.  Pure. */
const char *request_method(const struct request *request);

#endif
