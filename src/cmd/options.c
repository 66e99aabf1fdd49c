/*
 * Reads the options from the command line; see options.h.  The options
 * themselves are in option-table.c, their values in option-values.c.
 */
#include "config.h"

#include "cmd/options.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "cmd/config-file.h"
#include "cmd/option-table.h"
#include "cmd/option-values.h"
#include "cmd/options-check.h"
#include "cmd/secrets.h"

/* Values for long options, above those of all letters: rows, then aliases. */
enum { FIRST_ROW = 256, FIRST_ALIAS = FIRST_ROW + OPTION_ROWS_MAX };

/* The command whose options are being parsed, as typed before --help. */
static const char *command_name = "pfetch";

static _Noreturn void point_to_help(void)
{
	fprintf(stderr, "Try '%s --help' for more information.\n",
		command_name);
	exit(EXIT_STATUS_USAGE);
}

void options_usage_error(const char *format, ...)
{
	va_list arguments;

	char *message;

	va_start(arguments, format);
	message = memory_vformat(format, arguments);
	va_end(arguments);
	fatal_warn("%s%s", config_place(), message);
	free(message);
	point_to_help();
}

static void set_defaults(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->queue = settings->loops = SETTINGS_UNSET;
	settings->max_cooldown_ms = settings->max_jobs = SETTINGS_UNSET;
	settings->compare.runs = settings->compare.max_runs = SETTINGS_UNSET;
	settings->compare.seed = SETTINGS_UNSET;
	settings->end.max_failures = SETTINGS_UNSET;
	settings->end.max_failures_ppm = SETTINGS_UNSET;
	for (const struct option_row *row = option_table; row->name; row++) {
		if (row->initial != NULL)
			option_store(row, &(struct option_value){
				.name = row->name, .text = row->initial,
				.length = strlen(row->initial),
			}, settings);
	}
}

/* ---- the command line ---- */

/* One command's rows in the form that getopt_long(3) needs. */
struct getopt_tables {
	char letters[3 * OPTION_ROWS_MAX + 1];
	struct option names[OPTION_ROWS_MAX + OPTION_ALIASES_MAX + 1];
};

static int argument_of(const struct option_row *row)
{
	return row->argument == NULL ? no_argument
	       : row->kind == KIND_MAYBE ? optional_argument
					 : required_argument;
}

/* The value that stands for ROW as a long option. */
static int number_of(const struct option_row *row)
{
	return FIRST_ROW + (int)(row - option_table);
}

/* Adds the aliases of COMMAND's options at NAME.  An alias that means exactly
 * the same as its option gets the option's value, so that an abbreviation that
 * matches both is not ambiguous. */
static void add_aliases(enum options_command command, struct option *name)
{
	for (int i = 0; option_aliases[i].name != NULL; i++) {
		const struct option_alias *alias = &option_aliases[i];
		const struct option_row *row = alias->row != NULL
			? option_find(command, alias->row) : NULL;

		if (alias->row != NULL && row == NULL)
			continue;
		if (row == NULL && command == OPTIONS_ORIGIN)
			continue;
		name->name = alias->name;
		name->has_arg = row != NULL ? argument_of(row)
					    : required_argument;
		name++->val = row != NULL && alias->more == 0
				      ? number_of(row) : FIRST_ALIAS + i;
	}
}

static void make_getopt_tables(enum options_command command,
			       struct getopt_tables *tables)
{
	char *letter = tables->letters;
	struct option *name = tables->names;

	memset(tables, 0, sizeof(*tables));
	for (const struct option_row *row = option_table; row->name; row++) {
		if ((row->commands & command) == 0)
			continue;
		name->name = row->name;
		name->has_arg = argument_of(row);
		name++->val = number_of(row);
		if (row->letter == '\0')
			continue;
		*letter++ = row->letter;
		if (row->argument != NULL)
			*letter++ = ':';
		if (row->kind == KIND_MAYBE)
			*letter++ = ':';
	}
	add_aliases(command, name);
}

/* The row that getopt's VALUE stands for, or NULL.  Sets *MORE to what must be
 * added to the option's argument, and *IS_OPERAND to whether VALUE stands not
 * for an option but for a list. */
static const struct option_row *row_of(enum options_command command,
				       int value, uint64_t *more,
				       bool *is_operand)
{
	*more = 0;
	*is_operand = false;
	if (value >= FIRST_ALIAS) {
		const struct option_alias *alias =
			&option_aliases[value - FIRST_ALIAS];

		*more = alias->more;
		*is_operand = alias->row == NULL;
		return *is_operand ? NULL : option_find(command, alias->row);
	}
	if (value >= FIRST_ROW)
		return &option_table[value - FIRST_ROW];
	return option_find_letter(command, value);
}

/* getopt_long(3) can't express wget's -nH. */
static void replace_nh(int count, char **arguments)
{
	static char name[] = "--no-host-directories";

	for (int i = 1; i < count && strcmp(arguments[i], "--") != 0; i++) {
		if (strcmp(arguments[i], "-nH") == 0)
			arguments[i] = name;
	}
}

enum options_action options_parse(enum options_command command, int count,
				  char **originals, struct settings *settings,
				  struct text_list *operands)
{
	char **arguments = secrets_copy_arguments(count, originals);
	/* Lives as long as the program. */
	static struct text_list lists;
	struct getopt_tables tables;
	int value, index = -1; /* in the table of long names */

	if (command == OPTIONS_COMPARE)
		command_name = "pfetch compare";
	if (command == OPTIONS_ORIGIN)
		command_name = "pfetch origin";
	set_defaults(settings);
	replace_nh(count, arguments);
	make_getopt_tables(command, &tables);
	while ((value = getopt_long(count, arguments, tables.letters,
				    tables.names, &index)) != -1) {
		const char *name = index >= 0 ? tables.names[index].name
					      : NULL;
		bool is_operand;
		uint64_t more;
		const struct option_row *row = row_of(command, value, &more,
						      &is_operand);

		index = -1;
		if (is_operand) {
			text_list_add(&lists, optarg);
			continue;
		}
		if (row == NULL) /* getopt has printed the error */
			point_to_help();
		if (row->kind == KIND_ACTION)
			return (enum options_action)row->minimum;
		if (row->kind == KIND_CONFIG)
			config_read(command, optarg, settings, &lists);
		else
			option_store(row, &(struct option_value){
				.name = name != NULL ? name : row->name,
				.text = optarg,
				.length = optarg != NULL ? strlen(optarg) : 0,
				.more = more,
			}, settings);
	}
	for (int i = optind; i < count; i++)
		text_list_add(&lists, arguments[i]);
	for (size_t i = 0; i < lists.count; i++)
		secrets_hide_password(lists.texts[i]);
	options_check(command, settings);
	options_fill_in(settings);
	*operands = lists;
	return ACTION_RUN;
}

