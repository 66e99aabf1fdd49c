/* The files that a comparison writes. */
#ifndef PFETCH_CMD_OUTPUTS_H
#define PFETCH_CMD_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/experiment.h"

/* Ends the program with a message when a file that EXPERIMENT is to write
 * can't be written, or is one of the COUNT lists or another output: better
 * now than after the minutes that a comparison takes.  Makes directories; a
 * file stays as it is. */
void outputs_check(const struct experiment *experiment, char *const *lists,
		   size_t count);

/* Whether one of them is standard output. */
bool outputs_use_stdout(const struct compare_settings *compare);

#endif
