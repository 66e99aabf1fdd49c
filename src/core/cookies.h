/*
 * Cookies (RFC 6265): the jar that all entries of a run share.
 *
 * The core alone owns it.  A job brings back the Set-Cookie fields of its
 * response, and a request gets its cookies when it is submitted, so no worker
 * needs a lock.  At most COOKIES_A_DOMAIN of a domain and COOKIES_MAX in all
 * are kept; the oldest go first.
 */
#ifndef PFETCH_CORE_COOKIES_H
#define PFETCH_CORE_COOKIES_H

#include <stdint.h>

enum {
	COOKIES_A_DOMAIN = 50,
	COOKIES_MAX = 3000,
	COOKIES_SENT_MAX = 8192, /* bytes with one request */
};

struct cookies;

struct cookies *cookies_new(void);
void cookies_free(struct cookies *cookies);

/* Takes the cookies of the file PATH, in Netscape's format, as curl and wget
 * write it.  Returns NULL, or a message that the caller frees. */
char *cookies_load(struct cookies *cookies, const char *path, int64_t now_s);

/* Writes all cookies that have not expired to the file PATH, which is replaced
 * and which only its owner may read.  Returns 0 or an error number. */
int cookies_save(struct cookies *cookies, const char *path, int64_t now_s);

/* Takes what the server of URL has set: LINES are values of Set-Cookie, each
 * followed by a newline.  Those that it may not set are ignored. */
void cookies_take(struct cookies *cookies, const char *url, const char *lines,
		  int64_t now_s);

/* What to send to URL, "NAME=VALUE; ...", to be freed by the caller; NULL:
 * nothing. */
char *cookies_for(struct cookies *cookies, const char *url, int64_t now_s);

#endif
