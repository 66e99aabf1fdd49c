/* pfetch [OPTION]... [LIST|URL]...: fetches a list of URLs. */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/siphash.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/session.h"
#include "core/list.h"
#include "core/run.h"
#include "core/stop.h"
#include "origin/origin.h"
#include "strategy/strategy.h"

static void print_help(void)
{
	puts("Usage: pfetch [OPTION]... [LIST|URL]...\n"
	     "  or:  pfetch compare [OPTION]... [LIST|URL]...\n"
	     "  or:  pfetch origin [--port=N]\n"
	     "\n"
	     "Fetch every URL of each LIST (a file with one URL a line; - is "
	     "standard\ninput) and every URL given, with the concurrency "
	     "strategy of your choice.\n"
	     "\n"
	     "  pfetch -s pool -j 8 -P downloads urls.txt\n"
	     "      save every URL as a file, eight at a time\n"
	     "  producer | pfetch -O - - | consumer\n"
	     "      pass all bodies on, in the order of the list");
	options_print(OPTIONS_FETCH);
	puts("\n"
	     "Defaults are in brackets. Sizes take K, M and G; times are in "
	     "seconds, unless\nthey end in ms.\n"
	     "\n"
	     "Exit status: 0 if everything was fetched; otherwise the lowest "
	     "that applies:\n1 other, 2 usage or unreadable list, 3 local file "
	     "or resource, 4 network,\n5 TLS, 6 authentication, 7 protocol, "
	     "8 error response from a server.\n"
	     "\n"
	     "A manual page pfetch(1) is planned; for now, see README.md.\n"
	     "Report bugs to: " PACKAGE_BUGREPORT);
}

static void print_strategies(void)
{
	for (const struct strategy *const *at = strategies; *at; at++)
		printf("%-11s %s\n", (*at)->name, (*at)->summary);
}

/* Refuses a run, before it begins, if a list can't be read or would be
 * overwritten by an output that the options name. */
static void check_lists(char *const *lists, size_t count,
			const struct settings *settings)
{
	const char *document = settings->output_document;
	const char *trace = settings->trace;

	for (size_t i = 0; i < count; i++) {
		int error = 0;

		if (strstr(lists[i], "://") == NULL &&
		    strcmp(lists[i], "-") != 0)
			error = list_check(lists[i]);
		if (error == 0 && document != NULL &&
		    files_same(lists[i], document))
			options_usage_error("'%s' is both a list and the "
					    "output", document);
		if (error == 0 && trace != NULL &&
		    files_same(lists[i], trace))
			options_usage_error("'%s' is both a list and the "
					    "trace", trace);
		if (error != 0)
			fatal(EXIT_STATUS_USAGE, "cannot read list '%s': %s",
			      lists[i], strerror(error));
	}
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
	enum options_action action;
	int rest;

	action = options_parse(OPTIONS_FETCH, count, arguments,
			       &request.settings, &rest);
	if (command_informs(action, print_help))
		return EXIT_STATUS_OK;
	if (action == ACTION_LIST_STRATEGIES) {
		print_strategies();
		return EXIT_STATUS_OK;
	}
	if (request.settings.trace != NULL &&
	    strcmp(request.settings.trace, "-") == 0)
		options_usage_error("a trace goes to a file, not to '-'");
	request.lists = arguments + rest;
	request.list_count = (size_t)(count - rest);
	if (request.list_count == 0) {
		if (isatty(STDIN_FILENO))
			options_usage_error("no list or URL given");
		request.lists = standard_input;
		request.list_count = 1;
	}
	check_lists(request.lists, request.list_count, &request.settings);
	siphash_seed();
	return fetch(&request);
}
