/* The commands of pfetch, one function each, each in its own file. */
#ifndef PFETCH_CMD_COMMAND_H
#define PFETCH_CMD_COMMAND_H

#include <stdbool.h>

#include "cmd/options.h"

/* Each takes the program's name in ARGUMENTS[0], followed by the arguments
 * after the command's name, and returns the exit status. */
int command_fetch(int count, char **arguments);
int command_origin(int count, char **arguments);
int command_compare(int count, char **arguments);
int command_measure(int count, char **arguments);

/* Prints the help or the version if ACTION asks for one of them.  Returns
 * whether it did. */
bool command_informs(enum options_action action, void (*print_help)(bool all));

#endif
