/* How far the run has come; see overview.h. */
#include "config.h"

#include "core/overview.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "core/list-count.h"
#include "core/live.h"
#include "core/outputs.h"
#include "core/run-internal.h"
#include "core/stop.h"
#include "output/escape.h"

enum {
	TICK_US = 100 * 1000,
	FLIGHTS_MAX = 32,        /* that listeners are told of in a tick */
	PAUSE_ROOM = 200,
	PAUSE_US = 1000 * 1000,  /* a wait that is worth explaining */
};

struct overview {
	struct run *run;
	struct event *tick;      /* NULL: no listener wants any */
	struct event *asked;
	struct list_count *count;
	uint64_t next_us;        /* time of the next tick */
	uint64_t idle_us;        /* since when nothing is in flight, or 0 */
	struct listener_flight *flights;
	size_t room;
	char pause[PAUSE_ROOM];
};

/* ---- what is in flight ---- */

static int by_age(const void *one, const void *other)
{
	const struct listener_flight *first = one, *second = other;

	if (first->age_us != second->age_us)
		return first->age_us < second->age_us ? 1 : -1;
	return first->number < second->number ? -1
	       : first->number > second->number;
}

static void add_flight(struct overview *overview, size_t index,
		       const struct task *task, uint64_t bytes,
		       enum meter_phase phase, uint64_t now_us)
{
	if (index == overview->room) {
		overview->room = index + 64;
		overview->flights = memory_resize(
			overview->flights,
			overview->room * sizeof(*overview->flights));
	}
	overview->flights[index] = (struct listener_flight){
		.number = task->number,
		.url = task->request->url,
		.phase = meter_phase_name(phase),
		.bytes = bytes,
		.age_us = now_us > task->started_us
				  ? now_us - task->started_us : 0,
	};
}

/* Fills in what is known of the jobs in flight. */
static void take_flights(struct overview *overview,
			 struct run_progress *progress)
{
	struct run *run = overview->run;
	uint64_t now_us = clock_now_us();
	const struct task *task;
	size_t count = 0;

	DL_FOREACH(run->tasks, task) {
		enum meter_phase phase;
		uint64_t bytes;

		if (task->state != TASK_FLIGHT)
			continue;
		phase = meter_read(run->common.meter, task->job->place,
				   &bytes);
		progress->bytes += bytes;
		add_flight(overview, count++, task, bytes, phase, now_us);
	}
	if (count > 0)
		qsort(overview->flights, count, sizeof(*overview->flights),
		      by_age);
	progress->flights = overview->flights;
	progress->flight_count = count;
}

/* Passwords are masked only in those that are shown.  What is returned is to be
 * freed. */
static char **mask_urls(struct listener_flight *flights, size_t count)
{
	char **masked = memory_zeroed((count + 1) * sizeof(*masked));

	for (size_t i = 0; i < count; i++) {
		masked[i] = escape_mask_login(flights[i].url, ESCAPE_PARSED);
		flights[i].url = masked[i];
	}
	return masked;
}

static void free_urls(char **masked)
{
	for (size_t i = 0; masked[i] != NULL; i++)
		free(masked[i]);
	free(masked);
}

/* ---- why nothing happens ---- */

/* Says until when, by the clock on the wall, a host gets no requests. */
static void describe_wait(struct overview *overview, uint64_t now_us)
{
	uint64_t until_us;
	char *host = schedule_awaits(overview->run->schedule, &until_us);
	char clock[16] = "";
	time_t until;
	struct tm parts;

	if (host == NULL || until_us < now_us + PAUSE_US) {
		free(host);
		return;
	}
	/* Rounded, so that it does not change from one tick to the next. */
	until = (time_t)((clock_read_us(CLOCK_REALTIME) + until_us - now_us +
			  500000) / 1000000);
	if (localtime_r(&until, &parts) != NULL)
		strftime(clock, sizeof(clock), "%H:%M:%S", &parts);
	snprintf(overview->pause, PAUSE_ROOM, "%.120s is left alone until %s",
		 host, clock);
	free(host);
}

static const char *explain_pause(struct overview *overview)
{
	struct run *run = overview->run;
	const struct schedule_counts *counts = schedule_counts(run->schedule);
	uint64_t now_us = clock_now_us();

	overview->pause[0] = '\0';
	if (counts->outstanding > 0) {
		overview->idle_us = 0;
		return NULL;
	}
	if (overview->idle_us == 0)
		overview->idle_us = now_us;
	if (now_us < overview->idle_us + PAUSE_US / 4)
		return NULL;
	if (counts->ready + counts->parked > 0)
		describe_wait(overview, now_us);
	else if (listeners_full(&run->listeners) ||
		 (run->order != NULL && order_full(run->order)))
		snprintf(overview->pause, PAUSE_ROOM,
			 "waiting for the reader of the output");
	else if (run->list_waiting)
		snprintf(overview->pause, PAUSE_ROOM, "waiting for the list");
	else if (commit_held(run->commit) > 0)
		snprintf(overview->pause, PAUSE_ROOM, "waiting for the disk");
	return overview->pause[0] != '\0' ? overview->pause : NULL;
}

/* ---- progress ---- */

static void take_total(struct overview *overview,
		       struct run_progress *progress)
{
	struct run *run = overview->run;
	uint64_t counted;

	progress->total = run->totals.entries;
	progress->total_known = run->list_ended;
	if (run->list_ended || overview->count == NULL)
		return;
	if (list_count_total(overview->count, &counted)) {
		counted -= run->totals.repeats < counted
				   ? run->totals.repeats : counted;
		progress->total_known = true;
	}
	if (counted > progress->total)
		progress->total = counted;
}

static void take_progress(struct overview *overview,
			  struct run_progress *progress)
{
	struct run *run = overview->run;
	const struct schedule_counts *counts = schedule_counts(run->schedule);

	if (overview->count != NULL)
		list_count_go_on(overview->count);
	memset(progress, 0, sizeof(*progress));
	progress->totals = &run->totals;
	progress->ended = run->ended;
	progress->retrying = counts->parked;
	progress->parked = schedule_cooling(run->schedule);
	progress->in_flight = counts->outstanding;
	progress->bytes = run->totals.bytes;
	if (run->first_us != 0)
		progress->elapsed_us = clock_now_us() - run->first_us;
	take_total(overview, progress);
	take_flights(overview, progress);
	progress->pause = explain_pause(overview);
}

static void tell(struct overview *overview)
{
	struct run_progress progress;
	char **masked;
	size_t shown;

	take_progress(overview, &progress);
	shown = progress.flight_count < FLIGHTS_MAX ? progress.flight_count
						    : FLIGHTS_MAX;
	masked = mask_urls(overview->flights, shown);
	progress.flight_count = shown;
	listeners_tick(&overview->run->listeners, &progress);
	free_urls(masked);
}

static void answer(struct overview *overview)
{
	struct run_progress progress;
	char **masked;

	take_progress(overview, &progress);
	masked = mask_urls(overview->flights, progress.flight_count);
	listeners_asked(&overview->run->listeners, &progress);
	listeners_flush(&overview->run->listeners);
	free_urls(masked);
}

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	tell(context);
}

static void on_asked(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	if (stop_was_asked())
		answer(context);
}

void overview_end(struct overview *overview)
{
	if (overview->tick != NULL)
		event_del(overview->tick);
	event_del(overview->asked);
}

bool overview_idle(void *context)
{
	struct run *run = context;
	struct overview *overview = run->overview;

	if (stop_was_asked())
		answer(overview);
	if (run->commit != NULL)
		commit_idle(run->commit);
	if (run->live_bodies != NULL) {
		live_advance(run->live_bodies);
		outputs_flush(run);
	}
	if (clock_now_us() >= overview->next_us) {
		if (overview->tick != NULL)
			tell(overview);
		overview->next_us = clock_now_us() + TICK_US;
		outputs_flush(run);
	}
	return run->stopped || run->write_error != 0;
}

struct overview *overview_new(struct run *run,
			      const struct run_request *request)
{
	struct overview *overview = memory_zeroed(sizeof(*overview));
	struct timeval time = clock_timeval_ms(TICK_US / 1000);

	overview->run = run;
	overview->asked = event_new(run->base, stop_asked_fd(),
				    EV_READ | EV_PERSIST, on_asked, overview);
	if (overview->asked == NULL ||
	    event_add(overview->asked, NULL) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	if (!listeners_want_ticks(&run->listeners))
		return overview;
	overview->tick = event_new(run->base, -1, EV_PERSIST, on_tick,
				   overview);
	if (overview->tick == NULL || event_add(overview->tick, &time) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	if (strcmp(run->settings.input_format, "lines") == 0)
		overview->count = list_count_new(
			request->lists, request->list_count,
			run->settings.null_separated);
	return overview;
}

void overview_free(struct overview *overview)
{
	if (overview->tick != NULL)
		event_free(overview->tick);
	event_free(overview->asked);
	if (overview->count != NULL)
		list_count_free(overview->count);
	free(overview->flights);
	free(overview);
}
