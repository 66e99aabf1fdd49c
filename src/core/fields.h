/*
 * What an entry of the list says besides its URL.
 *
 *     https://host/path<TAB>out=NAME<TAB>sha256=HEX<TAB>header=Name: value
 *     HEX  https://host/path
 *     {"url": "https://host/path", "out": "NAME", "header": ["A: b", "C: d"]}
 *
 * Fields follow the URL, each after a tab, as KEY=VALUE; the second form is
 * what sha256sum(1) and its relatives print; the third has the same keys, and
 * arrays for those that are given more than once.  An unknown key or a bad
 * value is a fault of that entry alone.  For the core's thread only.
 *
 * To add a key: a row of the table in fields.c.
 */
#ifndef PFETCH_CORE_FIELDS_H
#define PFETCH_CORE_FIELDS_H

#include <stdbool.h>

#include "base/request.h"

enum {
	FIELDS_FAULT_ROOM = 120,
	FIELDS_PATH_MAX = 1000,  /* bytes of `out` */
	FIELDS_MIRRORS_MAX = 16,
};

struct fields {
	char *line;              /* a copy, taken apart; NULL: not needed */
	void *document;          /* of a JSON object; or NULL */
	const char *url;
	const char *out;         /* name of the file below the directory */
	const char *tag;
	const char *mirrors[FIELDS_MIRRORS_MAX]; /* other URLs of the body */
	size_t mirror_count;
	struct request_terms *terms; /* the entry's own; NULL: those of the
				      * list */
	size_t inherited;        /* how many of its first headers are common
				  * ones */
	char fault[FIELDS_FAULT_ROOM];
};

/* Reads TEXT, which must outlive FIELDS.  COMMON are the terms of all entries;
 * the line's own begin as a copy of them.  Returns NULL, or why the line is
 * refused, valid as long as FIELDS; `url` is set in either case.  Call
 * fields_release() afterwards. */
const char *fields_parse(struct fields *fields, const char *text,
			 const struct request_terms *common);
void fields_release(struct fields *fields);

/* Whether PATH may name a file below the output directory: no component is
 * empty, too long, or begins with "." or "-", and all of it is printable UTF-8
 * without backslashes.  Pure. */
bool fields_path_is_safe(const char *path);

#endif
