/*
 * The loop of a run; see run.h.
 *
 * Each turn pumps: it takes entries from the list while there is room, and
 * submits ready jobs while the strategy has room; then it lets libevent wait
 * for whatever comes next.  There is room for an entry when fewer than
 * `window` tasks exist (those parked for a retry count apart, up to as many
 * again) and the outlets are not full.  That is all that bounds memory, and
 * all that back-pressure needs: who does not read makes outlets full, full
 * outlets stop the taking, and then the list's producer waits.
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
#include "core/run-internal.h"
#include "core/stop.h"
#include "output/escape.h"

enum {
	DEADLINE_MS = 1500, /* for those in flight, after a signal */
	ENTRIES_A_TURN = 256, /* so that a list of bad lines holds up nobody */
};

static bool has_room(const struct run *run)
{
	return run->live - run->parked < run->window &&
	       run->live < 2 * run->window &&
	       outlet_pending(run->out) < OUTLET_FULL &&
	       outlet_pending(run->errors) < OUTLET_FULL &&
	       (run->trace_out == NULL ||
		outlet_pending(run->trace_out) < OUTLET_FULL);
}

/* Makes a task of ENTRY: ready, or final when it can't be fetched. */
static void take_entry(struct run *run, const struct list_entry *entry)
{
	struct task *task = task_new(run, ++run->last_number);
	const char *fault = entry->fault;
	char name[NAME_ROOM];

	task->read_us = clock_now_us();
	if (run->first_us == 0) {
		run->first_us = task->read_us;
		run->totals.first_cpu_us = clock_process_us();
	}
	run->totals.entries++;
	run->live++;
	DL_APPEND(run->tasks, task);
	task->place.source = entry->source;
	task->place.line = entry->line;
	if (fault == NULL)
		fault = url_parse(run->parser, entry->text, &task->url,
				  run->names != NULL ? name : NULL);
	if (fault != NULL) {
		task->listed = escape_mask_login(entry->text, entry->cut
						 ? ESCAPE_CUT : ESCAPE_REFUSED);
		result_fail(&task->job.result, CAUSE_INPUT, "%s", fault);
		settle_final(task);
		return;
	}
	task->listed = escape_mask_login(entry->text, ESCAPE_PARSED);
	task->entry_url = task->url;
	task->job.url = task->url;
	task->tries = 1;
	if (run->names != NULL)
		task->name = names_take(run->names, name);
	job_list_append(&run->ready, &task->job);
}

static void list_failed(struct run *run)
{
	const char *source;
	int error = list_error(run->list, &source);

	report_message(run->report, "cannot read list '%s': %s", source,
		       strerror(error));
	if (run->status == 0 || run->status > EXIT_STATUS_USAGE)
		run->status = EXIT_STATUS_USAGE;
}

/* Takes entries while there is room.  Returns true when the list has more to
 * give at once. */
static bool take_entries(struct run *run)
{
	struct list_entry entry;
	int taken = 0;

	while (!run->stopped && !run->list_ended && !run->list_waiting &&
	       has_room(run)) {
		switch (list_next(run->list, &entry)) {
		case LIST_ENTRY:
			take_entry(run, &entry);
			if (++taken == ENTRIES_A_TURN)
				return true;
			break;
		case LIST_WAIT:
			run->list_waiting = true;
			list_wait(run->list);
			break;
		case LIST_BUSY:
			return true;
		case LIST_ERROR:
			list_failed(run);
			break;
		case LIST_END:
			run->list_ended = true;
			break;
		}
	}
	return false;
}

/* How many of those outstanding wait for a worker: only a pool's do. */
static uint64_t waiting_beyond(const struct run *run)
{
	return run->outstanding > run->settings.jobs
		       ? run->outstanding - run->settings.jobs : 0;
}

/* Keeps the figures of what waits. */
static void measure(struct run *run)
{
	uint64_t waiting = run->ready.count + waiting_beyond(run);
	bool held = !run->stopped && !run->list_ended && !run->list_waiting &&
		    !has_room(run);

	if (waiting > run->totals.most_waiting)
		run->totals.most_waiting = waiting;
	if (held && run->held_since_us == 0) {
		run->held_since_us = clock_now_us();
	} else if (!held && run->held_since_us != 0) {
		run->totals.held_us += clock_now_us() - run->held_since_us;
		run->held_since_us = 0;
	}
}

static void trace_now(struct run *run)
{
	uint64_t beyond = waiting_beyond(run);

	if (run->trace != NULL)
		trace_load(run->trace, run->outstanding - beyond,
			   run->ready.count + beyond);
}

/* Submits ready jobs while the strategy has room.  Returns true when there
 * is more to do at once. */
static bool submit_ready(struct run *run)
{
	while (run->ready.count > 0 && run->outstanding < run->limit &&
	       !run->stopped) {
		struct job *job = job_list_take(&run->ready);
		uint64_t before = run->outstanding;

		task_of(job)->state = TASK_FLIGHT;
		run->outstanding++;
		run->totals.submitted++;
		if (run->strategy->blocks) {
			measure(run);
			trace_now(run);
			outlet_flush(run->out);
			outlet_flush(run->errors);
		}
		run->strategy->submit(run->state, job);
		/* It may have run the job to its end, for want of a worker. */
		if (run->outstanding == before || *run->env.stop != 0)
			return true;
	}
	return false;
}

static void stop_unwritten(struct run *run)
{
	/* The reader has gone: end as any filter does. */
	if (run->write_error == EPIPE) {
		run_stop(run, SIGPIPE);
		return;
	}
	if (!run->stopped)
		report_message(run->report, "cannot write the output: %s",
			       strerror(run->write_error));
	run->status = EXIT_STATUS_LOCAL;
	run_stop(run, 0);
}

/* One turn's work.  Returns true when the next turn should not wait. */
static bool pump(struct run *run)
{
	bool more;

	if (run->write_error != 0)
		stop_unwritten(run);
	more = take_entries(run);
	more = submit_ready(run) || more;
	if (run->order != NULL && !run->stopped) {
		int error = order_advance(run->order);

		if (error != 0) {
			report_message(run->report, "cannot read back a "
				       "body: %s", strerror(error));
			run->status = EXIT_STATUS_LOCAL;
			run_stop(run, 0);
		}
	}
	measure(run);
	trace_now(run);
	/* Entries that were final at once have left room for more. */
	return more || (run->write_error != 0 && !run->stopped) ||
	       (!run->list_ended && !run->list_waiting && !run->stopped &&
		has_room(run));
}

static void abort_task(struct task *task)
{
	struct run *run = task->run;

	if (task->state == TASK_PARKED) {
		evtimer_del(&task->timer);
		run->parked--;
		if (task->tries > 1)
			task->tries--; /* it has not begun */
	}
	job_clear_result(&task->job);
	result_fail(&task->job.result, CAUSE_ABORTED, "interrupted");
	settle_final(task);
}

void run_stop(struct run *run, int number)
{
	struct timeval time = clock_timeval_ms(DEADLINE_MS);
	struct task *task, *next;

	if (run->stopped)
		return;
	run->stopped = true;
	run->totals.signal = number;
	evtimer_add(run->deadline, &time);
	run->ready = (struct job_list){ 0 };
	DL_FOREACH_SAFE(run->tasks, task, next) {
		if (task->state == TASK_READY || task->state == TASK_PARKED)
			abort_task(task);
	}
	if (run->order != NULL)
		order_drop(run->order);
	run->strategy->cancel(run->state);
}

static bool is_done(const struct run *run)
{
	/* A signal that ended the last transfer is still to be taken in. */
	if (*run->env.stop != 0 && !run->stopped)
		return false;
	if (run->stopped)
		return run->abandoned || run->live == 0;
	return run->list_ended && run->live == 0;
}

/* Those that did not end in time after a signal. */
static void abandon(struct run *run)
{
	struct task *task, *next;

	DL_FOREACH_SAFE(run->tasks, task, next) {
		if (run->names != NULL)
			sink_remove_temp(&run->common.place, task->job.number);
		settle_abandoned(task);
	}
}

static void write_rest(struct run *run)
{
	if (run->trace != NULL) {
		trace_now(run);
		trace_free(run->trace);
	}
	run->trace = NULL;
	outlet_flush(run->out);
	outlet_flush(run->errors);
	while (!run->stopped && (outlet_pending(run->out) > 0 ||
				 outlet_pending(run->errors) > 0 ||
				 (run->trace_out != NULL &&
				  outlet_pending(run->trace_out) > 0)))
		event_base_loop(run->base, EVLOOP_ONCE);
}

static void report_end(struct run *run)
{
	struct report_totals *totals = &run->totals;

	totals->first_us = run->first_us;
	if (run->last_us > run->first_us)
		totals->elapsed_us = run->last_us - run->first_us;
	if (totals->signal != SIGPIPE)
		report_totals(run->report, totals);
}

/* A strategy that did not come to rest may still use anything: nothing is
 * freed, and the process ends here. */
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
	report_end(&run);
	write_rest(&run);
	if (run.write_error != 0 && !run.stopped) {
		stop_unwritten(&run);
		outlet_flush(run.errors);
	}
	if (run.abandoned && run.outstanding > 0)
		end_abandoned(&run);
	*signal = run.totals.signal;
	setup_undo(&run);
	if (run.observer != NULL)
		run.observer->ended(run.observer->context, &run.totals);
	return run.status;
}
