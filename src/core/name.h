/*
 * Derives a file's name from a URL.  Pure.
 */
#ifndef PFETCH_CORE_NAME_H
#define PFETCH_CORE_NAME_H

#include <stddef.h>

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

#endif
