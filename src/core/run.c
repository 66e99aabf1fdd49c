/*
 * The loop of a run; see run.h.
 *
 * Each turn takes entries from the list while there is room, submits the tasks
 * that the schedule lets start, and then has libevent wait for the next event.
 * There is room for an entry while fewer than `window` tasks exist and neither
 * a listener nor the single output is full.  Tasks that are parked for a retry
 * or wait for their host don't count, up to `spare_window` of them: one host
 * that is slow or cools down must not stall the others.  This alone bounds
 * memory and provides back-pressure: a slow reader fills an outlet, a full
 * outlet stops entries from being taken, and then the list's producer has to
 * wait.
 */
#include "config.h"

#include "core/run.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "core/live.h"
#include "core/outputs.h"
#include "core/overview.h"
#include "core/run-internal.h"
#include "core/stop.h"

enum { DEADLINE_MS = 1500 }; /* for tasks in flight once stopped */

bool run_has_room(const struct run *run)
{
	const struct schedule_counts *counts = schedule_counts(run->schedule);
	uint64_t idle = counts->parked + counts->stuck +
			robots_waiting(run->robots) +
			commit_held(run->commit);

	return run->live - idle < run->window &&
	       run->live < run->window + run->spare_window &&
	       !listeners_full(&run->listeners) &&
	       !commit_full(run->commit) &&
	       (run->order == NULL || !order_full(run->order));
}

/* ---- what listeners see ---- */

/* How many outstanding jobs wait for a worker; only pool has any. */
static uint64_t waiting_beyond(const struct run *run)
{
	uint64_t outstanding = schedule_counts(run->schedule)->outstanding;

	return outstanding > run->settings.jobs
		       ? outstanding - run->settings.jobs : 0;
}

static struct listener_load load_of(const struct run *run)
{
	const struct schedule_counts *counts = schedule_counts(run->schedule);
	uint64_t beyond = waiting_beyond(run);

	return (struct listener_load){
		.in_flight = counts->outstanding - beyond,
		.waiting = counts->ready + beyond,
	};
}

struct listener_item run_item(const struct run *run, const struct task *task,
			      const struct result *result)
{
	bool failed = result != NULL && result->outcome == OUTCOME_FAILED;

	return (struct listener_item){
		.number = task->number,
		.url = task_listed(task),
		.line = task->line,
		.method = task->request != NULL ? request_method(task->request)
						: NULL,
		.requested = task->request != NULL ? task->request->url : NULL,
		.read_us = task->read_us,
		.begun_us = task->begun_us,
		.place = task->place,
		.result = result,
		.tries = task->tries,
		.redirects = task->redirects,
		.name = failed ? NULL : task->name,
		.wanted = task->name,
		.tag = task->tag,
		.load = load_of(run),
		.signal = run->totals.signal,
	};
}

/* Updates the longest queue seen and how long the list was held back. */
static void measure(struct run *run)
{
	uint64_t waiting = load_of(run).waiting;
	bool held = !run->stopped && !run->list_ended && !run->list_waiting &&
		    !run_has_room(run);

	if (waiting > run->totals.most_waiting)
		run->totals.most_waiting = waiting;
	if (held && run->held_since_us == 0) {
		run->held_since_us = clock_now_us();
	} else if (!held && run->held_since_us != 0) {
		run->totals.held_us += clock_now_us() - run->held_since_us;
		run->held_since_us = 0;
	}
}

/* ---- jobs ---- */

/* Gives TASK a job that can be submitted. */
static void equip(struct run *run, struct task *task)
{
	struct job *job = job_list_take(&run->spare);

	if (job == NULL) {
		job = memory_zeroed(sizeof(*job));
		job_clear_result(job);
	}
	job->number = task->number;
	job->request = task->request;
	job->owner = task;
	job->fetches = job->deaths = 0;
	job->place = meter_take(run->common.meter);
	task->job = job;
	identity_equip(run->identity, task->request);
}

static void submit(struct run *run, struct task *task)
{
	struct listener_item item;

	equip(run, task);
	task->state = TASK_FLIGHT;
	if (run->live_bodies != NULL && !task->robots)
		live_begin(run->live_bodies, task);
	run->totals.submitted++;
	item = run_item(run, task, NULL);
	listeners_begun(&run->listeners, &item);
	if (run->strategy->blocks) {
		measure(run);
		outputs_flush(run);
	}
	run->strategy->submit(run->state, task->job);
}

/* Fails the tasks of hosts that were given up. */
static void fail_doomed(struct run *run)
{
	const char *fault;
	struct task *task;

	while (!run->stopped &&
	       (task = schedule_doomed(run->schedule, &fault)) != NULL)
		settle_doomed(run, task, fault);
}

/* Submits the tasks that may start now.  Returns true if there is more to do
 * right away. */
static bool submit_all(struct run *run)
{
	uint64_t now_us = clock_now_us();

	fail_doomed(run);
	while (!run->stopped && !live_is_busy(run->live_bodies)) {
		struct task *task = schedule_next(run->schedule, now_us);
		uint64_t before;

		if (task == NULL)
			return false;
		before = schedule_counts(run->schedule)->outstanding;
		submit(run, task);
		/* The job may already have ended, within submit(). */
		if (schedule_counts(run->schedule)->outstanding < before ||
		    *run->env.stop != 0)
			return true;
	}
	return false;
}

static bool submit_ready(struct run *run)
{
	bool more = submit_all(run);

	if (run->strategy->flush != NULL)
		run->strategy->flush(run->state);
	return more;
}

/* Sets the timer for when the schedule is to be asked again. */
static void set_wake(struct run *run)
{
	uint64_t now_us = clock_now_us();
	/* The reader has to take the rest of a live body first. */
	uint64_t when_us = run->stopped || live_is_busy(run->live_bodies)
		? SCHEDULE_NEVER : schedule_when(run->schedule, now_us);
	struct timeval time;

	if (when_us == SCHEDULE_NEVER) {
		evtimer_del(run->wake);
		return;
	}
	/* Rounded up to a millisecond, so as not to ask too early. */
	time = clock_timeval_ms(when_us > now_us
				? (when_us - now_us + 999) / 1000 : 0);
	evtimer_add(run->wake, &time);
}

void run_note_status(struct run *run, int status)
{
	if (run->status == 0 || run->status > status)
		run->status = status;
}

void run_check_output(struct run *run)
{
	if (run->write_error == 0)
		return;
	/* The reader is gone: end as any filter would. */
	if (run->write_error == EPIPE) {
		run_stop(run, SIGPIPE);
		return;
	}
	if (!run->stopped)
		listeners_message(&run->listeners,
				  "cannot write the output: %s",
				  strerror(run->write_error));
	run_note_status(run, EXIT_STATUS_LOCAL);
	run_stop(run, 0);
}

/* Whether all tasks that are left wait for the disk. */
static bool is_idle(const struct run *run)
{
	return run->live == commit_held(run->commit) &&
	       (run->list_ended || run->list_waiting);
}

/* Does one turn's work.  Returns true if the next turn should not wait. */
static bool pump(struct run *run)
{
	bool more;

	run_check_output(run);
	limits_check(run);
	/* Nobody else would wake the loop. */
	if (run->commit != NULL && (run->stopped || is_idle(run)))
		commit_hurry(run->commit);
	more = entries_take(run);
	more = submit_ready(run) || more;
	if (run->order != NULL && !run->stopped) {
		bool busy = live_is_busy(run->live_bodies);

		order_advance(run->order);
		more = more || (busy && !live_is_busy(run->live_bodies));
	}
	measure(run);
	/* Entries that were final at once have made room for more. */
	more = more || (run->write_error != 0 && !run->stopped) ||
	       (!run->list_ended && !run->list_waiting && !run->stopped &&
		run_has_room(run));
	if (!more)
		set_wake(run);
	return more;
}

/* ---- the end ---- */

void run_stop(struct run *run, int number)
{
	struct timeval time = clock_timeval_ms(DEADLINE_MS);
	struct task *task, *next;

	if (run->stopped)
		return;
	run->stopped = true;
	run->totals.signal = number;
	evtimer_add(run->deadline, &time);
	schedule_clear(run->schedule);
	DL_FOREACH_SAFE(run->tasks, task, next) {
		if (task->state == TASK_READY || task->state == TASK_PARKED ||
		    task->state == TASK_WAITING)
			settle_interrupted(run, task);
	}
	if (run->order != NULL)
		order_drop(run->order);
	if (run->state != NULL)
		run->strategy->cancel(run->state);
}

static bool is_done(const struct run *run)
{
	/* A signal that ended the last transfer has yet to be handled. */
	if (*run->env.stop != 0 && !run->stopped)
		return false;
	if (run->stopped)
		return run->abandoned || run->live == 0;
	return run->list_ended && run->live == 0;
}

/* Reports the tasks that did not end by the deadline. */
static void abandon(struct run *run)
{
	struct task *task, *next;

	DL_FOREACH_SAFE(run->tasks, task, next) {
		/* What has a record may still get its name in a later run. */
		if (run->names != NULL &&
		    (task->state != TASK_COMMIT || run->journal == NULL) &&
		    (run->leftovers == NULL || task->request == NULL ||
		     !request_is_bare(task->request)))
			sink_remove_temp(&run->common.place, task->number);
		settle_abandoned(run, task);
	}
}

static void write_rest(struct run *run)
{
	outputs_flush(run);
	while (!run->stopped && outputs_pending(run))
		event_base_loop(run->base, EVLOOP_ONCE);
}

/* FILE was written, or not because of ERROR. */
static void note_written(struct run *run, const char *file, int error)
{
	if (error == 0)
		return;
	listeners_message(&run->listeners, "cannot write '%s': %s", file,
			  strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
}

/* Writes what comes after the last body. */
static void end_bodies(struct run *run)
{
	const struct bodies *bodies = &run->bodies;
	int error;

	if (bodies->kind == NULL)
		return;
	error = bodies->kind->end(bodies->state);
	if (error == 0)
		return;
	listeners_message(&run->listeners, "cannot write the archive: %s",
			  strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
}

static void save_files(struct run *run)
{
	if (run->etags != NULL)
		note_written(run, run->settings.etags, etags_save(run->etags));
	note_written(run, run->settings.ask.save_cookies,
		     identity_save(run->identity));
}

static void tell_summary(struct run *run)
{
	struct run_totals *totals = &run->totals;

	totals->first_us = run->first_us;
	totals->worst_count = schedule_worst(run->schedule, &totals->worst);
	if (run->settings.automatic)
		totals->settled_jobs = schedule_settled(run->schedule);
	if (run->last_us > run->first_us)
		totals->elapsed_us = run->last_us - run->first_us;
	listeners_summary(&run->listeners, totals);
}

/* Workers that are still running may use anything, so nothing is freed: the
 * process ends here. */
static _Noreturn void end_abandoned(const struct run *run)
{
	outlet_flush(run->errors);
	if (run->totals.signal != 0)
		stop_die(run->totals.signal);
	_exit(run->status != 0 ? run->status : EXIT_STATUS_OTHER);
}

int run_fetch(const struct run_request *request, int *signal)
{
	static struct run run;

	setup_run(&run, request);
	while (!is_done(&run)) {
		bool more = pump(&run);

		if (is_done(&run))
			break;
		event_base_loop(run.base, more ? EVLOOP_NONBLOCK : EVLOOP_ONCE);
	}
	if (run.abandoned)
		abandon(&run);
	run.totals.abandoned = run.abandoned &&
		(schedule_counts(run.schedule)->outstanding > 0 ||
		 commit_held(run.commit) > 0);
	if (!run.totals.abandoned)
		setup_close_strategy(&run);
	end_bodies(&run);
	overview_end(run.overview);
	save_files(&run);
	tell_summary(&run);
	write_rest(&run);
	if (run.write_error != 0 && !run.stopped) {
		run_check_output(&run);
		outlet_flush(run.errors);
	}
	if (run.totals.abandoned)
		end_abandoned(&run);
	*signal = run.totals.signal;
	setup_undo(&run);
	return run.status;
}
