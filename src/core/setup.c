/* Sets up a run and tears it down. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
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
#include "core/run-internal.h"
#include "core/journal.h"
#include "core/live.h"
#include "core/outputs.h"
#include "core/overview.h"
#include "core/recover.h"
#include "core/stop.h"
#include "transfer/publish.h"

static int open_directory(const char *path)
{
	int error = *path != '\0' ? files_make_directories(path) : ENOENT;
	int fd = -1;

	if (error == 0) {
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 || faccessat(fd, ".", W_OK | X_OK, 0) != 0)
			error = errno;
	}
	if (error != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write to directory '%s': %s",
		      path, strerror(error));
	return fd;
}

static void set_up_place(struct run *run)
{
	struct sink_place *place = &run->common.place;

	place->directory_fd = place->live_fd = -1;
	snprintf(place->run_id, sizeof(place->run_id), "%016" PRIx64,
		 siphash_random());
	if (settings_bodies(&run->settings) == BODIES_TAR)
		run->names = names_new(-1, false, false);
	if (settings_sink(&run->settings) != SINK_FILE) {
		recover(run);
		return;
	}
	place->directory_fd = open_directory(run->settings.directory);
	/* This may give files their names, and makes the run known, so that
	 * another one can remove what it leaves. */
	recover(run);
	publish_find_naming(place);
	run->names = names_new(place->directory_fd,
			       settings_replace(&run->settings),
			       run->settings.skip_existing);
	if (run->journal != NULL)
		names_protect(run->names, journal_names(run->journal));
	if (run->settings.etags != NULL) {
		run->etags = etags_new(run->settings.etags);
		if (run->etags == NULL)
			fatal(EXIT_STATUS_LOCAL,
			      "cannot use '%s' for entity tags: %s",
			      run->settings.etags, errno == EBADMSG
				      ? "it contains something else"
				      : strerror(errno));
	}
}

static void set_up_identity(struct run *run)
{
	char *fault;

	run->identity = identity_new(&run->settings, &fault);
	if (run->identity == NULL)
		fatal(EXIT_STATUS_USAGE, "%s", fault);
	run->terms = identity_terms(run->identity);
}

/* MEMORY, or the end of the program if there is none. */
static void *shared(void *memory)
{
	if (memory == NULL)
		fatal(EXIT_STATUS_LOCAL, "no shared memory: %s",
		      strerror(errno));
	return memory;
}

/* What the transfers of all threads and processes have in common. */
static void set_up_shared(struct run *run)
{
	const struct settings *settings = &run->settings;
	const struct end_settings *end = &settings->end;
	/* A look-up takes no longer than a connection may. */
	uint64_t hold_us = (settings->connect_timeout_ms + 1000) * 1000;

	run->common.gate = shared(gate_new(hold_us));
	run->common.meter = shared(meter_new(run->strategy->capacity(
		settings)));
	if (settings->limit_rate > 0)
		run->common.throttle =
			shared(throttle_new(settings->limit_rate));
	if (end->max_total > 0 || end->min_free > 0)
		run->common.budget =
			shared(budget_new(end->max_total, end->min_free));
}

static struct event_base *make_base(void)
{
	struct event_base *base = evbase_new(0);

	if (base == NULL)
		fatal(EXIT_STATUS_LOCAL, "cannot create an event loop: %s",
		      strerror(errno));
	return base;
}

static struct listener_item item_of(void *context, const struct task *task)
{
	return run_item(context, task, task->result);
}

/* Tasks wait for their turn if bodies go to one stream, or if they are to be
 * reported in the order of the list. */
static void set_up_order(struct run *run)
{
	struct order_owner owner = { item_of, settle_turn_over, run };
	bool by_number = settings_in_order(&run->settings);

	if (by_number || run->bodies.kind != NULL)
		run->order = order_new(&run->bodies, by_number,
				       run->window + run->spare_window,
				       &owner);
}

static void on_list_ready(void *context)
{
	struct run *run = context;

	run->list_waiting = false;
}

static void on_stop(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	run_stop(context, stop_signal);
}

/* Nothing to do: the schedule is asked on every turn of the loop. */
static void on_wake(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what, (void)context;
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
	struct run *run = context;

	(void)fd, (void)what;
	run->abandoned = true;
}

static void set_up_events(struct run *run)
{
	int stop_fd = stop_catch();

	if (stop_fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot install signal handlers: %s",
		      strerror(errno));
	run->stopping = event_new(run->base, stop_fd, EV_READ, on_stop, run);
	run->deadline = evtimer_new(run->base, on_deadline, run);
	run->wake = evtimer_new(run->base, on_wake, run);
	if (run->stopping == NULL || run->deadline == NULL ||
	    run->wake == NULL ||
	    event_add(run->stopping, NULL) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	run->env.stop_fd = stop_fd;
	run->env.stop = &stop_signal;
}

static void open_strategy(struct run *run)
{
	struct strategy_env *env = &run->env;

	env->settings = &run->settings;
	env->common = &run->common;
	env->base = run->base;
	env->finished = settle_finished;
	env->shortage = settle_shortage;
	env->memory = settle_memory;
	env->idle = overview_idle;
	env->anew = settle_anew;
	env->core = run;
	run->state = run->strategy->open(env);
	if (run->state == NULL)
		fatal(EXIT_STATUS_LOCAL, "cannot start strategy '%s': %s",
		      run->strategy->name, strerror(errno));
}

void setup_run(struct run *run, const struct run_request *request)
{
	bool lowered;

	memset(run, 0, sizeof(*run));
	evbase_silence();
	run->settings = request->settings;
	run->common.settings = &run->settings;
	run->common.connect_to = request->connect_to;
	run->common.resolve = request->resolve;
	run->common.no_proxy = request->no_proxy;
	run->common.has_origin = request->has_origin;
	run->common.proxied = request->proxied;
	run->common.keeps_cookies = run->settings.ask.load_cookies != NULL ||
				    run->settings.ask.save_cookies != NULL ||
				    run->settings.ask.cookie != NULL;
	run->strategy = strategy_find(run->settings.strategy);
	must(run->strategy != NULL);
	lowered = capacity_fit(run);
	set_up_place(run);
	set_up_identity(run);
	set_up_shared(run);
	run->base = make_base();
	outputs_open(run, request->listener);
	set_up_order(run);
	if (run->settings.streams)
		run->live_bodies = live_new(run);
	run->commit = commit_new(run);
	set_up_events(run);
	run->parser = url_parser_new();
	run->list = list_new(run->base, request->lists, request->list_count,
			     run->settings.null_separated, on_list_ready, run);
	if (run->settings.robots)
		run->robots = robots_new();
	run->format = list_format_new(run->list, run->settings.input_format);
	run->schedule = schedule_new(&schedule_hosts, &run->settings,
				     capacity_of_strategy(run));
	if (lowered)
		settle_shortage(run, (unsigned)run->settings.jobs,
				"descriptors");
	open_strategy(run);
	run->overview = overview_new(run, request);
}

void setup_close_strategy(struct run *run)
{
	run->strategy->close(run->state);
	run->state = NULL;
}

static void free_spare_jobs(struct run *run)
{
	struct job *job;

	while ((job = job_list_take(&run->spare)) != NULL)
		free(job);
}

void setup_undo(struct run *run)
{
	must(run->state == NULL);
	overview_free(run->overview);
	list_format_free(run->format);
	list_free(run->list);
	url_parser_free(run->parser);
	event_free(run->stopping);
	event_free(run->deadline);
	event_free(run->wake);
	schedule_free(run->schedule);
	free_spare_jobs(run);
	identity_free(run->identity);
	hash_set_release(&run->seen);
	if (run->live_bodies != NULL)
		live_free(run->live_bodies);
	if (run->commit != NULL)
		commit_free(run->commit);
	if (run->journal != NULL)
		journal_close(run->journal);
	if (run->order != NULL)
		order_free(run->order);
	outputs_close(run);
	if (run->common.throttle != NULL)
		throttle_free(run->common.throttle);
	gate_free(run->common.gate);
	meter_free(run->common.meter);
	if (run->common.budget != NULL)
		budget_free(run->common.budget);
	if (run->leftovers != NULL)
		leftovers_free(run->leftovers, run->totals.kept > 0);
	if (run->robots != NULL)
		robots_free(run->robots);
	if (run->etags != NULL)
		etags_free(run->etags);
	if (run->names != NULL)
		names_free(run->names);
	if (run->common.place.directory_fd >= 0)
		close(run->common.place.directory_fd);
	event_base_free(run->base);
}
