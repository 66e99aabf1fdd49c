/* A body in parts; see parts.h. */
#include "config.h"

#include "core/parts.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "core/run-internal.h"

enum {
	FIRST_BYTES = 1024 * 1024,      /* of the first part */
	LAST_BYTES = 64 * 1024,         /* fetched by the task itself */
	PART_LEAST = 1024 * 1024,
	PART_MOST = 32 * 1024 * 1024,
	PARTS_MOST = 64 * 1024,
	ROUNDS = 8,                     /* parts for each connection */
};

struct parts {
	uint64_t begin, end;     /* what is split of the body */
	uint64_t size;           /* of each part but the last */
	uint64_t total;          /* of the body */
	size_t count, next;      /* of the parts; the next one to be made */
	size_t live;             /* how many are tasks now */
	size_t whole;            /* how many from the first are complete */
	uint64_t *reached;       /* by each part: a position in the body */
	struct request_terms *terms;
	char validator[RESULT_VALIDATOR_ROOM];
	struct result failure;   /* the first one, if that is its outcome */
};

static bool has_failed(const struct parts *parts)
{
	return parts->failure.outcome == OUTCOME_FAILED;
}

static uint64_t begin_of(const struct parts *parts, size_t index)
{
	return parts->begin + index * parts->size;
}

static uint64_t end_of(const struct parts *parts, size_t index)
{
	return index + 1 < parts->count ? begin_of(parts, index + 1)
					: parts->end;
}

/* Up to which byte the file has all of the body. */
static uint64_t sure_bytes(struct parts *parts)
{
	while (parts->whole < parts->count &&
	       parts->reached[parts->whole] == end_of(parts, parts->whole))
		parts->whole++;
	return parts->whole < parts->count ? parts->reached[parts->whole]
					   : parts->end;
}

void parts_prepare(const struct run *run, struct task *task)
{
	struct request *request = task->request;
	const struct request_terms *terms = request->terms;

	if (run->settings.segments > 1 && !task->whole &&
	    terms->sink == SINK_FILE && !terms->conditional &&
	    terms->content == NULL &&
	    strcmp(request_method(request), "GET") == 0)
		request->to = request->from + FIRST_BYTES;
}

/* The terms of the parts, of which nothing is expected. */
static struct request_terms *terms_of_parts(const struct request_terms *terms)
{
	struct request_terms *copy = request_terms_copy(terms);

	free(copy->expected.digests);
	copy->expected.digests = NULL;
	copy->expected.digest_count = 0;
	copy->expected.size = -1;
	return copy;
}

static struct parts *parts_new(const struct run *run, const struct task *task,
			       const struct result *result)
{
	struct parts *parts = memory_zeroed(sizeof(*parts));
	uint64_t lanes = run->settings.segments * ROUNDS;
	uint64_t length;

	parts->begin = result->kept;
	parts->total = result->total;
	parts->end = parts->total - LAST_BYTES;
	length = parts->end - parts->begin;
	parts->size = length / lanes;
	if (parts->size < PART_LEAST)
		parts->size = PART_LEAST;
	if (parts->size > PART_MOST)
		parts->size = PART_MOST;
	/* What a server says of its length may be a lie. */
	if (length / parts->size >= PARTS_MOST)
		parts->size = length / PARTS_MOST + 1;
	parts->count = (size_t)((length + parts->size - 1) / parts->size);
	parts->reached = memory_alloc(parts->count * sizeof(uint64_t));
	for (size_t i = 0; i < parts->count; i++)
		parts->reached[i] = begin_of(parts, i);
	parts->terms = terms_of_parts(task->request->terms);
	memcpy(parts->validator, result->validator, sizeof(parts->validator));
	return parts;
}

void parts_free(struct task *task)
{
	struct parts *parts = task->parts;

	if (parts == NULL)
		return;
	must(parts->live == 0);
	request_terms_release(parts->terms);
	free(parts->reached);
	free(parts);
	task->parts = NULL;
}

/* Makes a task of the next part. */
static void make_part(struct run *run, struct task *parent)
{
	struct parts *parts = parent->parts;
	size_t index = parts->next++;
	struct task *part = task_new(parent->number);

	part->parent = parent;
	part->part = index;
	part->place = parent->place;
	part->read_us = parent->read_us;
	part->tries = 1;
	part->listed = memory_string(task_listed(parent));
	part->request = request_part(parent->request, parts->terms,
				     begin_of(parts, index),
				     end_of(parts, index), parts->validator);
	parts->live++;
	run->live++;
	DL_APPEND(run->tasks, part);
	schedule_add(run->schedule, part, clock_now_us());
}

static void make_parts(struct run *run, struct task *parent)
{
	struct parts *parts = parent->parts;

	while (!has_failed(parts) && !run->stopped &&
	       parts->next < parts->count &&
	       parts->live < run->settings.segments)
		make_part(run, parent);
}

/* So that a later run can go on from there. */
static void note_progress(struct run *run, const struct task *task,
			  uint64_t sure)
{
	if (run->leftovers != NULL)
		leftovers_note(run->leftovers, task->number, task->request,
			       task->parts->validator, sure);
}

/* Goes on with the body from byte FROM to its end, in one piece. */
static void go_on(struct run *run, struct task *task, uint64_t from,
		  const char *validator)
{
	struct request *next = request_continued(task->request, from,
						 validator);

	next->to = 0;
	task->whole = true;
	request_free(task->request);
	task->request = next;
	again_make_ready(run, task);
}

/* Whether the body's length is already known to be wrong. */
static bool is_unwanted(const struct task *task, struct result *result)
{
	const struct request_expected *expected =
		&task->request->terms->expected;

	if (expected->largest != 0 && result->total > expected->largest)
		result_fail(result, CAUSE_LIMIT,
			    "body exceeds the size limit");
	else if (expected->size >= 0 &&
		 result->total != (uint64_t)expected->size)
		result_fail(result, CAUSE_MISMATCH,
			    "body is %llu bytes, not the expected %lld",
			    (unsigned long long)result->total,
			    (long long)expected->size);
	return result->outcome == OUTCOME_FAILED;
}

bool parts_split(struct run *run, struct task *task)
{
	struct result *result = &task->job->result;

	if (is_unwanted(task, result)) {
		result->kept = 0;
		sink_remove_temp(&run->common.place, task->number);
		return false;
	}
	if (result->total - result->kept < 2 * PART_LEAST) {
		go_on(run, task, result->kept, result->validator);
		return true;
	}
	task->parts = parts_new(run, task, result);
	/* Before anything is written beyond that. */
	note_progress(run, task, result->kept);
	again_let_go(run, task);
	task->state = TASK_SPLIT;
	make_parts(run, task);
	return true;
}

/* Takes note of what came of PART. */
static void take_result(struct parts *parts, const struct task *part,
			const struct result *result)
{
	uint64_t *reached = &parts->reached[part->part];
	uint64_t end = end_of(parts, part->part);
	bool failed = result->outcome == OUTCOME_FAILED;
	bool fits = failed || (result->outcome == OUTCOME_PART &&
			       result->total == parts->total);

	if (fits && result->kept > *reached && result->kept <= end)
		*reached = result->kept;
	if ((fits && result->kept == end) || has_failed(parts))
		return;
	parts->failure = *result;
	if (!failed)
		result_fail(&parts->failure, CAUSE_PROTOCOL,
			    "the parts are not of one body");
}

/* A server that no longer gives parts may still give the whole. */
static void fetch_whole(struct run *run, struct task *task)
{
	sink_remove_temp(&run->common.place, task->number);
	task->tries = 1;
	go_on(run, task, 0, NULL);
}

/* Whether parts of this body are not to be had. */
static bool is_denied(const struct result *failure)
{
	switch (failure->cause) {
	case CAUSE_PROTOCOL: case CAUSE_MISMATCH: case CAUSE_HTTP:
	case CAUSE_AUTH:
		return true;
	default:
		return false;
	}
}

/* Whether TASK goes on after its parts, of which the first SURE bytes of the
 * body are left, with the FAILURE of one or without. */
static bool goes_on(struct run *run, struct task *task,
		    const struct result *failure, uint64_t sure,
		    const char *validator)
{
	if (failure->outcome != OUTCOME_FAILED) {
		go_on(run, task, sure, validator);
		return true;
	}
	if (is_denied(failure)) {
		fetch_whole(run, task);
		return true;
	}
	if (!again_can_be_mirrored(failure) ||
	    task->mirror_next == task->mirror_count)
		return false;
	sink_remove_temp(&run->common.place, task->number);
	return again_with_mirror(run, task);
}

/* No part of TASK is left. */
static void finish(struct run *run, struct task *task)
{
	struct parts *parts = task->parts;
	struct result failure = parts->failure;
	char validator[RESULT_VALIDATOR_ROOM];
	uint64_t sure = sure_bytes(parts);

	memcpy(validator, parts->validator, sizeof(validator));
	parts_free(task);
	if (!run->stopped && goes_on(run, task, &failure, sure, validator))
		return;
	if (failure.outcome != OUTCOME_FAILED)
		result_fail(&failure, CAUSE_ABORTED, "interrupted");
	failure.kept = sure;
	memcpy(failure.validator, validator, sizeof(validator));
	settle_final(run, task, &failure);
}

void parts_ended(struct run *run, struct task *part,
		 const struct result *result)
{
	struct task *parent = part->parent;
	struct parts *parts = parent->parts;
	uint64_t before = sure_bytes(parts), sure;

	take_result(parts, part, result);
	if (has_failed(parts) && part->tries > parent->tries)
		parent->tries = part->tries;
	if (parent->begun_us == 0)
		parent->begun_us = part->begun_us;
	again_let_go(run, part);
	DL_DELETE(run->tasks, part);
	task_free(part);
	run->live--;
	parts->live--;
	sure = sure_bytes(parts);
	if (sure > before)
		note_progress(run, parent, sure);
	make_parts(run, parent);
	if (parts->live == 0)
		finish(run, parent);
}
