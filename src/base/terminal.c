/* Terminals; see terminal.h. */
#include "config.h"

#include "base/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/units.h"

enum { COLUMNS_DEFAULT = 80, COLUMNS_MIN = 20, COLUMNS_MAX = 1000,
       ROWS_DEFAULT = 24 };

int terminal_columns(int fd)
{
	const char *set = getenv("COLUMNS");
	uint64_t columns = 0;
	struct winsize size;

	if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
		columns = size.ws_col;
	if (columns == 0 && set != NULL)
		units_parse_count(set, &columns);
	if (columns < COLUMNS_MIN || columns > COLUMNS_MAX)
		return COLUMNS_DEFAULT;
	return (int)columns;
}

bool terminal_is_ours(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group < 0 || group == getpgrp();
}

int terminal_rows(int fd)
{
	struct winsize size;

	if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
		return size.ws_row;
	return ROWS_DEFAULT;
}

bool terminal_is_coloured(int fd, enum terminal_colour when)
{
	const char *none = getenv("NO_COLOR"), *kind = getenv("TERM");

	if (when != COLOUR_AUTO)
		return when == COLOUR_ALWAYS;
	return isatty(fd) && (none == NULL || *none == '\0') &&
	       kind != NULL && strcmp(kind, "dumb") != 0;
}
