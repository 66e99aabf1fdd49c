/* pfetch compare [OPTION]... [LIST|URL]...: measures the strategies. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/evbase.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "base/terminal.h"
#include "cmd/command.h"
#include "cmd/config-file.h"
#include "cmd/options.h"
#include "cmd/outputs.h"
#include "core/stop.h"
#include "lab/present/chart.h"
#include "lab/experiment.h"
#include "lab/present/export.h"
#include "lab/present/page.h"
#include "lab/summary.h"
#include "lab/present/tables.h"
#include "output/escape.h"

static void print_help(bool all)
{
	puts("Usage: pfetch compare [OPTION]... [LIST|URL]...\n"
	     "\n"
	     "Fetch the same list under several strategies and numbers of "
	     "jobs, and say which\nto use.\n"
	     "\n"
	     "  pfetch compare -j 1,5,50 urls.txt\n"
	     "      all strategies on your own list, with 1, 5 and 50 jobs\n"
	     "  pfetch compare --origin=urls=50,latency=50ms\n"
	     "      all strategies on 50 generated URLs, without a network\n"
	     "\n"
	     "A combination is a strategy with a number of jobs. Each run is a "
	     "process of its\nown; a block consists of one run of each "
	     "combination, in random order. Bodies\nare hashed and "
	     "discarded.");
	options_print(OPTIONS_COMPARE, all);
	puts("\n" OPTIONS_NOTE "\n"
	     "Exit status: 0 compared; 1 some runs were left out, or nothing "
	     "could be\ncompared; 2 usage or unreadable list; 3 local file or "
	     "resource.\n"
	     "\n"
	     "A manual page pfetch(1) is planned; for now, see README.md and\n"
	     "docs/experiments.md.");
}

/* ---- before the comparison ---- */

/* Asks the user at the terminal for a yes or no. */
static bool ask(void)
{
	char answer[16];

	fputs("Continue? [y/N] ", stderr);
	fflush(stderr);
	return fgets(answer, sizeof(answer), stdin) != NULL &&
	       (answer[0] == 'y' || answer[0] == 'Y');
}

/* pfetch is not a load generator: it sends requests to other people's machines
 * only once the user knows how many there will be. */
static void check_consent(const struct experiment *experiment)
{
	const struct workload *workload = experiment->workload;
	const struct compare_settings *compare = &experiment->settings->compare;
	uint64_t least = experiment_requests(experiment, workload->remote,
					     false);
	uint64_t most = experiment_requests(experiment, workload->remote, true);

	if (workload->remote == 0)
		return;
	fprintf(stderr, "pfetch: this will send %" PRIu64, least);
	if (most > least)
		fprintf(stderr, " to %" PRIu64, most);
	fputs(" requests to other machines, plus redirects and retries:",
	      stderr);
	for (size_t i = 0; i < workload->host_count; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "",
			workload->hosts[i]);
	fputs(workload->more_hosts ? " and more\n" : "\n", stderr);
	if (compare->yes)
		return;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		fatal(EXIT_STATUS_USAGE, "can't ask for confirmation without a "
		      "terminal; use --yes to confirm");
	if (!ask())
		exit(EXIT_STATUS_OTHER);
}

/* ---- after the comparison ---- */

/* Where and how the results are printed. */
struct display {
	FILE *out;
	int columns;
	bool coloured, verbose;
};

static void print_grid(const struct display *display, struct grid *grid)
{
	grid_print(grid, display->coloured, display->out);
	grid_free(grid);
	putc('\n', display->out);
}

/* Prints TEXT and frees it. */
static void print_text(const struct display *display, char *text)
{
	fputs(text, display->out);
	if (*text != '\0')
		putc('\n', display->out);
	free(text);
}

static void print_tables(const struct display *display,
			 const struct summary *summary)
{
	print_grid(display, tables_overview(summary));
	if (summary->best != NULL)
		fputs("> recommended; * within 5 % of it\n\n", display->out);
	for (const struct table *table = tables;
	     display->verbose && table->title != NULL; table++) {
		fprintf(display->out, "%s\n", table->title);
		print_grid(display, tables_make(table, summary));
	}
	print_text(display, tables_needs(summary, display->verbose));
}

static void print_answer(const struct display *display,
			 const struct summary *summary)
{
	fprintf(display->out, "%s%s%s\n", display->coloured ? "\033[1m" : "",
		summary->verdict, display->coloured ? "\033[0m" : "");
}

/* The answer comes first, for those who read from the top, and is repeated at
 * the end, next to the shell's prompt. */
static void print_summary(const struct display *display,
			  const struct summary *summary)
{
	print_answer(display, summary);
	putc('\n', display->out);
	print_text(display, tables_describe(summary));
	print_tables(display, summary);
	if (summary->experiment->settings->compare.chart)
		chart_print(summary, display->columns, display->out);
	if (summary->reason[0] != '\0')
		fprintf(display->out, "%s\n", summary->reason);
	print_answer(display, summary);
}

/* If an export goes to standard output, the text goes to standard error. */
static struct display make_display(const struct settings *settings)
{
	const struct compare_settings *compare = &settings->compare;
	FILE *out = outputs_use_stdout(compare) ? stderr : stdout;

	return (struct display){
		.out = out,
		.columns = terminal_columns(fileno(out)),
		.coloured = terminal_is_coloured(fileno(out), compare->colour),
		.verbose = settings->verbose,
	};
}

static int report(const struct experiment *experiment)
{
	const struct compare_settings *compare = &experiment->settings->compare;
	struct display display = make_display(experiment->settings);
	struct summary summary;
	int status;
	bool written;

	if (experiment->blocks == 0) {
		fatal_warn("interrupted before the first block was complete");
		return EXIT_STATUS_OTHER;
	}
	summary_make(&summary, experiment);
	print_summary(&display, &summary);
	/* Each export is attempted even if another one fails. */
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

/* A copy of the command line for the reports, without passwords. */
static char **mask_arguments(int count, char *const *arguments)
{
	char **masked = memory_zeroed((size_t)(count + 1) * sizeof(char *));

	/* These are not parsed as URLs yet; ESCAPE_REFUSED masks the login
	 * however a URL may be read. */
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

/* The arguments that pass SETTINGS on to a run.  They are in a file, as some
 * may be secret. */
static char **make_options(const struct settings *settings)
{
	char **options = memory_zeroed(2 * sizeof(*options));
	int fd = config_write(settings);

	if (fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot pass the options on: %s",
		      strerror(errno));
	options[0] = memory_format("--config=/dev/fd/%d", fd);
	return options;
}

static int compare(const struct settings *settings, char *const *arguments,
		   char *const *operands, size_t count)
{
	char **options = make_options(settings);
	struct experiment experiment;
	struct workload workload;
	int status, signal, stop_fd;

	/* Each run executes this same program. */
	if (access("/proc/self/exe", X_OK) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot compare without /proc: %s",
		      strerror(errno));
	evbase_silence();
	workload_open(&workload, settings, operands, count);
	workload_survey(&workload, settings);
	if (workload.entries == 0)
		fatal(EXIT_STATUS_USAGE, "the list is empty");
	experiment_open(&experiment, settings, &workload, options);
	experiment.arguments = arguments;
	outputs_check(&experiment, operands, count);
	check_consent(&experiment);
	stop_fd = stop_catch();
	if (stop_fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot install signal handlers: %s",
		      strerror(errno));
	experiment_run(&experiment, stop_fd);
	/* Only the results remain to be written, and a signal may stop
	 * that. */
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

int command_compare(int count, char **arguments)
{
	static struct settings settings; /* so that its texts are not lost */
	struct text_list lists;
	const char *origin;
	char **masked;
	int status;

	if (command_informs(options_parse(OPTIONS_COMPARE, count, arguments,
					  &settings, &lists), print_help))
		return EXIT_STATUS_OK;
	origin = settings.compare.origin;
	if (lists.count == 0 && (origin == NULL || *origin == '\0'))
		options_usage_error("no list or URL given");
	siphash_seed();
	masked = mask_arguments(count - 1, arguments + 1);
	status = compare(&settings, masked, lists.texts, lists.count);
	free_list(masked);
	return status;
}
