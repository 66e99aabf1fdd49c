/*
 * How a task goes on after a try: with the next hop of a redirect, or with
 * another try, now or later.
 */
#include "config.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/host.h"
#include "base/siphash.h"
#include "core/host-rules.h"
#include "core/parts.h"
#include "core/retry.h"
#include "core/run-internal.h"

enum {
	STARVED_MAX = 50,       /* how often a task may lack descriptors */
	STARVED_WAIT_MS = 100,
	REFUSED_MAX = 10,       /* how often a host may refuse at no cost */
};

/* ---- jobs ---- */

/* Takes TASK's job, which the strategy is done with, for reuse. */
void again_let_go(struct run *run, struct task *task)
{
	struct job *job = task->job;

	if (job == NULL)
		return;
	job_clear_result(job);
	job->request = NULL;
	task->job = NULL;
	job_list_append(&run->spare, job);
}

void again_make_ready(struct run *run, struct task *task)
{
	again_let_go(run, task);
	task->state = TASK_READY;
	schedule_add(run->schedule, task, clock_now_us());
}

static void park(struct run *run, struct task *task, uint64_t delay_ms)
{
	again_let_go(run, task);
	task->state = TASK_PARKED;
	schedule_park(run->schedule, task, clock_now_us() + delay_ms * 1000);
}

/* Has the next try go on from what this one has left, or begin anew. */
static void carry_on(struct run *run, struct task *task)
{
	const struct result *result = &task->job->result;
	bool in_parts = task->parent == NULL && task->request->to > 0;
	struct request *next;

	if (result->kept == 0 &&
	    (task->request->from == 0 || task->parent != NULL))
		return;
	if (result->kept == 0)
		sink_remove_temp(&run->common.place, task->number);
	next = request_continued(task->request, result->kept,
				 result->validator);
	request_free(task->request);
	task->request = next;
	if (in_parts && next->to == 0)
		parts_prepare(run, task);
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
static bool try_later(struct run *run, struct task *task)
{
	if (!task->job->result.starved || ++task->starved > STARVED_MAX)
		return false;
	if (schedule_starved(run->schedule, clock_now_us()))
		warn_of_shortage(run, "descriptors or threads");
	carry_on(run, task);
	park(run, task, STARVED_WAIT_MS);
	return true;
}

/* ---- redirects and retries ---- */

/* Whether URL's host is this machine or the built-in origin. */
static bool is_here(const struct run *run, const char *url)
{
	struct host host = host_of(url);

	return host_is_loopback(host) ||
	       (run->common.has_origin && host_is_origin(host));
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
	return request_redirected(task->request, result->http_status, next,
				  result->public);
}

/* TASK has another URL to be requested. */
static void set_out(struct run *run, struct task *task)
{
	if (run->leftovers != NULL && !task->robots)
		task->request = leftovers_claim(run->leftovers, task->number,
						task->request);
	parts_prepare(run, task);
	robots_admit(run, task);
}

/* Follows a redirect.  Returns false, with the job's result made a failure, if
 * it can't be followed. */
static bool redirect(struct run *run, struct task *task)
{
	struct result *result = &task->job->result;
	struct request *next = next_hop(run, task);

	if (next == NULL)
		return false;
	if (request_is_withheld(next)) {
		request_free(next);
		result_fail(result, CAUSE_REDIRECT, "it leads to another "
			    "origin, which the data is not sent to");
		return false;
	}
	if (!task_visit(task, next)) {
		request_free(next);
		result_fail(result, CAUSE_REDIRECT, "redirect loop");
		return false;
	}
	run->totals.redirects++;
	set_out(run, task);
	return true;
}

/* Whether RESULT, of a request for a part of a body, says that this is not to
 * be had, or that it doesn't fit what was there before. */
static bool is_unfit(const struct result *result)
{
	switch (result->cause) {
	case CAUSE_PROTOCOL: case CAUSE_MISMATCH: case CAUSE_TRUNCATED:
	case CAUSE_RESET: case CAUSE_TIMEOUT:
	case CAUSE_FILE: case CAUSE_WORKER:
		return true;
	default:
		return result->http_status == 416;
	}
}

/* If the rest of a body can't be had, fetches all of it, which doesn't count as
 * a try. */
static bool fetch_all(struct run *run, struct task *task)
{
	const struct result *result = &task->job->result;

	if (task->parent != NULL || result->kept > 0 ||
	    !is_unfit(result))
		return false;
	/* The first part of a body proves nothing if it merely got lost. */
	if (task->request->from == 0 &&
	    (task->request->to == 0 || (result->cause != CAUSE_PROTOCOL &&
					result->cause != CAUSE_HTTP)))
		return false;
	task->whole = true;
	task->request->to = 0;
	carry_on(run, task);
	again_make_ready(run, task);
	return true;
}

static bool retry(struct run *run, struct task *task)
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
	carry_on(run, task);
	park(run, task, delay_ms);
	return true;
}

/* A host that is busy refused the request, but serves others: the task waits
 * for the host's cool-down with the others, and this does not count as a
 * try. */
static bool ask_again(struct run *run, struct task *task)
{
	if (task->refused >= REFUSED_MAX || run->settings.tries == 1)
		return false;
	task->refused++;
	carry_on(run, task);
	again_make_ready(run, task);
	return true;
}

bool again_with_mirror(struct run *run, struct task *task)
{
	bool left = task->request->from > 0 ||
		    (task->job != NULL && task->job->result.kept > 0);

	if (!task_use_mirror(task))
		return false;
	/* A mirror's version of the body may be another one. */
	if (left)
		sink_remove_temp(&run->common.place, task->number);
	set_out(run, task);
	return true;
}

bool again_can_be_mirrored(const struct result *result)
{
	switch (result->cause) {
	case CAUSE_ABORTED: case CAUSE_FILE: case CAUSE_RESOURCE:
		return false;
	default:
		return true;
	}
}

bool again(struct run *run, struct task *task, bool spared)
{
	switch (task->job->result.outcome) {
	case OUTCOME_PART:
		return task->parent == NULL &&
		       (parts_split(run, task) ||
			again_with_mirror(run, task));
	case OUTCOME_REDIRECT:
		if (task->parent != NULL)
			return false;
		return redirect(run, task) || retry(run, task) ||
		       again_with_mirror(run, task);
	case OUTCOME_FAILED:
		if (task->parent != NULL &&
		    task->job->result.kept == task->request->to)
			return false; /* nothing is left to be done */
		return try_later(run, task) || fetch_all(run, task) ||
		       (spared && ask_again(run, task)) ||
		       retry(run, task) ||
		       (again_can_be_mirrored(&task->job->result) &&
			again_with_mirror(run, task));
	default:
		return false;
	}
}
