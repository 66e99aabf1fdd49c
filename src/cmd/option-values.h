/*
 * The values of options: how each kind is read into the settings, and written
 * so that it can be read again.
 */
#ifndef PFETCH_CMD_OPTION_VALUES_H
#define PFETCH_CMD_OPTION_VALUES_H

#include <stdbool.h>

#include "base/settings.h"
#include "cmd/option-table.h"

/* A value as it was given. */
struct option_value {
	const char *name;   /* of the option, as the user called it */
	const char *text;   /* NULL: none; lives as long as the program */
	size_t length;
	uint64_t more;      /* added to a number */
	bool literal;       /* "@" does not stand for a file */
};

/* Stores VALUE as that of ROW.  A bad value is a usage error. */
void option_store(const struct option_row *row,
		  const struct option_value *value,
		  struct settings *settings);

/* Calls WRITE with the value of ROW in SETTINGS, as often as it has to be given
 * for that; LENGTH is the value's, and TEXT is NULL for a flag. */
void option_write(const struct option_row *row,
		  const struct settings *settings,
		  void (*write)(void *context, const struct option_row *row,
				const char *text, size_t length),
		  void *context);

#endif
