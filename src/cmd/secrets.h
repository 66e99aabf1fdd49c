/*
 * Keeps secrets of the command line out of ps(1) and /proc/PID/cmdline.
 *
 * The options are parsed from a copy of the arguments, and those parts of the
 * original that are secret are overwritten.  That takes a moment, in which
 * others may see them; an option's value can come from a file instead.
 */
#ifndef PFETCH_CMD_SECRETS_H
#define PFETCH_CMD_SECRETS_H

#include <stddef.h>

/* Copies the COUNT ARGUMENTS, which can be overwritten later on.  The copy ends
 * with a NULL and lives as long as the program. */
char **secrets_copy_arguments(int count, char **arguments);

/* Overwrites the LENGTH bytes of the original arguments that TEXT, within the
 * copy, was copied from.  Does nothing if TEXT is elsewhere. */
void secrets_hide(const char *text, size_t length);

/* The same for the password of the URL TEXT, if it has one. */
void secrets_hide_password(const char *text);

#endif
