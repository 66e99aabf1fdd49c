/*
 * Derives a file's name from a URL.  Pure.
 */
#ifndef PFETCH_CORE_NAME_H
#define PFETCH_CORE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NAME_KEPT = 180,   /* longer names are cut to this many bytes */
	NAME_ROOM = 256,   /* NAME_MAX of common file systems, plus a NUL */
};

/* Makes a name from a URL's PATH and QUERY (NULL: none), still encoded as they
 * are in the URL.  Neither needs to end in a NUL.
 *
 * The name is the path's last segment, or "index.html" if that is empty, then
 * "?" and the query.  It is percent-decoded once and only then made safe: any
 * "/", "\" or byte that isn't part of printable UTF-8, and a leading "." or
 * "-", become "_".  A name that is too long is cut and ends in a hash of the
 * whole.  So a name is always a single path component, never "." or "..",
 * never hidden, and leaves room for a number.
 */
void name_from_url(const char *path, size_t path_length, const char *query,
		   size_t query_length, char name[NAME_ROOM]);

/* Makes a name from one that a server SUGGESTS, of whose components only the
 * last one counts.  Returns false if that is empty or "." or "..". */
bool name_from_suggestion(const char *suggested, char name[NAME_ROOM]);

/* The steps of that.  Percent-decodes LENGTH bytes in place, once; returns the
 * new length. */
size_t name_decode(char *text, size_t length);
/* Makes a single component safe, in place. */
void name_make_safe(char *text, size_t length);
/* Copies a component to NAME; one that is too long is cut and ends in a hash of
 * the whole. */
void name_cut(const char *text, size_t length, char name[NAME_ROOM]);
/* A hash that is the same in every run and on every machine. */
uint64_t name_hash(const char *text, size_t length);

#endif
