/* Properties of the terminal that output goes to, if any. */
#ifndef PFETCH_BASE_TERMINAL_H
#define PFETCH_BASE_TERMINAL_H

#include <stdbool.h>

/* When output is coloured. */
enum terminal_colour { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/* The width of the terminal FD in columns.  If it is unknown, the value of the
 * environment variable COLUMNS, or else 80. */
int terminal_columns(int fd);

/* Whether what is written to FD now may be about this process: it isn't a
 * terminal, or the process is in its foreground. */
bool terminal_is_ours(int fd);

/* The height of the terminal FD in rows; 24 if it is unknown. */
int terminal_rows(int fd);

/* Whether output to FD is coloured.  COLOUR_AUTO: on a terminal that is not
 * dumb, unless the environment variable NO_COLOR is set and not empty
 * (no-color.org). */
bool terminal_is_coloured(int fd, enum terminal_colour when);

#endif
