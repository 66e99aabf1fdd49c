/*
 * What follows when a job comes back: the next hop of a redirect, another
 * try, or a final result.
 */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/host.h"
#include "base/siphash.h"
#include "core/retry.h"
#include "core/run-internal.h"

enum {
	STARVED_MAX = 50,       /* times that a task may lack descriptors */
	STARVED_WAIT_MS = 100,
};

static void make_ready(struct task *task)
{
	task->state = TASK_READY;
	job_clear_result(&task->job);
	job_list_append(&task->run->ready, &task->job);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	struct task *task = context;

	(void)fd, (void)what;
	task->run->parked--;
	make_ready(task);
}

static void park(struct task *task, uint64_t delay_ms)
{
	struct timeval time = clock_timeval_ms(delay_ms);

	task->state = TASK_PARKED;
	task->run->parked++;
	evtimer_assign(&task->timer, task->run->base, on_timer, task);
	evtimer_add(&task->timer, &time);
}

void settle_memory(void *context, uint64_t largest, uint64_t sum)
{
	struct run *run = context;

	run->totals.memory_largest = largest;
	run->totals.memory_sum = sum;
}

void settle_shortage(void *context, unsigned running, const char *what)
{
	struct run *run = context;

	running = running > 0 ? running : 1;
	if (running < run->limit)
		run->limit = running;
	run->thriving = 0;
	run->totals.short_of = true;
	if (run->warned)
		return;
	run->warned = true;
	report_message(run->report, "warning: out of %s: going on with %llu "
		       "transfers at once", what,
		       (unsigned long long)run->limit);
}

/* No descriptor could be had: that is no fault of the URL's. */
static bool settle_starved(struct task *task)
{
	struct run *run = task->run;

	if (!task->job.result.starved || ++task->starved > STARVED_MAX)
		return false;
	/* Many starve at one moment: that is one shortage, not many. */
	if (clock_now_us() - run->lowered_us > STARVED_WAIT_MS * 1000) {
		uint64_t busy = run->outstanding + 1;
		uint64_t most = busy < run->limit ? busy : run->limit;

		settle_shortage(run, (unsigned)(most + 1) / 2,
				"descriptors or threads");
		run->lowered_us = clock_now_us();
	}
	park(task, STARVED_WAIT_MS);
	return true;
}

/* A shortage may pass: after as many good ends as the limit, one more. */
static void count_thriving(struct run *run)
{
	if (run->limit >= run->capacity || ++run->thriving < run->limit)
		return;
	run->thriving = 0;
	run->limit++;
}

/* Whether URL's host is this machine, the origin's included. */
static bool is_here(const struct run *run, const char *url)
{
	struct host host = host_of(url);

	return host_is_loopback(host) ||
	       (run->common.connect_to != NULL && host_is_origin(host));
}

/* Goes on to where the server points.  Returns false, with the result made a
 * failure, when it does not lead on. */
static bool settle_redirect(struct task *task)
{
	struct result *result = &task->job.result;
	const char *fault;
	char *next;

	if (task->redirects >= task->run->settings.max_redirect) {
		result_fail(result, CAUSE_REDIRECT,
			    "more than %llu redirects",
			    (unsigned long long)task->redirects);
		return false;
	}
	fault = url_redirect(task->entry_url, task->url, task->job.location,
			     &next);
	if (fault != NULL) {
		result_fail(result, CAUSE_REDIRECT, "%s", fault);
		return false;
	}
	if (task->run->settings.stay && !is_here(task->run, next)) {
		free(next);
		result_fail(result, CAUSE_REDIRECT,
			    "it leads to another machine: --yes lets it");
		return false;
	}
	if (!task_visit(task, next)) {
		free(next);
		result_fail(result, CAUSE_REDIRECT, "redirect loop");
		return false;
	}
	task->run->totals.redirects++;
	make_ready(task);
	return true;
}

static bool settle_retry(struct task *task)
{
	struct run *run = task->run;
	const struct result *result = &task->job.result;
	uint64_t delay_ms;

	if (!retry_can_pass(result) || task->tries >= run->settings.tries)
		return false;
	delay_ms = retry_delay_ms(result, task->tries,
				  run->settings.retry_max_wait_ms,
				  siphash_random());
	task->tries++;
	run->totals.retries++;
	park(task, delay_ms);
	return true;
}

static struct report_item item_of(const struct task *task,
				  const struct result *result)
{
	struct report_item item = {
		.number = task->job.number,
		.url = task->listed,
		.requested = task->job.url,
		.read_us = task->read_us,
		.begun_us = task->begun_us,
		.place = task->place,
		.result = result,
		.tries = task->tries,
		.redirects = task->redirects,
		.name = result->outcome != OUTCOME_FAILED ? task->name : NULL,
	};

	return item;
}

/* Tells who watches of a job that came back. */
static void tell_attempt(struct run *run, struct task *task)
{
	struct report_item item;

	if (run->trace == NULL && run->observer == NULL)
		return;
	item = item_of(task, &task->job.result);
	if (run->trace != NULL)
		trace_attempt(run->trace, &item);
	if (run->observer != NULL)
		run->observer->attempt(run->observer->context, &item);
}

void settle_finished(void *context, struct job *job)
{
	struct run *run = context;
	struct task *task = task_of(job);
	struct report_totals *totals = &run->totals;

	run->outstanding--;
	totals->connections += job->result.connections;
	totals->lookups += job->result.lookups;
	totals->deaths += job->deaths;
	totals->fetches += job->fetches;
	job->fetches = 0;
	if (task->begun_us == 0)
		task->begun_us = job->result.moments.begun_us;
	tell_attempt(run, task);
	if (!run->stopped) {
		if (settle_starved(task))
			return;
		count_thriving(run);
		if (job->result.outcome == OUTCOME_REDIRECT &&
		    settle_redirect(task))
			return;
		if (settle_retry(task))
			return;
	}
	if (job->result.outcome == OUTCOME_REDIRECT)
		result_fail(&job->result, CAUSE_ABORTED, "interrupted");
	settle_final(task);
}

/* The whole body is there under its temporary name: gives it its own. */
static void publish(struct task *task)
{
	struct run *run = task->run;
	struct result *result = &task->job.result;
	char temp[SINK_NAME_ROOM];
	int error;

	sink_temp_name(&run->common.place, task->job.number, temp);
	error = names_publish(run->names, temp, &task->name);
	if (error == 0)
		return;
	result_fail(result, CAUSE_FILE, "cannot rename: %s", strerror(error));
	sink_remove_temp(&run->common.place, task->job.number);
}

static void count(struct run *run, const struct result *result)
{
	struct report_totals *totals = &run->totals;
	int status = cause_table[result->cause].exit_status;

	run->last_us = clock_now_us();
	if (result->outcome == OUTCOME_FAILED) {
		totals->failed++;
		if (run->status == 0 || status < run->status)
			run->status = status;
		return;
	}
	totals->bytes += result->bytes;
	if (result->outcome == OUTCOME_UNVERIFIED)
		totals->unverified++;
}

static void say(struct task *task, const struct result *result)
{
	struct run *run = task->run;
	struct report_item item = item_of(task, result);

	count(run, result);
	if (run->observer != NULL)
		run->observer->entry(run->observer->context, &item);
	/* Nobody reads any more: end quietly, as filters do. */
	if (run->totals.signal != SIGPIPE)
		report_item(run->report, &item);
}

void settle_abandoned(struct task *task)
{
	/* Not the job's own: a worker that hangs may still write to it. */
	struct result result = { .retry_after_s = -1 };

	result_fail(&result, CAUSE_ABORTED, "interrupted");
	say(task, &result);
}

static void release(struct task *task)
{
	struct run *run = task->run;

	DL_DELETE(run->tasks, task);
	run->live--;
	task_free(task);
}

void settle_written(void *run, struct task *task)
{
	(void)run;
	release(task);
}

/* What ended with the run was not interrupted by anybody when the run ended
 * because its output could not be written. */
static void name_true_cause(struct run *run, struct result *result)
{
	if (result->cause == CAUSE_ABORTED && run->write_error != 0)
		result_fail(result, CAUSE_FILE, "the output failed: %s",
			    strerror(run->write_error));
}

void settle_final(struct task *task)
{
	struct run *run = task->run;
	struct result *result = &task->job.result;

	name_true_cause(run, result);
	if (task->job.body.kind == BODY_TEMP)
		publish(task);
	say(task, result);
	if (task->name != NULL)
		names_give_back(run->names, task->name,
				result->outcome == OUTCOME_FAILED);
	task->name = NULL;
	if (run->order == NULL || run->stopped) {
		release(task);
		return;
	}
	task->state = TASK_HELD;
	order_put(run->order, task);
}
