/* The files that a comparison writes. */
#ifndef PFETCH_CMD_OUTPUTS_H
#define PFETCH_CMD_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/experiment.h"

/* Ends the program with a message if a file that EXPERIMENT is to write can't
 * be written, or is also one of the COUNT lists or another output: it is better
 * to fail now than after a comparison that takes minutes.  Creates directories,
 * but does not change files. */
void outputs_check(const struct experiment *experiment, char *const *lists,
		   size_t count);

/* Whether one of the exports goes to standard output. */
bool outputs_use_stdout(const struct compare_settings *compare);

#endif
