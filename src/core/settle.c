/* What happens when a job comes back: it goes on (again.c), or its result is
 * final. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "core/live.h"
#include "core/name.h"
#include "core/parts.h"
#include "core/run-internal.h"
#include "transfer/publish.h"

static void add_up(struct run *run, const struct job *job)
{
	struct run_totals *totals = &run->totals;

	totals->connections += job->result.connections;
	totals->lookups += job->result.lookups;
	totals->deaths += job->deaths;
	totals->fetches += job->fetches;
}

void settle_anew(void *context, struct job *job)
{
	struct run *run = context;

	if (run->live_bodies != NULL && !task_of(job)->robots)
		live_begin(run->live_bodies, task_of(job));
}

void settle_finished(void *context, struct job *job)
{
	struct run *run = context;
	struct task *task = task_of(job);
	struct listener_item item;
	bool spared;

	/* It may have been cut short because of that. */
	run_check_output(run);
	if (run->live_bodies != NULL)
		live_end(run->live_bodies, task);
	add_up(run, job);
	meter_leave(run->common.meter, job->place);
	identity_learn(run->identity, job);
	spared = schedule_ended(run->schedule, task, &job->result,
				clock_now_us());
	if (task->begun_us == 0)
		task->begun_us = job->result.moments.begun_us;
	item = run_item(run, task, &job->result);
	listeners_ended(&run->listeners, &item);
	if (!run->stopped && again(run, task, spared))
		return;
	if ((job->result.outcome == OUTCOME_REDIRECT ||
	     job->result.outcome == OUTCOME_PART) &&
	    (task->parent == NULL || run->stopped))
		result_fail(&job->result, CAUSE_ABORTED, "interrupted");
	settle_final(run, task, &job->result);
}

/* ---- final results ---- */

/* The context of put_name(). */
struct publication {
	const struct sink_place *place;
	const struct job *job;
	bool replace;
	uint64_t backups;
};

static int put_name(void *context, const char *name)
{
	struct publication *publication = context;

	return publish_file(publication->place, publication->job->number,
			    &publication->job->body, name,
			    publication->replace, publication->backups);
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

/* Gives TASK the name that the server suggests, made safe, in the directory of
 * its own name. */
static void take_suggested_name(struct run *run, struct task *task,
				const char *suggested)
{
	char name[NAMES_ROOM];
	const char *own = strrchr(task->name, '/');
	size_t directory = own != NULL ? (size_t)(own + 1 - task->name) : 0;

	if (directory + NAME_ROOM > sizeof(name) ||
	    !name_from_suggestion(suggested, name + directory))
		return;
	memcpy(name, task->name, directory);
	names_give_back(run->names, task->name, false);
	task->name = names_take(run->names, name);
}

void settle_publish(struct run *run, struct task *task, struct result *result)
{
	struct publication publication = {
		.place = &run->common.place,
		.job = task->job,
		.replace = settings_replace(&run->settings),
		.backups = run->settings.backups,
	};
	int error;

	if (run->settings.timestamps && result->modified_s > 0)
		publish_set_time(publication.place, task->number,
				 &task->job->body, result->modified_s);
	error = names_publish(run->names, put_name, &publication,
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
	else if (run->etags != NULL)
		etags_put(run->etags, task_first_url(task), result->validator,
			  task->name);
}

static void count(struct run *run, const struct result *result)
{
	struct run_totals *totals = &run->totals;

	run->last_us = clock_now_us();
	run->ended++;
	if (result->outcome == OUTCOME_FAILED) {
		totals->failed++;
		totals->causes[result->cause]++;
		run_note_status(run, cause_table[result->cause].exit_status);
		return;
	}
	if (result->outcome == OUTCOME_SKIPPED) {
		totals->skipped++;
		return;
	}
	totals->bytes += result->bytes;
	if (result->outcome == OUTCOME_UNVERIFIED)
		totals->unverified++;
}

/* A good RESULT, which was counted, turns out to be a failure. */
static void uncount(struct run *run, const struct result *result)
{
	struct run_totals *totals = &run->totals;

	run->ended--;
	if (result->outcome == OUTCOME_UNVERIFIED)
		totals->unverified--;
	totals->bytes -= result->bytes;
}

static void tell_final(struct run *run, const struct task *task,
		       const struct result *result)
{
	struct listener_item item = run_item(run, task, result);

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

	if (task->parent != NULL || task->robots)
		return;
	count(run, &result);
	tell_final(run, task, &result);
}

/* What an earlier try of TASK, which is not in flight, has left in its file. */
static uint64_t kept_before(const struct task *task)
{
	return task->request != NULL ? task->request->from : 0;
}

void settle_interrupted(struct run *run, struct task *task)
{
	struct result result = interrupted();

	if (task->state == TASK_PARKED && task->tries > 1)
		task->tries--; /* the next try has not begun */
	result.kept = kept_before(task);
	settle_final(run, task, &result);
}

void settle_doomed(struct run *run, struct task *task, const char *fault)
{
	struct result result = { .retry_after_s = -1 };

	if (task->parent == NULL && again_with_mirror(run, task))
		return;
	result_fail(&result, CAUSE_CONNECT, "%s", fault);
	task->tries--; /* this one never began */
	result.kept = kept_before(task);
	settle_final(run, task, &result);
}

static void release(struct run *run, struct task *task)
{
	again_let_go(run, task);
	parts_free(task);
	DL_DELETE(run->tasks, task);
	run->live--;
	task_free(task);
}

/* If the run ends because of a local error, nobody interrupted the transfers
 * that end with it: reports that error instead. */
static void name_true_cause(const struct run *run, struct result *result)
{
	if (result->cause != CAUSE_ABORTED)
		return;
	if (run->ending != NULL)
		result_fail(result, CAUSE_ABORTED, "the run was stopped: %s",
			    run->ending);
	if (run->journal_error != 0)
		result_fail(result, CAUSE_FILE, "cannot write the journal: %s",
			    strerror(run->journal_error));
	else if (run->write_error != 0)
		result_fail(result, CAUSE_FILE, "cannot write the output: %s",
			    strerror(run->write_error));
	else if (run->body_error != 0)
		result_fail(result, CAUSE_FILE, "cannot write a body: %s",
			    strerror(run->body_error));
}

/* TASK failed for good, and its file has KEPT bytes of the body. */
static void settle_kept(struct run *run, const struct task *task,
			uint64_t kept)
{
	/* What more than the URL identifies is in no list. */
	if (kept > 0 && run->leftovers != NULL &&
	    request_is_bare(task->request))
		run->totals.kept++;
	else if (kept > 0 || kept_before(task) > 0)
		sink_remove_temp(&run->common.place, task->number);
}

static bool is_in_file(const struct job *job)
{
	return job != NULL && (job->body.kind == BODY_TEMP ||
			       job->body.kind == BODY_UNNAMED);
}

/* Tells the listeners of RESULT, and lets go of TASK. */
static void end_task(struct run *run, struct task *task,
		     const struct result *result)
{
	tell_final(run, task, result);
	if (task->name != NULL && task->settled)
		free(task->name);
	else if (task->name != NULL)
		names_give_back(run->names, task->name,
				result->outcome == OUTCOME_FAILED);
	task->name = NULL;
	live_return(run->live_bodies, task);
	release(run, task);
}

static void keep_result(struct task *task, const struct result *result)
{
	task->result = memory_alloc(sizeof(*result));
	*task->result = *result;
}

/* TASK waits for its turn. */
static void hold(struct run *run, struct task *task,
		 const struct result *result)
{
	keep_result(task, result);
	task->state = TASK_HELD;
	order_put(run->order, task);
}

/* Whether the result has to be durable before it is reported. */
static bool must_commit(const struct run *run, const struct task *task,
			const struct result *result)
{
	return run->commit != NULL &&
	       (result->outcome == OUTCOME_OK ||
		result->outcome == OUTCOME_UNVERIFIED) &&
	       (is_in_file(task->job) || run->journal != NULL);
}

/* A part of a body that failed can't be taken back. */
static void stop_within(struct run *run)
{
	if (run->stopped)
		return;
	run->ending = "the output ends within a body that could not be "
		      "fetched as a whole";
	listeners_message(&run->listeners, "stopping: %s", run->ending);
	run_stop(run, 0);
}

/* TASK's result is RESULT, whatever becomes of it. */
static void settle_outcome(struct run *run, struct task *task,
			   const struct result *result)
{
	if (result->outcome == OUTCOME_FAILED &&
	    live_has_passed(run->live_bodies, task))
		stop_within(run);
	if (result->outcome == OUTCOME_FAILED) {
		settle_kept(run, task, result->kept);
		if (run->journal != NULL)
			commit_note_failure(run->commit, task, result->cause);
	}
	count(run, result);
	if (run->order == NULL || run->stopped)
		end_task(run, task, result);
	else
		hold(run, task, result);
}

void settle_final(struct run *run, struct task *task,
		  const struct result *seen)
{
	struct result result = *seen;

	if (task->parent != NULL) {
		parts_ended(run, task, seen);
		return;
	}
	if (task->robots) {
		robots_ended(run, task, seen);
		return;
	}
	/* A body that comes now has lost its turn in the output. */
	if (run->bodies.kind != NULL && run->stopped &&
	    result.outcome != OUTCOME_FAILED)
		result = interrupted();
	name_true_cause(run, &result);
	if (run->settings.content_disposition && task->name != NULL &&
	    result.outcome != OUTCOME_FAILED && task->job != NULL &&
	    task->job->location != NULL)
		take_suggested_name(run, task, task->job->location);
	if (must_commit(run, task, &result)) {
		keep_result(task, &result);
		commit_put(run->commit, task);
		return;
	}
	if (is_in_file(task->job))
		settle_publish(run, task, &result);
	settle_outcome(run, task, &result);
}

void settle_committed(struct run *run, struct task *task)
{
	struct result result = *task->result;

	free(task->result);
	task->result = NULL;
	settle_outcome(run, task, &result);
}

/* TASK's body could not be written to the stream. */
static void stop_cut(struct run *run, int error)
{
	listeners_message(&run->listeners, "cannot write a body: %s",
			  strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
	run->body_error = error;
	run_stop(run, 0);
}

void settle_turn_over(void *context, struct task *task, int error, bool lost)
{
	struct run *run = context;
	struct result result = *task->result;

	if (error != 0)
		stop_cut(run, error);
	if ((error != 0 || lost) && result.outcome != OUTCOME_FAILED &&
	    result.outcome != OUTCOME_SKIPPED) {
		uncount(run, &result);
		result = interrupted();
		name_true_cause(run, &result);
		count(run, &result);
	}
	end_task(run, task, &result);
}
