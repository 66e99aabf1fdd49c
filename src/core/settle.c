/*
 * What happens when a job comes back: the next hop of a redirect, another try,
 * or a final result.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/host.h"
#include "base/siphash.h"
#include "core/host-rules.h"
#include "core/retry.h"
#include "core/run-internal.h"
#include "transfer/publish.h"

enum {
	STARVED_MAX = 50,       /* how often a task may lack descriptors */
	STARVED_WAIT_MS = 100,
	REFUSED_MAX = 10,       /* how often a host may refuse at no cost */
};

/* ---- jobs ---- */

/* Takes TASK's job, which the strategy is done with, for reuse. */
static void let_go(struct run *run, struct task *task)
{
	struct job *job = task->job;

	if (job == NULL)
		return;
	job_clear_result(job);
	job->request = NULL;
	task->job = NULL;
	job_list_append(&run->spare, job);
}

static void make_ready(struct run *run, struct task *task)
{
	let_go(run, task);
	task->state = TASK_READY;
	schedule_add(run->schedule, task, clock_now_us());
}

static void park(struct run *run, struct task *task, uint64_t delay_ms)
{
	let_go(run, task);
	task->state = TASK_PARKED;
	schedule_park(run->schedule, task, clock_now_us() + delay_ms * 1000);
}

/* ---- shortages ---- */

void settle_memory(void *context, uint64_t largest, uint64_t sum)
{
	struct run *run = context;

	run->totals.memory_largest = largest;
	run->totals.memory_sum = sum;
}

static void warn_of_shortage(struct run *run, const char *what)
{
	run->totals.short_of = true;
	if (run->warned)
		return;
	run->warned = true;
	listeners_message(&run->listeners, "warning: out of %s: continuing "
			  "with at most %llu transfers at a time", what,
			  (unsigned long long)
				  schedule_counts(run->schedule)->limit);
}

void settle_shortage(void *context, unsigned running, const char *what)
{
	struct run *run = context;

	schedule_shortage(run->schedule, running);
	warn_of_shortage(run, what);
}

/* A shortage of descriptors is no fault of the URL: the task is parked, and
 * this does not count as a try. */
static bool settle_starved(struct run *run, struct task *task)
{
	if (!task->job->result.starved || ++task->starved > STARVED_MAX)
		return false;
	if (schedule_starved(run->schedule, clock_now_us()))
		warn_of_shortage(run, "descriptors or threads");
	park(run, task, STARVED_WAIT_MS);
	return true;
}

/* ---- redirects and retries ---- */

/* Whether URL's host is this machine or the built-in origin. */
static bool is_here(const struct run *run, const char *url)
{
	struct host host = host_of(url);

	return host_is_loopback(host) ||
	       (run->common.connect_to != NULL && host_is_origin(host));
}

/* The request that TASK's redirect leads to; or NULL, with the job's result
 * made a failure, if the redirect can't be followed. */
static struct request *next_hop(struct run *run, struct task *task)
{
	struct result *result = &task->job->result;
	const char *fault;
	char *next;

	if (task->redirects >= run->settings.max_redirect) {
		result_fail(result, CAUSE_REDIRECT,
			    "more than %llu redirects",
			    (unsigned long long)task->redirects);
		return NULL;
	}
	fault = url_redirect(task_first_url(task), task->request->url,
			     task->job->location, &next);
	if (fault != NULL) {
		result_fail(result, CAUSE_REDIRECT, "%s", fault);
		return NULL;
	}
	if (run->settings.stay && !is_here(run, next)) {
		free(next);
		result_fail(result, CAUSE_REDIRECT,
			    "it leads to another machine; --yes allows it");
		return NULL;
	}
	if (run->settings.hosts != NULL &&
	    !host_rules_allow(run->settings.hosts, next)) {
		free(next);
		result_fail(result, CAUSE_REDIRECT,
			    "--hosts does not allow the host that it leads "
			    "to");
		return NULL;
	}
	return request_redirected(task->request, result->http_status, next);
}

/* Follows a redirect.  Returns false, with the job's result made a failure, if
 * it can't be followed. */
static bool settle_redirect(struct run *run, struct task *task)
{
	struct result *result = &task->job->result;
	struct request *next = next_hop(run, task);

	if (next == NULL)
		return false;
	if (!task_visit(task, next)) {
		request_free(next);
		result_fail(result, CAUSE_REDIRECT, "redirect loop");
		return false;
	}
	run->totals.redirects++;
	make_ready(run, task);
	return true;
}

static bool settle_retry(struct run *run, struct task *task)
{
	const struct result *result = &task->job->result;
	uint64_t delay_ms;

	if (!retry_can_pass(result) || task->tries >= run->settings.tries)
		return false;
	delay_ms = retry_delay_ms(result, task->tries,
				  run->settings.retry_max_wait_ms,
				  siphash_random());
	task->tries++;
	run->totals.retries++;
	park(run, task, delay_ms);
	return true;
}

/* A host that is busy refused the request, but serves others: the task waits
 * for the host's cool-down with the others, and this does not count as a
 * try. */
static bool settle_refused(struct run *run, struct task *task)
{
	if (task->refused >= REFUSED_MAX || run->settings.tries == 1)
		return false;
	task->refused++;
	make_ready(run, task);
	return true;
}

static void add_up(struct run *run, const struct job *job)
{
	struct run_totals *totals = &run->totals;

	totals->connections += job->result.connections;
	totals->lookups += job->result.lookups;
	totals->deaths += job->deaths;
	totals->fetches += job->fetches;
}

void settle_finished(void *context, struct job *job)
{
	struct run *run = context;
	struct task *task = task_of(job);
	struct listener_item item;
	bool spared;

	add_up(run, job);
	spared = schedule_ended(run->schedule, task, &job->result,
				clock_now_us());
	if (task->begun_us == 0)
		task->begun_us = job->result.moments.begun_us;
	item = run_item(run, task, &job->result);
	listeners_ended(&run->listeners, &item);
	if (!run->stopped) {
		if (settle_starved(run, task))
			return;
		if (job->result.outcome == OUTCOME_REDIRECT &&
		    settle_redirect(run, task))
			return;
		if (spared && settle_refused(run, task))
			return;
		if (settle_retry(run, task))
			return;
	}
	if (job->result.outcome == OUTCOME_REDIRECT)
		result_fail(&job->result, CAUSE_ABORTED, "interrupted");
	settle_final(run, task, &job->result);
}

/* ---- final results ---- */

/* The context of put_name(). */
struct publication {
	const struct sink_place *place;
	const struct job *job;
};

static int put_name(void *context, const char *name)
{
	struct publication *publication = context;

	return publish_file(publication->place, publication->job->number,
			    &publication->job->body, name);
}

/* close(2) is where some file systems report a failed write. */
static int close_body(struct run *run, struct task *task)
{
	struct body *body = &task->job->body;
	int error = 0;

	if (body->kind != BODY_UNNAMED)
		return 0;
	if (close(body->fd) != 0 && errno != EINTR)
		error = errno;
	body->kind = BODY_NONE;
	if (error != 0)
		publish_undo(&run->common.place, task->name);
	return error;
}

/* Gives the file with the whole body its name.  RESULT becomes a failure if
 * that can't be done. */
static void publish(struct run *run, struct task *task, struct result *result)
{
	struct publication publication = { &run->common.place, task->job };
	int error = names_publish(run->names, put_name, &publication,
				  &task->name);

	if (error != 0) {
		result_fail(result, CAUSE_FILE,
			    "cannot rename the file into place: %s",
			    strerror(error));
		sink_remove_temp(&run->common.place, task->number);
		return;
	}
	error = close_body(run, task);
	if (error != 0)
		result_fail(result, CAUSE_FILE, "cannot write the file: %s",
			    strerror(error));
}

static void count(struct run *run, const struct result *result)
{
	struct run_totals *totals = &run->totals;
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

static void tell_final(struct run *run, const struct task *task,
		       const struct result *result)
{
	struct listener_item item = run_item(run, task, result);

	count(run, result);
	listeners_final(&run->listeners, &item);
}

static struct result interrupted(void)
{
	struct result result = { .retry_after_s = -1 };

	result_fail(&result, CAUSE_ABORTED, "interrupted");
	return result;
}

void settle_abandoned(struct run *run, struct task *task)
{
	/* Not the job's result: a hung worker may still write to that. */
	struct result result = interrupted();

	tell_final(run, task, &result);
}

void settle_interrupted(struct run *run, struct task *task)
{
	struct result result = interrupted();

	if (task->state == TASK_PARKED && task->tries > 1)
		task->tries--; /* the next try has not begun */
	settle_final(run, task, &result);
}

static void release(struct run *run, struct task *task)
{
	let_go(run, task);
	DL_DELETE(run->tasks, task);
	run->live--;
	task_free(task);
}

void settle_written(void *run, struct task *task)
{
	release(run, task);
}

/* If the run ends because of a local error, nobody interrupted the transfers
 * that end with it: reports that error instead. */
static void name_true_cause(const struct run *run, struct result *result)
{
	if (result->cause != CAUSE_ABORTED)
		return;
	if (run->write_error != 0)
		result_fail(result, CAUSE_FILE, "cannot write the output: %s",
			    strerror(run->write_error));
	else if (run->spool_error != 0)
		result_fail(result, CAUSE_FILE,
			    "cannot read back a spooled body: %s",
			    strerror(run->spool_error));
}

static bool is_in_file(const struct job *job)
{
	return job != NULL && (job->body.kind == BODY_TEMP ||
			       job->body.kind == BODY_UNNAMED);
}

void settle_final(struct run *run, struct task *task,
		  const struct result *seen)
{
	struct result result = *seen;

	/* A body that comes now has lost its turn in the output. */
	if (run->order != NULL && run->stopped &&
	    result.outcome != OUTCOME_FAILED)
		result = interrupted();
	name_true_cause(run, &result);
	if (is_in_file(task->job))
		publish(run, task, &result);
	tell_final(run, task, &result);
	if (task->name != NULL)
		names_give_back(run->names, task->name,
				result.outcome == OUTCOME_FAILED);
	task->name = NULL;
	if (run->order == NULL || run->stopped) {
		release(run, task);
		return;
	}
	task->state = TASK_HELD;
	order_put(run->order, task);
}
