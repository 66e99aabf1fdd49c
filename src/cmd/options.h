/*
 * The command line's options, made from one table; see option-table.h.
 */
#ifndef PFETCH_CMD_OPTIONS_H
#define PFETCH_CMD_OPTIONS_H

#include <stddef.h>

#include "base/settings.h"

enum options_command {
	OPTIONS_FETCH = 1,
	OPTIONS_ORIGIN = 2,
	OPTIONS_COMPARE = 4,
	OPTIONS_MEASURE = 8, /* a run of compare's, in a process of its own */
};

/* What the command line asks for besides a run. */
enum options_action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_VERSION,
	ACTION_LIST_STRATEGIES,
};

/* Reads the command line of COMMAND into SETTINGS, starting from the defaults.
 * Returns what to do and sets *REST to the index in ARGUMENTS, which it
 * permutes, of the first operand; lists that an option names come first among
 * the operands.  Reports a usage error on stderr and ends the program with
 * status 2. */
enum options_action options_parse(enum options_command command, int count,
				  char **arguments, struct settings *settings,
				  int *rest);

/* Prints the help on COMMAND's options, grouped, on stdout. */
void options_print(enum options_command command);

/* The arguments that give a run of a comparison what SETTINGS say and
 * compare and a run have in common: a NULL-terminated list.  The caller frees
 * the list and each argument. */
char **options_forward(const struct settings *settings);

/* Says "pfetch: MESSAGE" and where help is to be had; ends with status 2. */
_Noreturn void options_usage_error(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
