/*
 * Text from outside, made safe to show: a terminal must not obey it.
 */
#ifndef PFETCH_OUTPUT_ESCAPE_H
#define PFETCH_OUTPUT_ESCAPE_H

#include <event2/buffer.h>
#include <stddef.h>

/* Adds LENGTH bytes of TEXT to BUFFER.  What is not printable text becomes
 * \xNN byte by byte: controls (C0, DEL, C1), characters that turn the writing
 * direction (U+202A-202E, U+2066-2069), line separators and whatever is not
 * UTF-8.  Pure but for BUFFER. */
void escape_add(struct evbuffer *buffer, const char *text, size_t length);

/* The same of a string, as one that the caller owns. */
char *escape_string(const char *text);

/* How many of the LENGTH bytes at TEXT make one character that may be shown;
 * 0 when the first byte must be escaped.  Pure. */
size_t escape_printable(const char *text, size_t length);

/* How much is known of a URL that is to be shown. */
enum escape_url {
	ESCAPE_PARSED,  /* it is a URL */
	ESCAPE_REFUSED, /* it is not, and could be read in more than one way */
	ESCAPE_CUT,     /* nor is it all there */
};

/* A copy of URL that shows no password: what stands between "//" and "@"
 * becomes "user:***" or "***".  Of a refused one the last "@" counts, wherever
 * it stands, and of a cut one nothing is shown after "//", so that no reading
 * leaks; and either is cut after ESCAPE_SHOWN bytes.  The caller owns the
 * copy. */
enum { ESCAPE_SHOWN = 200 };
char *escape_mask_login(const char *url, enum escape_url kind);

#endif
