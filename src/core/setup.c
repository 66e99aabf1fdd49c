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
#include "core/stop.h"
#include "output/checksums.h"
#include "output/report.h"
#include "output/trace.h"
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

	place->directory_fd = -1;
	snprintf(place->run_id, sizeof(place->run_id), "%016" PRIx64,
		 siphash_random());
	if (settings_sink(&run->settings) != SINK_FILE)
		return;
	place->directory_fd = open_directory(run->settings.directory);
	publish_find_naming(place);
	run->names = names_new(place->directory_fd,
			       settings_replace(&run->settings),
			       run->settings.skip_existing);
	if (run->settings.etags != NULL) {
		run->etags = etags_new(run->settings.etags);
		if (run->etags == NULL)
			fatal(EXIT_STATUS_LOCAL,
			      "cannot use '%s' for entity tags: %s",
			      run->settings.etags, errno == EBADMSG
				      ? "it contains something else"
				      : strerror(errno));
	}
	if (!run->settings.resume)
		return;
	run->leftovers = leftovers_new(place);
	if (run->leftovers == NULL)
		fatal(EXIT_STATUS_LOCAL, "cannot write to directory '%s': %s",
		      run->settings.directory, strerror(errno));
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

static void on_write_error(void *context, int error)
{
	struct run *run = context;

	run->write_error = error;
}

/* There is nowhere left to report it. */
static void on_report_error(void *context, int error)
{
	(void)context, (void)error;
}

/* The files matter more: the run goes on without a trace. */
static void on_trace_error(void *context, int error)
{
	struct run *run = context;

	run->totals.trace_error = error;
	listeners_message(&run->listeners, "cannot write trace '%s': %s",
			  run->settings.trace, strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
}

static int open_output(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
		  0666);
	if (fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write '%s': %s", name,
		      strerror(errno));
	return fd;
}

static int open_document(const char *name)
{
	return strcmp(name, "-") == 0 ? -1 : open_output(name);
}

static void add_trace(struct run *run)
{
	run->trace_fd = -1;
	if (run->settings.trace == NULL)
		return;
	run->trace_fd = open_output(run->settings.trace);
	run->trace_out = outlet_new(run->base, run->trace_fd, on_trace_error,
				    run);
	listeners_add(&run->listeners, trace_new(run->trace_out, run->strategy,
						 &run->settings));
}

static void on_checksums_error(void *context, int error)
{
	struct run *run = context;

	listeners_message(&run->listeners, "cannot write checksums '%s': %s",
			  run->settings.checksum_file, strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
}

static void add_checksums(struct run *run)
{
	run->checksums_fd = -1;
	if (run->settings.checksum_file == NULL)
		return;
	run->checksums_fd = open_output(run->settings.checksum_file);
	run->checksums_out = outlet_new(run->base, run->checksums_fd,
					on_checksums_error, run);
	listeners_add(&run->listeners, checksums_new(run->checksums_out,
						     &run->settings));
}

/* Whether both are the same pipe, file or terminal.  If so, one outlet must
 * serve both, so that lines stay whole. */
static bool same_file(int one, int other)
{
	struct stat first, second;

	return fstat(one, &first) == 0 && fstat(other, &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* With --output-document the report goes to stderr: stdout is for data. */
static void set_up_output(struct run *run)
{
	const char *document = run->settings.discard
		? NULL : run->settings.output_document;

	run->out_fd = document != NULL ? open_document(document) : -1;
	run->out = outlet_new(run->base,
			      run->out_fd >= 0 ? run->out_fd : STDOUT_FILENO,
			      on_write_error, run);
	if (document == NULL && same_file(STDOUT_FILENO, STDERR_FILENO))
		run->errors = run->out;
	else
		run->errors = outlet_new(run->base, STDERR_FILENO,
					 on_report_error, run);
	if (document != NULL)
		run->order = order_new(run->out,
				       run->window + run->spare_window,
				       settle_written, run);
}

static void set_up_listeners(struct run *run, const struct listener *extra)
{
	struct outlet *main = run->order == NULL ? run->out : run->errors;

	if (!run->settings.silent)
		listeners_add(&run->listeners,
			      report_new(&run->settings, main, run->errors));
	add_checksums(run);
	add_trace(run);
	if (extra != NULL)
		listeners_add(&run->listeners, *extra);
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
	set_up_output(run);
	set_up_listeners(run, request->listener);
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
	list_format_free(run->format);
	list_free(run->list);
	url_parser_free(run->parser);
	event_free(run->stopping);
	event_free(run->deadline);
	event_free(run->wake);
	listeners_free(&run->listeners);
	schedule_free(run->schedule);
	free_spare_jobs(run);
	identity_free(run->identity);
	hash_set_release(&run->seen);
	if (run->order != NULL)
		order_free(run->order);
	if (run->errors != run->out)
		outlet_free(run->errors);
	outlet_free(run->out);
	if (run->checksums_out != NULL) {
		outlet_free(run->checksums_out);
		close(run->checksums_fd);
	}
	if (run->trace_out != NULL) {
		outlet_free(run->trace_out);
		close(run->trace_fd);
	}
	if (run->out_fd >= 0)
		close(run->out_fd);
	if (run->common.throttle != NULL)
		throttle_free(run->common.throttle);
	gate_free(run->common.gate);
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
