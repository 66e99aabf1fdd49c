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
	int rest, status, signal, fd;

	options_parse(OPTIONS_MEASURE, count, arguments, settings, &rest);
	fd = (int)settings->measure_fd;
	if (rest == count || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		options_usage_error("measure is started only by pfetch "
				    "compare");
	settings->silent = true;
	settings->digest = digest_name(DIGEST_SHA256);
	request.lists = arguments + rest;
	request.list_count = (size_t)(count - rest);
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
