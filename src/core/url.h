/*
 * URLs, as libcurl's own parser reads them (curl_url_set(3)), so that what is
 * checked here is what is fetched.
 */
#ifndef PFETCH_CORE_URL_H
#define PFETCH_CORE_URL_H

#include "core/name.h"

enum { URL_MAX = 128 * 1024 };

/* A parser that is used for one URL after another. */
struct url_parser;
struct url_parser *url_parser_new(void);
void url_parser_free(struct url_parser *parser);

/* Reads TEXT, a line of the list.  Returns NULL and sets *URL to the URL to
 * request (the caller owns it), or returns why TEXT is refused: static text.
 * With NAME, also makes the output name. */
const char *url_parse(struct url_parser *parser, const char *text, char **url,
		      char name[NAME_ROOM]);

/* Where a redirect from URL to LOCATION leads (RFC 9110, 10.2.2).  ENTRY is
 * the list's own URL: its user and password go along when the new place is of
 * the same origin, scheme, host and port, and nowhere else; those that a
 * server puts into LOCATION are dropped.  Returns and sets as url_parse(). */
const char *url_redirect(const char *entry, const char *url,
			 const char *location, char **next);

#endif
