/* The commands of pfetch: one function each, in a file of its own. */
#ifndef PFETCH_CMD_COMMAND_H
#define PFETCH_CMD_COMMAND_H

#include <stdbool.h>

#include "cmd/options.h"

/* Each takes the arguments after the program's name, whose place in
 * ARGUMENTS[0] the command's has taken, and returns the exit status. */
int command_fetch(int count, char **arguments);
int command_origin(int count, char **arguments);
int command_compare(int count, char **arguments);
int command_measure(int count, char **arguments);

/* Prints the help or the version, if that is what ACTION asks for; returns
 * whether it was. */
bool command_informs(enum options_action action, void (*print_help)(void));

#endif
