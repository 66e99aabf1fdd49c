/*
 * pfetch measure --measure-fd=N [OPTION]... [LIST|URL]...: one run of a
 * comparison, in a process started by `pfetch compare`.  It prints nothing,
 * digests the bodies, and writes its measurements to descriptor N.  It is not
 * meant to be run by users; see lab/launch.c.
 */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/siphash.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/session.h"
#include "core/stop.h"
#include "lab/measure.h"
#include "strategy/strategy.h"

int command_measure(int count, char **arguments)
{
	struct run_request request = { .connect_to = NULL };
	struct settings *settings = &request.settings;
	struct recorder *recorder;
	struct listener listener;
	struct text_list lists;
	int status, signal, fd;

	options_parse(OPTIONS_MEASURE, count, arguments, settings, &lists);
	fd = (int)settings->measure_fd;
	if (lists.count == 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		options_usage_error("measure is started only by pfetch "
				    "compare");
	settings->silent = true;
	settings->digest = digest_name(DIGEST_SHA256);
	request.lists = lists.texts;
	request.list_count = lists.count;
	recorder = recorder_new(strategy_find(settings->strategy), settings);
	listener = recorder_listener(recorder);
	request.listener = &listener;
	siphash_seed();
	status = session_run(&request, (unsigned)settings->origin_port,
			     &signal);
	recorder_finish(recorder, fd, status);
	if (signal != 0)
		stop_die(signal);
	return status;
}
