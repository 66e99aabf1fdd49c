/*
 * Files of options, one on each line, as --config names them:
 *
 *     # a comment
 *     jobs = 8
 *     --strategy pool
 *     user-agent: "an agent"
 *     continue
 *
 * The name is that of a long option, with or without its dashes, or a dash and
 * a letter.  Its value follows after blanks, "=" or ":".  A value in quotes may
 * contain \", \\, \n, \r, \t and \xHH; any other ends with the last character
 * of the line that is not a blank.
 */
#ifndef PFETCH_CMD_CONFIG_FILE_H
#define PFETCH_CMD_CONFIG_FILE_H

#include "base/settings.h"
#include "base/text-list.h"
#include "cmd/options.h"

/* Reads the options of COMMAND in the file PATH, "-" being standard input, into
 * SETTINGS, and adds the lists that they name to LISTS.  An error ends the
 * program with status 2, after a message with the line's number. */
void config_read(enum options_command command, const char *path,
		 struct settings *settings, struct text_list *lists);

/* "FILE:LINE: " while a line is being read; else "". */
const char *config_place(void);

/* Writes those of the options in SETTINGS that compare and a run have in common
 * to a file without a name, from which config_read() makes the same settings.
 * Returns its descriptor, which the programs that this one executes inherit; or
 * -1 with errno. */
int config_write(const struct settings *settings);

#endif
