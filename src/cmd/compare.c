/* pfetch compare [OPTION]... [LIST|URL]...: measures the strategies. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/evbase.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "core/stop.h"
#include "lab/chart.h"
#include "lab/experiment.h"
#include "lab/export.h"
#include "lab/page.h"
#include "lab/summary.h"
#include "lab/tables.h"
#include "output/escape.h"

static void print_help(void)
{
	puts("Usage: pfetch compare [OPTION]... [LIST|URL]...\n"
	     "Fetch the same list under several strategies and numbers of "
	     "jobs, each run in a\nprocess of its own, in randomised blocks, "
	     "and tell which to use.  Bodies are\ndigested and discarded.");
	options_print(OPTIONS_COMPARE);
	puts("Exit status: 0 compared; 1 runs were left out or nothing could "
	     "be compared;\n2 usage or list; 3 file or resource.");
}

/* ---- before ---- */

/* Whether FILE (NULL: none) can be written, so that this is known before the
 * minutes that a comparison takes.  A file that is there stays as it is. */
static void check_writable(const char *file)
{
	struct stat status;
	bool there;
	int fd;

	if (file == NULL || strcmp(file, "-") == 0)
		return;
	there = stat(file, &status) == 0;
	/* A pipe's reader would take this for all that comes. */
	if (there && !S_ISREG(status.st_mode))
		return;
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	if (fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write '%s': %s", file,
		      strerror(errno));
	close(fd);
	if (!there)
		unlink(file);
}

static void check_directory(const char *directory)
{
	int error = directory != NULL ? files_make_directories(directory) : 0;
	struct stat status;

	if (directory == NULL)
		return;
	if (error != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot make directory '%s': %s",
		      directory, strerror(error));
	if (stat(directory, &status) == 0 && !S_ISDIR(status.st_mode))
		fatal(EXIT_STATUS_LOCAL, "'%s' is not a directory", directory);
	if (access(directory, W_OK | X_OK) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write to directory '%s': %s",
		      directory, strerror(errno));
}

enum { OUTPUTS = 4 };

/* No output may write over a list, or over another output. */
static void check_apart(const char *const outputs[OUTPUTS], size_t which,
			char *const *operands, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (files_same(outputs[which], operands[i]))
			options_usage_error("'%s' is a list and an output",
					    operands[i]);
	}
	for (size_t i = 0; i < which; i++) {
		if (outputs[i] != NULL &&
		    (strcmp(outputs[i], outputs[which]) == 0 ||
		     files_same(outputs[i], outputs[which])))
			options_usage_error("'%s' is to be two outputs",
					    outputs[which]);
	}
}

static void check_outputs(const struct compare_settings *compare,
			  char *const *operands, size_t count)
{
	const char *const outputs[OUTPUTS] = {
		compare->json, compare->csv, compare->markdown,
		compare->report,
	};

	for (size_t i = 0; i < OUTPUTS; i++) {
		if (outputs[i] != NULL)
			check_apart(outputs, i, operands, count);
	}
	for (size_t i = 0; i < OUTPUTS; i++)
		check_writable(outputs[i]);
	check_directory(compare->trace);
	check_directory(compare->keep);
}

/* Whoever is at the terminal says yes or no. */
static bool ask(void)
{
	char answer[16];

	fputs("Go on? [y/N] ", stderr);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

/* pfetch is no load generator: other people's machines are asked only by
 * somebody who knows how often. */
static void check_consent(const struct experiment *experiment)
{
	const struct workload *workload = experiment->workload;
	const struct compare_settings *compare = &experiment->settings->compare;

	if (workload->remote == 0)
		return;
	fprintf(stderr, "pfetch: this makes %" PRIu64 " to %" PRIu64
		" requests, and more for redirects and retries, to other "
		"machines:",
		experiment_requests(experiment, workload->remote, false),
		experiment_requests(experiment, workload->remote, true));
	for (size_t i = 0; i < workload->host_count; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "",
			workload->hosts[i]);
	fputs(workload->more_hosts ? " and more\n" : "\n", stderr);
	if (compare->yes)
		return;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		fatal(EXIT_STATUS_USAGE, "not on a terminal: --yes says that "
		      "this is wanted");
	if (!ask())
		exit(EXIT_STATUS_OTHER);
}

/* ---- after ---- */

static void print_tables(const struct summary *summary)
{
	for (const struct table *table = tables; table->title; table++) {
		struct grid *grid = table->make(summary);

		printf("%s\n", table->title);
		grid_print(grid, stdout);
		putchar('\n');
		grid_free(grid);
	}
}

static int report(const struct experiment *experiment)
{
	const struct compare_settings *compare = &experiment->settings->compare;
	struct summary summary;
	int status;
	bool written;

	if (experiment->blocks == 0) {
		fputs("pfetch: interrupted before the first block was "
		      "complete\n", stderr);
		return EXIT_STATUS_OTHER;
	}
	summary_make(&summary, experiment);
	tables_describe(&summary, stdout);
	putchar('\n');
	print_tables(&summary);
	if (compare->chart)
		chart_print(&summary, stdout);
	if (summary.reason[0] != '\0')
		puts(summary.reason);
	puts(summary.verdict);
	/* Each is tried, whatever becomes of the others. */
	written = export_write(compare->json, export_json, &summary);
	written &= export_write(compare->csv, export_csv, &summary);
	written &= export_write(compare->markdown, export_markdown, &summary);
	written &= export_write(compare->report, page_write, &summary);
	status = summary.best == NULL || experiment->left_out > 0
			 ? EXIT_STATUS_OTHER
		 : experiment->unwritten || !written ? EXIT_STATUS_LOCAL
						      : EXIT_STATUS_OK;
	summary_free(&summary);
	return status;
}

/* What was typed, for the reports, without anybody's password. */
static char **mask_arguments(int count, char *const *arguments)
{
	char **masked = memory_zeroed((size_t)(count + 1) * sizeof(char *));

	/* Nobody has parsed them as URLs: no reading of one may leak. */
	for (int i = 0; i < count; i++)
		masked[i] = strstr(arguments[i], "://") != NULL
			? escape_mask_login(arguments[i], ESCAPE_REFUSED)
			: memory_string(arguments[i]);
	return masked;
}

static void free_list(char **list)
{
	for (size_t i = 0; list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

static int compare(const struct settings *settings, char *const *arguments,
		   char *const *operands, size_t count)
{
	char **options = options_forward(settings);
	struct experiment experiment;
	struct workload workload;
	int status, signal, stop_fd;

	evbase_silence();
	workload_open(&workload, settings, operands, count);
	workload_survey(&workload, settings);
	if (workload.entries == 0)
		fatal(EXIT_STATUS_USAGE, "the list is empty");
	experiment_open(&experiment, settings, &workload, options);
	experiment.arguments = arguments;
	check_outputs(&settings->compare, operands, count);
	check_consent(&experiment);
	stop_fd = stop_catch();
	if (stop_fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot catch signals: %s",
		      strerror(errno));
	experiment_run(&experiment, stop_fd);
	/* What is left is writing, which a signal may well cut short. */
	stop_release();
	status = report(&experiment);
	signal = experiment.signal;
	experiment_close(&experiment);
	workload_close(&workload);
	free_list(options);
	fflush(stdout);
	if (signal != 0)
		stop_die(signal);
	return status;
}

/* MASKED: what was typed, before options_parse() permutes ARGUMENTS. */
static int parse_and_compare(int count, char **arguments, char *const *masked)
{
	struct settings settings;
	const char *origin;
	int rest;

	if (command_informs(options_parse(OPTIONS_COMPARE, count, arguments,
					  &settings, &rest), print_help))
		return EXIT_STATUS_OK;
	origin = settings.compare.origin;
	if (rest == count && (origin == NULL || *origin == '\0'))
		options_usage_error("no list and no URL to compare with");
	siphash_seed();
	return compare(&settings, masked, arguments + rest,
		       (size_t)(count - rest));
}

int command_compare(int count, char **arguments)
{
	char **masked = mask_arguments(count - 1, arguments + 1);
	int status = parse_and_compare(count, arguments, masked);

	free_list(masked);
	return status;
}
