/*
 * What the options mean together.
 */
#ifndef PFETCH_CMD_OPTIONS_CHECK_H
#define PFETCH_CMD_OPTIONS_CHECK_H

#include "base/settings.h"
#include "cmd/options.h"

/* Ends the program with an error if SETTINGS, of COMMAND, contradict each other
 * or have an option that would have no effect. */
void options_check(enum options_command command,
		   const struct settings *settings);

/* Sets what follows from other options. */
void options_fill_in(struct settings *settings);

#endif
