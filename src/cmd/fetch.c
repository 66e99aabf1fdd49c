/* pfetch [OPTION]... [LIST|URL]...: fetches a list of URLs. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/siphash.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/session.h"
#include "core/list.h"
#include "core/run.h"
#include "core/stop.h"
#include "core/url.h"
#include "origin/origin.h"
#include "output/escape.h"
#include "output/warc.h"
#include "strategy/strategy.h"

static void print_help(bool all)
{
	puts("Usage: pfetch [OPTION]... [LIST|URL]...\n"
	     "  or:  pfetch compare [OPTION]... [LIST|URL]...\n"
	     "  or:  pfetch origin [--port=N]\n"
	     "\n"
	     "Fetch every URL of each LIST and every URL given, with the "
	     "concurrency strategy\nof your choice.\n"
	     "\n"
	     "  pfetch -s pool -j 8 -P downloads urls.txt\n"
	     "      save every URL as a file, eight at a time\n"
	     "  producer | pfetch -O - - | consumer\n"
	     "      pass all bodies on, in the order of the list\n"
	     "\n"
	     "A LIST is a file with one http or https URL on each line; blank "
	     "lines and those\nthat begin with # are ignored. - is standard "
	     "input. An argument with :// in it\nis a URL.\n"
	     "\n"
	     "pfetch compare measures the strategies on your list, and pfetch "
	     "origin runs the\nbuilt-in server; each has its own help.");
	options_print(OPTIONS_FETCH, all);
	puts("\n" OPTIONS_NOTE "\n"
	     "Exit status: 0 if everything was fetched, though perhaps "
	     "unverified; otherwise\nthe lowest that applies: 1 bad URL, "
	     "limit exceeded or interrupted; 2 usage or\nunreadable list; "
	     "3 local file or resource; 4 network; 5 TLS; 6 authentication;\n"
	     "7 protocol error or truncated body; 8 HTTP error or bad "
	     "redirect.\n"
	     "\n"
	     "A manual page pfetch(1) is planned; for now, see README.md.\n"
	     "Report bugs in " PACKAGE_BUGREPORT ".");
}

static void print_strategies(void)
{
	for (const struct strategy *const *at = strategies; *at; at++)
		printf("%-11s %s\n", (*at)->name, (*at)->summary);
}

/* A file that the options name for writing; NAME may be NULL. */
struct output_file {
	const char *name, *what;
};

static bool is_file(const struct output_file *output)
{
	return output->name != NULL && !settings_is_stdout(output->name);
}

/* Refuses a run if OUTPUT would overwrite LIST. */
static void check_output(const char *list, const struct output_file *output)
{
	if (is_file(output) && files_same(list, output->name))
		options_usage_error("'%s' is both a list and the %s",
				    output->name, output->what);
}

static void check_list(const char *list)
{
	int error = 0;

	if (strstr(list, "://") == NULL && strcmp(list, "-") != 0)
		error = list_check(list);
	if (error != 0)
		fatal(EXIT_STATUS_USAGE, "cannot read list '%s': %s", list,
		      strerror(error));
}

static void check_pair(const struct output_file *one,
		       const struct output_file *other)
{
	if (is_file(one) && is_file(other) &&
	    files_same(one->name, other->name))
		options_usage_error("'%s' is both the %s and the %s",
				    other->name, one->what, other->what);
}

/* Refuses a run, before it begins, if a list can't be read or two of the files
 * that the options name are the same. */
static void check_files(char *const *lists, size_t count,
			const struct settings *settings)
{
	char *warc = settings->out.warc == NULL ? NULL
		: warc_file_name(settings->out.warc, 0, ".warc.gz");
	const struct output_file outputs[] = {
		{ settings->output_document, "output" },
		{ settings->trace, "trace" },
		{ settings->checksum_file, "checksum file" },
		{ settings->etags, "file of entity tags" },
		{ settings->out.json, "file of records" },
		{ settings->out.failed, "list of failed entries" },
		{ settings->out.metrics, "file of metrics" },
		{ settings->out.tar, "archive" },
		{ warc, "archive" },
		{ settings->journal.file, "journal" },
	};
	const size_t output_count = sizeof(outputs) / sizeof(*outputs);

	for (size_t i = 0; i < count; i++) {
		const char *list = strcmp(lists[i], "-") == 0 ? "/dev/stdin"
							      : lists[i];

		check_list(lists[i]);
		for (size_t j = 0; j < output_count; j++)
			check_output(list, &outputs[j]);
	}
	for (size_t i = 0; i < output_count; i++) {
		for (size_t j = i + 1; j < output_count; j++)
			check_pair(&outputs[i], &outputs[j]);
	}
	free(warc);
}

/* Refuses a base that relative lines can't be resolved against. */
static void check_base(const char *base)
{
	struct url_parser *parser = url_parser_new();
	char *url = NULL;
	const char *fault = url_parse(parser, base, &url, NULL);

	url_parser_free(parser);
	free(url);
	if (fault != NULL)
		options_usage_error("--base: '%s': %s",
				    escape_mask_login(base, ESCAPE_REFUSED),
				    fault);
}

static int fetch(struct run_request *request)
{
	struct origin_child origin = { .pid = 0 };
	int status, signal;

	/* This forks, so it must come before libcurl and any event loop. */
	if (request->settings.origin && origin_start(&origin) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot start the origin server");
	status = session_run(request, origin.port, &signal);
	if (origin.pid != 0)
		origin_stop(&origin);
	if (signal != 0)
		stop_die(signal);
	return status;
}

int command_fetch(int count, char **arguments)
{
	static char dash[] = "-";
	static char *const standard_input[] = { dash };
	struct run_request request = { .connect_to = NULL };
	struct text_list lists;
	enum options_action action;

	action = options_parse(OPTIONS_FETCH, count, arguments,
			       &request.settings, &lists);
	if (command_informs(action, print_help))
		return EXIT_STATUS_OK;
	if (action == ACTION_LIST_STRATEGIES) {
		print_strategies();
		return EXIT_STATUS_OK;
	}
	if (request.settings.trace != NULL &&
	    strcmp(request.settings.trace, "-") == 0)
		options_usage_error("a trace goes to a file, not to '-'");
	request.lists = lists.texts;
	request.list_count = lists.count;
	if (request.list_count == 0) {
		if (isatty(STDIN_FILENO))
			options_usage_error("no list or URL given");
		request.lists = standard_input;
		request.list_count = 1;
	}
	if (request.settings.base != NULL)
		check_base(request.settings.base);
	check_files(request.lists, request.list_count, &request.settings);
	siphash_seed();
	crash_set_up();
	return fetch(&request);
}
