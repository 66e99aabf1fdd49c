/*
 * From a URL to the name of a file.  Pure.
 */
#ifndef PFETCH_CORE_NAME_H
#define PFETCH_CORE_NAME_H

#include <stddef.h>

enum {
	NAME_KEPT = 180,   /* bytes kept of a name that is too long */
	NAME_ROOM = 256,   /* NAME_MAX of common file systems, and a NUL */
};

/* Makes a name of a URL's PATH and QUERY (NULL: none), as they stand in it;
 * each has so many bytes and needs no NUL.
 *
 * The path's last segment with "?" and the query, percent-decoded once, and
 * only then made safe: no "/", no "\", no control character, nothing that is
 * not UTF-8, no leading "." or "-" (each such byte becomes "_").
 * "index.html" stands for an empty segment.  A name that is too long is cut
 * and ends in a hash of the whole.  So it is always one component, never "."
 * or "..", never hidden, and leaves room for a number.
 */
void name_from_url(const char *path, size_t path_length, const char *query,
		   size_t query_length, char name[NAME_ROOM]);

#endif
