/*
 * Makes text from outside safe to show: a terminal must not interpret it.
 */
#ifndef PFETCH_OUTPUT_ESCAPE_H
#define PFETCH_OUTPUT_ESCAPE_H

#include <event2/buffer.h>
#include <stddef.h>

/* Adds LENGTH bytes of TEXT to BUFFER.  Each byte of what isn't printable text
 * becomes \xNN: control characters (C0, DEL, C1), those that change the writing
 * direction (U+061C, U+200E-200F, U+202A-202E, U+2066-2069), line separators,
 * byte order marks and invalid UTF-8.  Pure but for BUFFER. */
void escape_add(struct evbuffer *buffer, const char *text, size_t length);

/* The same for a string; the caller owns the result. */
char *escape_string(const char *text);

/* How many of the LENGTH bytes at TEXT form one character that may be shown;
 * 0 if the first byte must be escaped.  Pure. */
size_t escape_printable(const char *text, size_t length);

/* What is known about a URL that is to be shown. */
enum escape_url {
	ESCAPE_PARSED,  /* it is a valid URL */
	ESCAPE_REFUSED, /* it isn't, and could be read in more than one way */
	ESCAPE_CUT,     /* it isn't, and it is incomplete as well */
};

/* A copy of URL that shows no password: the text between "//" and "@" becomes
 * "user:***" or "***".  So that no reading of it leaks a password, a refused
 * URL is masked up to its last "@", wherever that is, and an incomplete one
 * shows nothing after "//"; both are cut after ESCAPE_SHOWN bytes.  The caller
 * owns the copy. */
enum { ESCAPE_SHOWN = 200 };
char *escape_mask_login(const char *url, enum escape_url kind);

#endif
