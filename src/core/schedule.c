/*
 * The schedule; see schedule.h.
 *
 * Parked tasks are in a binary heap ordered by time, so that one timer of the
 * run serves all of them.
 */
#include "config.h"

#include "core/schedule.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "core/task.h"

enum { STARVED_TOGETHER_US = 100 * 1000 };

struct schedule {
	const struct schedule_policy *policy;
	void *state;                  /* the policy's */
	struct schedule_counts counts;
	uint64_t capacity;
	uint64_t thriving;            /* unstarved ends since LIMIT changed */
	uint64_t starved_us;          /* the last shortage by starvation */

	struct task **parked;         /* a heap: the earliest comes first */
	size_t parked_room;
};

struct schedule *schedule_new(const struct schedule_policy *policy,
			      uint64_t capacity)
{
	struct schedule *schedule = memory_zeroed(sizeof(*schedule));

	schedule->policy = policy;
	schedule->state = policy->open();
	schedule->capacity = schedule->counts.limit = capacity;
	return schedule;
}

void schedule_free(struct schedule *schedule)
{
	must(schedule->counts.ready == 0 && schedule->counts.parked == 0);
	schedule->policy->close(schedule->state);
	free(schedule->parked);
	free(schedule);
}

const struct schedule_counts *schedule_counts(const struct schedule *schedule)
{
	return &schedule->counts;
}

void schedule_add(struct schedule *schedule, struct task *task)
{
	schedule->counts.ready++;
	schedule->policy->add(schedule->state, task);
}

/* ---- the heap ---- */

static void put(struct schedule *schedule, size_t place, struct task *task)
{
	schedule->parked[place] = task;
}

static void sift_up(struct schedule *schedule, size_t place, struct task *task)
{
	while (place > 0) {
		struct task *above = schedule->parked[(place - 1) / 2];

		if (above->until_us <= task->until_us)
			break;
		put(schedule, place, above);
		place = (place - 1) / 2;
	}
	put(schedule, place, task);
}

static void sift_down(struct schedule *schedule, struct task *task)
{
	size_t count = (size_t)schedule->counts.parked, place = 0, below;

	while ((below = 2 * place + 1) < count) {
		struct task *const *all = schedule->parked;

		if (below + 1 < count &&
		    all[below + 1]->until_us < all[below]->until_us)
			below++;
		if (task->until_us <= all[below]->until_us)
			break;
		put(schedule, place, all[below]);
		place = below;
	}
	put(schedule, place, task);
}

void schedule_park(struct schedule *schedule, struct task *task,
		   uint64_t until_us)
{
	size_t count = (size_t)schedule->counts.parked++;

	if (count == schedule->parked_room) {
		schedule->parked_room = 2 * count + 16;
		schedule->parked = memory_resize(
			schedule->parked, schedule->parked_room *
						  sizeof(*schedule->parked));
	}
	task->until_us = until_us;
	sift_up(schedule, count, task);
}

/* Makes ready the parked tasks whose time has come. */
static void wake(struct schedule *schedule, uint64_t now_us)
{
	while (schedule->counts.parked > 0 &&
	       schedule->parked[0]->until_us <= now_us) {
		struct task *task = schedule->parked[0];
		size_t last = (size_t)--schedule->counts.parked;

		if (last > 0)
			sift_down(schedule, schedule->parked[last]);
		schedule_add(schedule, task);
	}
}

/* ---- asking ---- */

struct task *schedule_next(struct schedule *schedule, uint64_t now_us)
{
	struct schedule_counts *counts = &schedule->counts;
	struct task *task;

	wake(schedule, now_us);
	if (counts->ready == 0 || counts->outstanding >= counts->limit)
		return NULL;
	task = schedule->policy->next(schedule->state, now_us);
	if (task == NULL)
		return NULL;
	counts->ready--;
	counts->outstanding++;
	return task;
}

uint64_t schedule_when(const struct schedule *schedule, uint64_t now_us)
{
	const struct schedule_counts *counts = &schedule->counts;
	uint64_t woken = counts->parked > 0 ? schedule->parked[0]->until_us
					    : SCHEDULE_NEVER;
	uint64_t next = counts->ready > 0 &&
			counts->outstanding < counts->limit
		? schedule->policy->when(schedule->state, now_us)
		: SCHEDULE_NEVER;

	return woken < next ? woken : next;
}

/* ---- shortages ---- */

void schedule_ended(struct schedule *schedule, struct task *task,
		    const struct result *result)
{
	struct schedule_counts *counts = &schedule->counts;

	must(counts->outstanding > 0);
	counts->outstanding--;
	schedule->policy->ended(schedule->state, task, result);
	if (result->starved || counts->limit >= schedule->capacity ||
	    ++schedule->thriving < counts->limit)
		return;
	schedule->thriving = 0;
	counts->limit++;
}

void schedule_shortage(struct schedule *schedule, uint64_t running)
{
	uint64_t limit = running > 0 ? running : 1;

	if (limit < schedule->counts.limit)
		schedule->counts.limit = limit;
	schedule->thriving = 0;
}

bool schedule_starved(struct schedule *schedule, uint64_t now_us)
{
	uint64_t busy = schedule->counts.outstanding + 1;
	uint64_t limit = schedule->counts.limit;

	if (schedule->starved_us != 0 &&
	    now_us - schedule->starved_us <= STARVED_TOGETHER_US)
		return false;
	schedule->starved_us = now_us;
	schedule_shortage(schedule, ((busy < limit ? busy : limit) + 1) / 2);
	return true;
}

void schedule_clear(struct schedule *schedule)
{
	schedule->policy->clear(schedule->state);
	schedule->counts.ready = schedule->counts.parked = 0;
}
