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

/* A copy of URL that shows no password: what stands between "//" and "@"
 * becomes "user:***" or "***".  For one that could not be parsed (SOUND
 * false) the last "@" counts, wherever it stands, so that no reading of it
 * leaks.  The caller owns the copy. */
char *escape_mask_login(const char *url, int sound);

#endif
