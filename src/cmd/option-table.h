/*
 * The options as data: the name of each, its argument, where its value is
 * stored, its range, its default as a user would type it, and its help.
 *
 * The parser, the range checks, the defaults and the help all work from these
 * rows.
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
	KIND_RATE,      /* uint64_t, microseconds from one to the next */
	KIND_JOBS,      /* uint64_t, or "auto": SETTINGS_AUTO */
	KIND_FAILURES,  /* two of uint64_t: a number, or millionths */
	KIND_TEXT,      /* const char *, not empty */
	KIND_LINE,      /* const char *, without control characters */
	KIND_MAYBE,     /* const char *; "" without a value */
	KIND_STRATEGY,  /* const char *, a strategy's name */
	KIND_DIGEST,    /* const char *, a digest's name */
	KIND_TEMPLATE,  /* const char *, a name's template */
	KIND_HOSTS,     /* const char *, rules of core/host-rules.h */
	KIND_FORMAT,    /* const char *, a name of core/list-format.h */
	KIND_METHOD,    /* const char *, a method of HTTP */
	KIND_AUTH,      /* const char *: basic, digest or any */
	KIND_ORDER,     /* const char *: input or done */
	KIND_PROGRESS,  /* const char *: auto, bar, plain or none */
	KIND_DURABILITY, /* const char *: none, group or each */
	KIND_WRITE_OUT, /* const char *, a format of output/write-out.h, or
			 * @FILE */
	KIND_SEPARATOR, /* struct text_data, with escapes */
	KIND_TLS,       /* const char *: 1.0, 1.1, 1.2 or 1.3 */
	KIND_URL,       /* const char *, with a password perhaps */
	KIND_INTERFACE, /* const char *; see cmd/net-syntax.h, also for ... */
	KIND_PIN,       /* const char * */
	KIND_RESOLVE,   /* struct text_list */
	KIND_CONNECT_TO, /* struct text_list */
	KIND_HOST_LIST, /* struct text_list */
	KIND_HEADER,    /* struct text_list of header lines, or @FILE */
	KIND_SECRET,    /* const char *, or @FILE */
	KIND_SECRET_FILE, /* const char *, the first line of FILE */
	KIND_DATA,      /* struct text_data, or @FILE */
	KIND_DATA_FILE, /* struct text_data, the contents of FILE */
	KIND_STATUSES,  /* const char *, and more of the settings */
	KIND_WHEN,      /* enum terminal_colour */
	KIND_CONFIG,    /* a file of options */
	KIND_ACTION,    /* enum options_action, in minimum */
};

struct option_row {
	const char *group;     /* title, in a group's first row */
	char letter;           /* or '\0' */
	const char *name;
	enum option_kind kind;
	const char *argument;  /* its name in the help, or NULL */
	size_t offset;         /* of the value in struct settings */
	uint64_t minimum, maximum; /* of the parsed value */
	const char *initial;   /* default, as typed; NULL: unset or off */
	const char *help;      /* may contain newlines */
	unsigned commands;     /* that take it: options_command */
};
extern const struct option_row option_table[]; /* ends with a NULL name */
enum { OPTION_ROWS_MAX = 192 };

/* Other tools' names for the same options; the help does not show them. */
struct option_alias {
	const char *name;
	const char *row;       /* the option; NULL: an operand */
	uint64_t more;         /* added to the value */
};
extern const struct option_alias option_aliases[]; /* ends with a NULL name */
enum { OPTION_ALIASES_MAX = 64 };

/* COMMAND's option called NAME, or LETTER; or NULL. */
const struct option_row *option_find(enum options_command command,
				     const char *name);
const struct option_row *option_find_letter(enum options_command command,
					    int letter);

#endif
