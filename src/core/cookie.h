/* One cookie: how it is read, and where it belongs (RFC 6265).  Pure, but for
 * the list of public suffixes, which is constant. */
#ifndef PFETCH_CORE_COOKIE_H
#define PFETCH_CORE_COOKIE_H

#include <stdbool.h>
#include <stdint.h>

enum { COOKIE_MAX = 4096 }; /* bytes of name and value together */

struct cookie {
	char *name, *value;
	char *domain;            /* lower case, without a leading dot */
	char *path;
	bool host_only;          /* not for the domain's other hosts */
	bool secure;             /* only over TLS */
	bool http_only;          /* kept for the file */
	int64_t expires_s;       /* since the epoch; 0: with the session */
	uint64_t number;         /* in the order of creation */
	struct cookie *prev, *next;
};

/* Reads the value TEXT of a Set-Cookie field from the server of URL (5.2, 5.3).
 * Returns NULL if the server may not set it. */
struct cookie *cookie_parse(const char *text, const char *url, int64_t now_s);

/* Reads LINE of a file in Netscape's format.  Returns NULL if it isn't one. */
struct cookie *cookie_read(const char *line);

/* A line for such a file, without its end, to be freed by the caller. */
char *cookie_write(const struct cookie *cookie);

void cookie_free(struct cookie *cookie);

/* Whether COOKIE, of a domain that HOST is in, is to be sent to it for a URL
 * with PATH (5.4). */
bool cookie_matches(const struct cookie *cookie, const char *host,
		    const char *path, bool secure);

/* The host of URL in lower case, and its path, without the query; both to be
 * freed by the caller. */
char *cookie_host(const char *url);
char *cookie_path(const char *url);

#endif
