/*
 * The options; see options.h.
 *
 * Each row of the table is an option: how it is called, what it takes, where
 * its value goes, its range, its default as one would type it, and its help.
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

#include "base/fatal.h"
#include "base/memory.h"
#include "base/units.h"
#include "strategy/strategy.h"

enum kind {
	KIND_FLAG,      /* bool */
	KIND_COUNT,     /* uint64_t */
	KIND_SIZE,      /* uint64_t, bytes */
	KIND_SECONDS,   /* uint64_t, milliseconds */
	KIND_FINE,      /* uint64_t, microseconds */
	KIND_PERCENT,   /* uint64_t, thousandths of a percent */
	KIND_TEXT,      /* const char *, not empty */
	KIND_MAYBE,     /* const char *; "" when none is given */
	KIND_STRATEGY,  /* const char *, a strategy's name */
	KIND_ACTION,    /* an enum options_action, in minimum */
};

struct row {
	const char *group;     /* first row of a group: its title */
	char letter;           /* or '\0' */
	const char *name;
	enum kind kind;
	const char *argument;  /* its name in the help; NULL: takes none */
	size_t offset;         /* in struct settings */
	uint64_t minimum, maximum; /* of the parsed value */
	const char *initial;   /* default, as typed; NULL: unset or off */
	const char *help;
	unsigned commands;
};

#define AT(field) offsetof(struct settings, field)
/* Of everything that runs a list, or one list once. */
#define RUNS (OPTIONS_FETCH | OPTIONS_COMPARE | OPTIONS_MEASURE)
#define ONE_RUN (OPTIONS_FETCH | OPTIONS_MEASURE)
#define ALL (OPTIONS_FETCH | OPTIONS_ORIGIN | OPTIONS_COMPARE)
#define MILLION 1000000
#define DAY_MS 86400000
#define DAY_US 86400000000

static const struct row table[] = {
{ "What to compare", 's', "strategy", KIND_TEXT, "NAME,...",
  AT(compare.strategies), 0, 0, NULL, "strategies [all]", OPTIONS_COMPARE },
{ NULL, 'j', "jobs", KIND_TEXT, "N,...", AT(compare.jobs), 0, 0,
  "1,2,5,10,50", "transfers in flight", OPTIONS_COMPARE },
{ NULL, 0, "origin", KIND_MAYBE, "SPEC", AT(compare.origin), 0, 0, NULL,
  "fetch from a server on this machine: host\n"
  "origin.test, or urls=N,latency=T,size=B", OPTIONS_COMPARE },
{ "Runs", 0, "runs", KIND_COUNT, "N", AT(compare.runs), 1, 1000, NULL,
  "exactly so many blocks [10, and 3 seconds]", OPTIONS_COMPARE },
{ NULL, 0, "max-runs", KIND_COUNT, "N", AT(compare.max_runs), 1, 1000,
  NULL, "blocks at most [100]", OPTIONS_COMPARE },
{ NULL, 0, "until-ci", KIND_PERCENT, "P", AT(compare.until_ci), 1, 100000,
  NULL, "... until intervals are within P% of medians",
  OPTIONS_COMPARE },
{ NULL, 0, "seed", KIND_COUNT, "N", AT(compare.seed), 0, UINT64_MAX - 1,
  NULL, "for the order of the runs [random]", OPTIONS_COMPARE },
{ NULL, 0, "keep", KIND_TEXT, "DIR", AT(compare.keep), 0, 0, NULL,
  "keep all bodies of all runs there", OPTIONS_COMPARE },
{ NULL, 'y', "yes", KIND_FLAG, NULL, AT(compare.yes), 0, 0, NULL,
  "do not ask before asking other hosts", OPTIONS_COMPARE },
{ "Results", 0, "chart", KIND_FLAG, NULL, AT(compare.chart), 0, 0, NULL,
  "draw bars and time lines too", OPTIONS_COMPARE },
{ NULL, 0, "report", KIND_TEXT, "FILE", AT(compare.report), 0, 0, NULL,
  "write a page with charts (HTML)", OPTIONS_COMPARE },
{ NULL, 0, "export-json", KIND_TEXT, "FILE", AT(compare.json), 0, 0, NULL,
  "write all samples, in hyperfine's form and more", OPTIONS_COMPARE },
{ NULL, 0, "export-csv", KIND_TEXT, "FILE", AT(compare.csv), 0, 0, NULL,
  "write the table as CSV", OPTIONS_COMPARE },
{ NULL, 0, "export-markdown", KIND_TEXT, "FILE", AT(compare.markdown), 0, 0,
  NULL, "write the table as Markdown", OPTIONS_COMPARE },
{ NULL, 0, "trace", KIND_TEXT, "DIR", AT(compare.trace), 0, 0, NULL,
  "write a trace of each, for ui.perfetto.dev", OPTIONS_COMPARE },
{ "Measuring", 0, "measure-fd", KIND_COUNT, "N", AT(measure_fd), 3, INT32_MAX,
  NULL, "where the record goes", OPTIONS_MEASURE },
{ NULL, 0, "stay", KIND_FLAG, NULL, AT(stay), 0, 0,
  NULL, "follow no redirect to another machine", OPTIONS_MEASURE },
{ NULL, 0, "origin-port", KIND_COUNT, "N", AT(origin_port), 0, 65535,
  "0", "of the server for host origin.test", OPTIONS_MEASURE },
{ "Concurrency", 's', "strategy", KIND_STRATEGY, "NAME", AT(strategy), 0, 0,
  "event", "see --list-strategies", ONE_RUN },
{ NULL, 'j', "jobs", KIND_COUNT, "N", AT(jobs), 1, 10000,
  "16", "transfers in flight", ONE_RUN },
{ NULL, 0, "queue", KIND_COUNT, "N", AT(queue), 0, MILLION,
  NULL, "entries read ahead of the workers [jobs]", RUNS },
{ NULL, 0, "loops", KIND_COUNT, "N", AT(loops), 1, 1024,
  NULL, "event loops of strategy loops [one a core]", RUNS },
{ "List", '0', "null", KIND_FLAG, NULL, AT(null_separated), 0, 0,
  NULL, "entries end in NUL, not newline", RUNS },
{ "Output", 'P', "directory-prefix", KIND_TEXT, "DIR", AT(directory), 0, 0,
  ".", "where files go; made if missing", ONE_RUN },
{ NULL, 'O', "output-document", KIND_TEXT, "FILE", AT(output_document), 0, 0,
  NULL, "all bodies, in list order; - is stdout", OPTIONS_FETCH },
{ NULL, 0, "discard", KIND_FLAG, NULL, AT(discard), 0, 0,
  NULL, "count the bytes, keep nothing", ONE_RUN },
{ NULL, 'q', "quiet", KIND_FLAG, NULL, AT(quiet), 0, 0,
  NULL, "report failures only", OPTIONS_FETCH },
{ NULL, 'v', "verbose", KIND_FLAG, NULL, AT(verbose), 0, 0,
  NULL, "also report phases, file names and totals", OPTIONS_FETCH },
{ NULL, 0, "trace", KIND_TEXT, "FILE", AT(trace), 0, 0,
  NULL, "write a trace, for ui.perfetto.dev", ONE_RUN },
{ "Retries and limits", 't', "tries", KIND_COUNT, "N", AT(tries), 1, 1000,
  "3", "tries for what can pass", RUNS },
{ NULL, 0, "retry-max-wait", KIND_SECONDS, "SECONDS", AT(retry_max_wait_ms),
  0, DAY_MS, "60", "cap of back-off and Retry-After", RUNS },
{ NULL, 0, "connect-timeout", KIND_SECONDS, "SECONDS", AT(connect_timeout_ms),
  1, DAY_MS, "15", "to look up, connect and shake hands", RUNS },
{ NULL, 0, "stall-timeout", KIND_SECONDS, "SECONDS", AT(stall_timeout_ms),
  0, DAY_MS, "30", "below 100 bytes/s so long; 0: never", RUNS },
{ NULL, 0, "max-time", KIND_SECONDS, "SECONDS", AT(max_time_ms), 0, DAY_MS,
  "0", "for one try as a whole; 0: no limit", RUNS },
{ NULL, 0, "max-redirect", KIND_COUNT, "N", AT(max_redirect), 0, 1000,
  "20", "redirects followed", RUNS },
{ NULL, 0, "max-size", KIND_SIZE, "BYTES", AT(max_size), 0, INT64_MAX,
  "0", "of a body; K, M, G; 0: no limit", RUNS },
{ NULL, 0, "max-header", KIND_SIZE, "BYTES", AT(max_header), 1024,
  1024 * MILLION, "256K", "of all headers and trailers of a try",
  RUNS },
{ "Connection", 0, "http2", KIND_FLAG, NULL, AT(http2), 0, 0,
  NULL, "offer HTTP/2 over TLS", RUNS },
{ NULL, 0, "ca-certificate", KIND_TEXT, "FILE", AT(ca_certificate), 0, 0,
  NULL, "trust these CAs only [the system's]", RUNS },
{ NULL, 0, "origin", KIND_FLAG, NULL, AT(origin), 0, 0,
  NULL, "start the built-in server for host origin.test", OPTIONS_FETCH },
{ "Made-up work", 0, "cpu-work", KIND_FINE, "SECONDS", AT(cpu_work_us), 0,
  DAY_US, "0", "of CPU time for each body, in its worker", RUNS },
{ NULL, 0, "gil", KIND_FLAG, NULL, AT(gil), 0, 0,
  NULL, "... one at a time in a process, under a lock", RUNS },
{ NULL, 0, "offload", KIND_COUNT, "N", AT(offload), 0, 1024,
  "0", "... by N threads of each event loop", RUNS },
{ "Server", 0, "port", KIND_COUNT, "N", AT(port), 0, 65535,
  "0", "listen on this port of 127.0.0.1; 0: any", OPTIONS_ORIGIN },
{ "Information", 0, "list-strategies", KIND_ACTION, NULL, 0,
  ACTION_LIST_STRATEGIES, 0, NULL, "print the strategies and exit",
  OPTIONS_FETCH },
{ NULL, 'h', "help", KIND_ACTION, NULL, 0, ACTION_HELP, 0,
  NULL, "print this help and exit", ALL },
{ NULL, 'V', "version", KIND_ACTION, NULL, 0, ACTION_VERSION, 0,
  NULL, "print the versions and exit", ALL },
};

enum { ROWS = sizeof(table) / sizeof(*table), FIRST_LONG = 256 };

/* As typed before --help, for the command whose options are parsed. */
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

/* The kinds that are numbers: how each is read, what it is called, and the
 * unit in which it is kept. */
static const struct {
	int (*parse)(const char *text, uint64_t *value);
	const char *noun, *unit;
} numbers[] = {
	[KIND_COUNT] = { units_parse_count, "number", "" },
	[KIND_SIZE] = { units_parse_size, "size", "" },
	[KIND_SECONDS] = { units_parse_seconds, "time", "ms" },
	[KIND_FINE] = { units_parse_fine_seconds, "time", "us" },
	[KIND_PERCENT] = { units_parse_percent, "percentage", "/1000 %" },
};

static void store_number(const struct row *row, const char *text, void *field)
{
	const char *unit = numbers[row->kind].unit;
	uint64_t value;

	if (numbers[row->kind].parse(text, &value) != 0)
		options_usage_error("invalid %s for --%s: '%s'",
				    numbers[row->kind].noun, row->name, text);
	if (value < row->minimum || value > row->maximum)
		options_usage_error("--%s is out of range (%" PRIu64
				    " to %" PRIu64 "%s%s): '%s'", row->name,
				    row->minimum, row->maximum,
				    *unit != '\0' ? " " : "", unit, text);
	memcpy(field, &value, sizeof(value));
}

/* Stores TEXT as the value of ROW. */
static void store(const struct row *row, const char *text,
		  struct settings *settings)
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
	case KIND_MAYBE:
		*(const char **)field = text != NULL ? text : "";
		break;
	case KIND_TEXT:
		if (*text == '\0')
			options_usage_error("--%s needs a value", row->name);
		*(const char **)field = text;
		break;
	case KIND_ACTION:
		break;
	default:
		store_number(row, text, field);
	}
}

static void set_defaults(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->queue = settings->loops = SETTINGS_UNSET;
	settings->compare.runs = settings->compare.max_runs = SETTINGS_UNSET;
	settings->compare.seed = SETTINGS_UNSET;
	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].initial != NULL)
			store(&table[i], table[i].initial, settings);
	}
}

/* What getopt_long(3) wants, for the rows of COMMAND. */
struct getopt_tables {
	char letters[2 * ROWS + 1];
	struct option names[ROWS + 1];
};

static void make_getopt_tables(enum options_command command,
			       struct getopt_tables *tables)
{
	char *letter = tables->letters;
	struct option *name = tables->names;

	memset(tables, 0, sizeof(*tables));
	for (int i = 0; i < ROWS; i++) {
		const struct row *row = &table[i];

		if ((row->commands & command) == 0)
			continue;
		name->name = row->name;
		name->has_arg = row->argument == NULL ? no_argument
				: row->kind == KIND_MAYBE ? optional_argument
				: required_argument;
		name++->val = FIRST_LONG + i;
		if (row->letter == '\0')
			continue;
		*letter++ = row->letter;
		if (row->argument != NULL)
			*letter++ = ':';
	}
}

static const struct row *row_of(enum options_command command, int value)
{
	for (int i = 0; i < ROWS; i++) {
		if (value == FIRST_LONG + i ||
		    ((table[i].commands & command) != 0 &&
		     table[i].letter != '\0' && value == table[i].letter))
			return &table[i];
	}
	return NULL;
}

/* What makes no sense together is a slip that should be told. */
static void check_together(const struct settings *settings)
{
	const struct compare_settings *compare = &settings->compare;

	if ((settings->gil || settings->offload > 0) &&
	    settings->cpu_work_us == 0)
		options_usage_error("--%s needs --cpu-work",
				    settings->gil ? "gil" : "offload");
	if (compare->runs != SETTINGS_UNSET &&
	    (compare->until_ci > 0 || compare->max_runs != SETTINGS_UNSET))
		options_usage_error("--runs is an exact number: it goes with "
				    "neither --max-runs nor --until-ci");
}

enum options_action options_parse(enum options_command command, int count,
				  char **arguments, struct settings *settings,
				  int *rest)
{
	struct getopt_tables tables;
	int value;

	if (command == OPTIONS_COMPARE)
		command_name = "pfetch compare";
	if (command == OPTIONS_ORIGIN)
		command_name = "pfetch origin";
	set_defaults(settings);
	make_getopt_tables(command, &tables);
	while ((value = getopt_long(count, arguments, tables.letters,
				    tables.names, NULL)) != -1) {
		const struct row *row = row_of(command, value);

		if (row == NULL) /* getopt has said what is wrong */
			point_to_help();
		if (row->kind == KIND_ACTION)
			return (enum options_action)row->minimum;
		store(row, optarg, settings);
	}
	check_together(settings);
	*rest = optind;
	return ACTION_RUN;
}

/* A newline in the help goes on under its first line. */
static void print_help(const char *help)
{
	for (; *help != '\0'; help++) {
		putchar(*help);
		if (*help == '\n')
			printf("%32s", "");
	}
}

static void print_row(const struct row *row)
{
	char left[48];
	bool maybe = row->kind == KIND_MAYBE;

	snprintf(left, sizeof(left), "  %c%c%c --%s%s%s%s",
		 row->letter != '\0' ? '-' : ' ',
		 row->letter != '\0' ? row->letter : ' ',
		 row->letter != '\0' ? ',' : ' ', row->name,
		 row->argument == NULL ? "" : maybe ? "[=" : "=",
		 row->argument != NULL ? row->argument : "",
		 maybe ? "]" : "");
	printf("%-31s ", left);
	print_help(row->help);
	if (row->initial != NULL && strcmp(row->initial, "0") != 0)
		printf(" [%s]", row->initial);
	putchar('\n');
}

void options_print(enum options_command command)
{
	const char *group = NULL;

	for (size_t i = 0; i < ROWS; i++) {
		if (table[i].group != NULL)
			group = table[i].group;
		if ((table[i].commands & command) == 0)
			continue;
		if (group != NULL)
			printf("%s:\n", group);
		group = NULL;
		print_row(&table[i]);
	}
}

/* The argument that gives ROW the value that it has in SETTINGS; NULL when it
 * is as it is without any. */
static char *forward_row(const struct row *row,
			 const struct settings *settings)
{
	const void *field = (const char *)settings + row->offset;
	const char *text;
	uint64_t number;

	switch (row->kind) {
	case KIND_FLAG:
		return *(const bool *)field ? memory_format("--%s", row->name)
					    : NULL;
	case KIND_TEXT:
		text = *(const char *const *)field;
		return text != NULL ? memory_format("--%s=%s", row->name, text)
				    : NULL;
	default:
		memcpy(&number, field, sizeof(number));
		if (number == SETTINGS_UNSET)
			return NULL;
		return memory_format("--%s=%" PRIu64 "%s", row->name, number,
				     numbers[row->kind].unit);
	}
}

char **options_forward(const struct settings *settings)
{
	char **arguments = memory_zeroed((ROWS + 1) * sizeof(char *));
	size_t count = 0;

	for (size_t i = 0; i < ROWS; i++) {
		if ((table[i].commands & RUNS) != RUNS)
			continue;
		arguments[count] = forward_row(&table[i], settings);
		count += arguments[count] != NULL;
	}
	return arguments;
}
