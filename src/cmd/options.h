/*
 * Command-line options, all defined in one table; see option-table.h.
 */
#ifndef PFETCH_CMD_OPTIONS_H
#define PFETCH_CMD_OPTIONS_H

#include <stddef.h>

#include "base/settings.h"

enum options_command {
	OPTIONS_FETCH = 1,
	OPTIONS_ORIGIN = 2,
	OPTIONS_COMPARE = 4,
	OPTIONS_MEASURE = 8, /* one run of compare, in its own process */
	OPTIONS_RARE = 16,   /* only --help-all shows it; not a command */
};

/* What the command line asks for. */
enum options_action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_HELP_ALL,
	ACTION_VERSION,
	ACTION_LIST_STRATEGIES,
};

/* Reads the command line of COMMAND into SETTINGS, starting from the defaults.
 * Overwrites secrets in ARGUMENTS, sets OPERANDS, and returns what to do.
 * Lists named by options come first among the operands, whose texts live as
 * long as the program, as those in SETTINGS do.  A usage error ends the program
 * with status 2, after a message on stderr. */
enum options_action options_parse(enum options_command command, int count,
				  char **arguments, struct settings *settings,
				  struct text_list *operands);

/* What the help of every command says about its options. */
#define OPTIONS_NOTE \
	"Defaults, if any, are in brackets. Numbers take k and m, sizes K, M " \
	"and G.\nTimes are in seconds unless they end in ms.\n"

/* Prints the help on COMMAND's options, by group, to stdout: on ALL of them, or
 * on those that are often needed. */
void options_print(enum options_command command, bool all);

/* Prints "pfetch: MESSAGE" and a pointer to the help; ends with status 2. */
_Noreturn void options_usage_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
