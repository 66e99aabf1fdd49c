/* The commands of pfetch: one function each, in a file of its own. */
#ifndef PFETCH_CMD_COMMAND_H
#define PFETCH_CMD_COMMAND_H

/* Each takes the arguments after the program's name, whose place in
 * ARGUMENTS[0] the command's has taken, and returns the exit status. */
int command_fetch(int count, char **arguments);
int command_origin(int count, char **arguments);
int command_compare(int count, char **arguments);
int command_measure(int count, char **arguments);

/* Prints pfetch's version and those of its libraries, as GNU programs do. */
void command_print_version(void);

#endif
