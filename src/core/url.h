/*
 * URLs, read as libcurl's own parser does (curl_url_set(3)), so that what is
 * checked is what is fetched.
 */
#ifndef PFETCH_CORE_URL_H
#define PFETCH_CORE_URL_H

#include "core/name.h"

enum { URL_MAX = 128 * 1024 };

/* A parser, to be used for one URL after another. */
struct url_parser;
struct url_parser *url_parser_new(void);
void url_parser_free(struct url_parser *parser);

/* Parses TEXT, an entry of the list.  Returns NULL and sets *URL to the URL to
 * request, which the caller owns; or returns a static text that says why TEXT
 * is refused.  Unless NAME is NULL, also makes the output name. */
const char *url_parse(struct url_parser *parser, const char *text, char **url,
		      char name[NAME_ROOM]);

/* Resolves a redirect from URL to LOCATION (RFC 9110, 10.2.2).  ENTRY is the
 * list's own URL: its user and password are kept only if the target has the
 * same origin (scheme, host and port); those that a server puts into LOCATION
 * are dropped.  Sets *NEXT and returns as url_parse() does. */
const char *url_redirect(const char *entry, const char *url,
			 const char *location, char **next);

/* Resolves TEXT, a relative reference (RFC 3986, 4.2), against BASE, an
 * absolute URL.  Returns and sets as url_parse(). */
const char *url_join(const char *base, const char *text, char **url);

#endif
