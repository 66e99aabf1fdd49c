/*
 * What is known of an entry whose result is final, as named values: the facts
 * of which records (--json) and lines (--write-out) are made.
 *
 * Names and units are those of curl(1), --write-out, where it has them; the
 * README's table explains all.  Times are in seconds, sizes in bytes.
 *
 * To add one: a row of the table in variables.c, and of the schema in
 * docs/record.schema.json if it is part of records.
 */
#ifndef PFETCH_OUTPUT_VARIABLES_H
#define PFETCH_OUTPUT_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/settings.h"
#include "output/listener.h"

enum variable_kind {
	VARIABLE_UNKNOWN,   /* there is no value */
	VARIABLE_TEXT,      /* raw, untrusted bytes */
	VARIABLE_COUNT,
	VARIABLE_SECONDS,   /* NUMBER is in microseconds */
	VARIABLE_BOOL,
};

struct variable_value {
	enum variable_kind kind;
	const char *text;
	uint64_t number;
};

/* What values are taken from, and room for those that are made. */
struct variable_source {
	const struct listener_item *item;
	const struct settings *settings;
	char *path;              /* room for texts, grown as needed; the owner
				  * frees it */
	char small[24];
};

struct variable {
	const char *name;
	const char *key;         /* the same as json_key_quoted() takes it */
	size_t key_length;
	bool recorded;           /* it is part of records */
	/* The value, valid until the next call with the same source. */
	struct variable_value (*get)(struct variable_source *source);
};

/* All variables, in the order of records; the last one has no name. */
extern const struct variable variables[];

/* The variable whose name is the LENGTH bytes at NAME, or NULL. */
const struct variable *variable_find(const char *name, size_t length);

#endif
