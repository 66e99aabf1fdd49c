/*
 * The options as data: what each is called, what it takes, where its value
 * goes, its range, its default as one would type it, and its help.
 *
 * Parser, ranges, defaults and help are all made from these rows.
 */
#ifndef PFETCH_CMD_OPTION_TABLE_H
#define PFETCH_CMD_OPTION_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "cmd/options.h"

enum option_kind {
	KIND_FLAG,      /* bool */
	KIND_COUNT,     /* uint64_t */
	KIND_SIZE,      /* uint64_t, bytes */
	KIND_SECONDS,   /* uint64_t, milliseconds */
	KIND_FINE,      /* uint64_t, microseconds */
	KIND_PERCENT,   /* uint64_t, thousandths of a percent */
	KIND_TEXT,      /* const char *, not empty */
	KIND_MAYBE,     /* const char *; "" when none is given */
	KIND_STRATEGY,  /* const char *, a strategy's name */
	KIND_WHEN,      /* enum terminal_colour */
	KIND_ACTION,    /* an enum options_action, in minimum */
};

struct option_row {
	const char *group;     /* first row of a group: its title */
	char letter;           /* or '\0' */
	const char *name;
	enum option_kind kind;
	const char *argument;  /* its name in the help; NULL: takes none */
	size_t offset;         /* in struct settings */
	uint64_t minimum, maximum; /* of the parsed value */
	const char *initial;   /* default, as typed; NULL: unset or off */
	const char *help;      /* a newline begins another line */
	unsigned commands;     /* that take it: enum options_command */
};
extern const struct option_row option_table[]; /* a NULL name ends it */
enum { OPTION_ROWS_MAX = 128 };

/* Other tools' names for the same thing; the help does not show them. */
struct option_alias {
	const char *name;
	const char *row;       /* name of the option; NULL: an operand */
	uint64_t more;         /* to be added to the value */
};
extern const struct option_alias option_aliases[]; /* a NULL name ends it */
enum { OPTION_ALIASES_MAX = 32 };

/* The row of the option called NAME that COMMAND takes, or NULL. */
const struct option_row *option_find(enum options_command command,
				     const char *name);

#endif
