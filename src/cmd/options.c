/*
 * Reads the options from the command line, and writes them back for the runs of
 * a comparison; see options.h.  The options themselves are in option-table.c.
 */
#include "config.h"

#include "cmd/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "base/units.h"
#include "core/host-rules.h"
#include "core/list-format.h"
#include "core/name-template.h"
#include "cmd/option-table.h"
#include "cmd/options-check.h"
#include "strategy/strategy.h"

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

	va_start(arguments, format);
	fatal_message(format, arguments);
	va_end(arguments);
	point_to_help();
}

/* ---- values ---- */

/* The kinds that are numbers: how each is parsed, what it is called, and the
 * unit in which it is stored. */
static const struct {
	int (*parse)(const char *text, uint64_t *value);
	const char *noun, *unit;
} numbers[] = {
	[KIND_COUNT] = { units_parse_number, "number", "" },
	[KIND_SIZE] = { units_parse_size, "size", "" },
	[KIND_SECONDS] = { units_parse_seconds, "time", "ms" },
	[KIND_FINE] = { units_parse_fine_seconds, "time", "us" },
	[KIND_PERCENT] = { units_parse_percent, "percentage", "/1000 %" },
	[KIND_RATE] = { units_parse_rate, "rate", "us" },
	[KIND_JOBS] = { units_parse_count, "number", "" },
};

/* MORE is added before the range is checked. */
static void store_number(const struct option_row *row, const char *name,
			 const char *text, uint64_t more, void *field)
{
	const char *unit = numbers[row->kind].unit;
	uint64_t value;

	if (numbers[row->kind].parse(text, &value) != 0)
		options_usage_error("invalid %s for --%s: '%s'",
				    numbers[row->kind].noun, name, text);
	value = value <= UINT64_MAX - more ? value + more : UINT64_MAX;
	if (value < row->minimum || value > row->maximum)
		options_usage_error("--%s is out of range (%" PRIu64
				    " to %" PRIu64 "%s%s): '%s'", name,
				    row->minimum > more ? row->minimum - more
							: 0,
				    row->maximum - more,
				    *unit != '\0' ? " " : "", unit, text);
	memcpy(field, &value, sizeof(value));
}

static void store_when(const struct option_row *row, const char *text,
		       enum terminal_colour *when)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};

	for (int i = COLOUR_AUTO; i <= COLOUR_NEVER; i++) {
		if (strcmp(text, names[i]) == 0) {
			*when = (enum terminal_colour)i;
			return;
		}
	}
	options_usage_error("--%s is auto, always or never, not '%s'",
			    row->name, text);
}

/* Stores TEXT as the value of ROW, which the user may have called by another
 * NAME. */
static void store(const struct option_row *row, const char *name,
		  const char *text, uint64_t more, struct settings *settings)
{
	void *field = (char *)settings + row->offset;

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)field = true;
		break;
	case KIND_STRATEGY:
		if (strategy_find(text) == NULL)
			options_usage_error("unknown strategy '%s'; see "
					    "--list-strategies", text);
		*(const char **)field = text;
		break;
	case KIND_DIGEST:
		if (digest_find(text) == DIGEST_KINDS)
			options_usage_error("--%s is sha256, sha512, sha1 or "
					    "md5, not '%s'", row->name, text);
		*(const char **)field = text;
		break;
	case KIND_TEMPLATE:
		if (name_template_check(text) != NULL)
			options_usage_error("--%s: '%s': %s", name, text,
					    name_template_check(text));
		*(const char **)field = text;
		break;
	case KIND_FORMAT:
		if (!list_format_is_known(text))
			options_usage_error("--%s is lines, aria2 or curl, not "
					    "'%s'", name, text);
		*(const char **)field = text;
		break;
	case KIND_HOSTS:
		if (host_rules_check(text) != NULL)
			options_usage_error("--%s: '%s': %s", name, text,
					    host_rules_check(text));
		*(const char **)field = text;
		break;
	case KIND_JOBS:
		if (strcmp(text, "auto") == 0)
			*(uint64_t *)field = SETTINGS_AUTO;
		else
			store_number(row, name, text, more, field);
		break;
	case KIND_MAYBE:
		*(const char **)field = text != NULL ? text : "";
		break;
	case KIND_TEXT:
		if (*text == '\0')
			options_usage_error("--%s needs a value", name);
		*(const char **)field = text;
		break;
	case KIND_WHEN:
		store_when(row, text, field);
		break;
	case KIND_ACTION:
		break;
	default:
		store_number(row, name, text, more, field);
	}
}

static void set_defaults(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->queue = settings->loops = SETTINGS_UNSET;
	settings->max_cooldown_ms = settings->max_jobs = SETTINGS_UNSET;
	settings->compare.runs = settings->compare.max_runs = SETTINGS_UNSET;
	settings->compare.seed = SETTINGS_UNSET;
	for (const struct option_row *row = option_table; row->name; row++) {
		if (row->initial != NULL)
			store(row, row->name, row->initial, 0, settings);
	}
}

/* ---- the command line ---- */

/* One command's rows in the form that getopt_long(3) needs. */
struct getopt_tables {
	char letters[2 * OPTION_ROWS_MAX + 1];
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
	}
	add_aliases(command, name);
}

static const struct option_row *row_of_letter(enum options_command command,
					      int letter)
{
	for (const struct option_row *row = option_table; row->name; row++) {
		if ((row->commands & command) != 0 && row->letter != '\0' &&
		    row->letter == letter)
			return row;
	}
	return NULL;
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
	return row_of_letter(command, value);
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
				  char **arguments, struct settings *settings,
				  int *rest)
{
	struct getopt_tables tables;
	char **lists = memory_zeroed((size_t)count * sizeof(*lists));
	size_t list_count = 0;
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
			lists[list_count++] = optarg;
			continue;
		}
		if (row == NULL) /* getopt has printed the error */
			point_to_help();
		if (row->kind == KIND_ACTION) {
			free(lists);
			return (enum options_action)row->minimum;
		}
		store(row, name != NULL ? name : row->name, optarg, more,
		      settings);
	}
	options_check(command, settings);
	options_fill_in(settings);
	/* The options took up at least as many arguments as there are lists. */
	*rest = optind - (int)list_count;
	for (size_t i = 0; i < list_count; i++)
		arguments[*rest + (int)i] = lists[i];
	free(lists);
	return ACTION_RUN;
}

/* ---- for the runs of a comparison ---- */

/* A rate is stored as an interval. */
static char *forward_rate(const struct option_row *row, uint64_t interval_us)
{
	return interval_us == 0 ? NULL
		: memory_format("--%s=%.3f/h", row->name,
				3600e6 / (double)interval_us);
}

/* The argument that sets ROW to its value in SETTINGS, or NULL if the option is
 * off or unset. */
static char *forward_row(const struct option_row *row,
			 const struct settings *settings)
{
	const void *field = (const char *)settings + row->offset;
	const char *text;
	uint64_t number;

	switch (row->kind) {
	case KIND_FLAG:
		return *(const bool *)field ? memory_format("--%s", row->name)
					    : NULL;
	case KIND_TEXT: case KIND_HOSTS: case KIND_TEMPLATE:
	case KIND_FORMAT:
		text = *(const char *const *)field;
		return text != NULL ? memory_format("--%s=%s", row->name, text)
				    : NULL;
	default:
		memcpy(&number, field, sizeof(number));
		if (number == SETTINGS_UNSET)
			return NULL;
		if (row->kind == KIND_RATE)
			return forward_rate(row, number);
		return memory_format("--%s=%" PRIu64 "%s", row->name, number,
				     numbers[row->kind].unit);
	}
}

/* Whether both a comparison and each of its runs take ROW. */
static bool is_common(const struct option_row *row)
{
	const unsigned runs = OPTIONS_COMPARE | OPTIONS_MEASURE;

	return (row->commands & runs) == runs;
}

char **options_forward(const struct settings *settings)
{
	char **arguments = memory_zeroed((OPTION_ROWS_MAX + 1) *
					 sizeof(char *));
	size_t count = 0;

	for (const struct option_row *row = option_table; row->name; row++) {
		if (!is_common(row))
			continue;
		arguments[count] = forward_row(row, settings);
		count += arguments[count] != NULL;
	}
	return arguments;
}
