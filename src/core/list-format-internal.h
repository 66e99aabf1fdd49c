/* Shared by list-format.c and the formats themselves. */
#ifndef PFETCH_CORE_LIST_FORMAT_INTERNAL_H
#define PFETCH_CORE_LIST_FORMAT_INTERNAL_H

#include "core/list-format.h"

/* An entry that is not known to be complete. */
struct draft {
	bool begun;
	struct list_entry entry; /* its place in the list */
	char *url, *out, *directory;
	char *fields;            /* others, each after a tab; or NULL */
	const char *fault;       /* static, or NULL */
};

struct list_format {
	struct list *list;
	const struct format_kind *kind; /* NULL: each line is an entry */
	struct draft draft;
	char *common;            /* fields of all entries from here on */
	const char *common_fault; /* of all of them; static, or NULL */
	bool common_data;        /* COMMON has content */
	char *text;              /* of the entry that was returned last */
	struct list_entry line;  /* that was read last */
	enum list_state held_state;
	bool held;               /* it has yet to be taken */
};

struct format_kind {
	const char *name;
	/* Whether LINE begins another entry than the draft. */
	bool (*begins)(const struct list_format *format,
		       const struct list_entry *line);
	/* Takes LINE, which is part of the draft. */
	void (*take)(struct list_format *format,
		     const struct list_entry *line);
};

extern const struct format_kind format_aria2, format_curl;

/* Appends a field to FIELDS, which is malloc'd or NULL.  Returns NULL, or why
 * that can't be done. */
const char *format_add(char **fields, const char *key, const char *value,
		       size_t length);

/* Why TEXT can't be the value of a field; or NULL. */
const char *format_fault(const char *text);

#endif
