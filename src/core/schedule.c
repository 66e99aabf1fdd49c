/*
 * The schedule; see schedule.h.
 *
 * Parked tasks are in a heap ordered by time, so that one timer of the run
 * serves all of them.
 */
#include "config.h"

#include "core/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/heap.h"
#include "base/host.h"
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

	struct heap parked;           /* tasks, by the time to wake them */
};

struct schedule *schedule_new(const struct schedule_policy *policy,
			      const struct settings *settings,
			      uint64_t capacity)
{
	struct schedule *schedule = memory_zeroed(sizeof(*schedule));

	schedule->policy = policy;
	schedule->state = policy->open(settings, capacity);
	schedule->capacity = schedule->counts.limit = capacity;
	return schedule;
}

void schedule_free(struct schedule *schedule)
{
	must(schedule->counts.ready == 0 && schedule->counts.parked == 0);
	schedule->policy->close(schedule->state);
	heap_release(&schedule->parked);
	free(schedule);
}

const struct schedule_counts *schedule_counts(const struct schedule *schedule)
{
	return &schedule->counts;
}

static void note_stuck(struct schedule *schedule)
{
	schedule->counts.stuck = schedule->policy->stuck(schedule->state);
}

void schedule_add(struct schedule *schedule, struct task *task,
		  uint64_t now_us)
{
	schedule->counts.ready++;
	schedule->policy->add(schedule->state, task, now_us);
	note_stuck(schedule);
}

/* ---- parking ---- */

void schedule_park(struct schedule *schedule, struct task *task,
		   uint64_t until_us)
{
	heap_add(&schedule->parked, &task->parked, until_us);
	schedule->counts.parked++;
}

/* Makes ready the parked tasks whose time has come. */
static void wake(struct schedule *schedule, uint64_t now_us)
{
	struct heap_node *node;

	while ((node = heap_first(&schedule->parked)) != NULL &&
	       node->key <= now_us) {
		heap_remove(&schedule->parked, node);
		schedule->counts.parked--;
		schedule_add(schedule, HEAP_ENTRY(node, struct task, parked),
			     now_us);
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
	note_stuck(schedule);
	return task;
}

uint64_t schedule_when(const struct schedule *schedule, uint64_t now_us)
{
	const struct schedule_counts *counts = &schedule->counts;
	const struct heap_node *parked = heap_first(&schedule->parked);
	uint64_t woken = parked != NULL ? parked->key : SCHEDULE_NEVER;
	uint64_t next = counts->ready > 0 &&
			counts->outstanding < counts->limit
		? schedule->policy->when(schedule->state, now_us)
		: SCHEDULE_NEVER;

	return woken < next ? woken : next;
}

uint64_t schedule_cooling(const struct schedule *schedule)
{
	return schedule->policy->cooling(schedule->state);
}

char *schedule_awaits(const struct schedule *schedule, uint64_t *until_us)
{
	const struct heap_node *node = heap_first(&schedule->parked);
	const struct task *task;
	uint64_t other_us;
	char *name = schedule->policy->awaits(schedule->state, &other_us);
	struct host host;

	if (name != NULL && (node == NULL || other_us <= node->key)) {
		*until_us = other_us;
		return name;
	}
	free(name);
	if (node == NULL)
		return NULL;
	task = HEAP_ENTRY(node, const struct task, parked);
	host = host_of(task->request->url);
	*until_us = node->key;
	return memory_copy(host.name, host.length);
}

/* ---- shortages ---- */

static void recover(struct schedule *schedule, const struct result *result)
{
	struct schedule_counts *counts = &schedule->counts;

	if (result->starved || counts->limit >= schedule->capacity ||
	    ++schedule->thriving < counts->limit)
		return;
	schedule->thriving = 0;
	counts->limit++;
}

/* Tasks that are parked for a retry need not wait for it if their host was
 * given up. */
static void wake_given_up(struct schedule *schedule, uint64_t now_us)
{
	struct heap before = schedule->parked;

	memset(&schedule->parked, 0, sizeof(schedule->parked));
	for (size_t i = 0; i < before.count; i++) {
		struct heap_node *node = before.nodes[i];
		struct task *task = HEAP_ENTRY(node, struct task, parked);
		bool now = schedule->policy->is_given_up(schedule->state,
							 task);

		node->place = 0;
		heap_add(&schedule->parked, node, now ? now_us : node->key);
	}
	free(before.nodes);
}

bool schedule_ended(struct schedule *schedule, struct task *task,
		    const struct result *result, uint64_t now_us)
{
	uint64_t given_up = schedule->policy->given_up(schedule->state);
	bool spared;

	must(schedule->counts.outstanding > 0);
	schedule->counts.outstanding--;
	spared = schedule->policy->ended(schedule->state, task, result,
					 now_us);
	note_stuck(schedule);
	recover(schedule, result);
	if (schedule->policy->given_up(schedule->state) > given_up)
		wake_given_up(schedule, now_us);
	return spared;
}

struct task *schedule_doomed(struct schedule *schedule, const char **fault)
{
	struct task *task = schedule->policy->doomed(schedule->state, fault);

	if (task != NULL)
		schedule->counts.ready--;
	note_stuck(schedule);
	return task;
}

size_t schedule_worst(struct schedule *schedule,
		      const struct listener_host **rows)
{
	return schedule->policy->worst(schedule->state, rows);
}

uint64_t schedule_settled(const struct schedule *schedule)
{
	return schedule->policy->settled(schedule->state);
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
	heap_clear(&schedule->parked);
	note_stuck(schedule);
	schedule->counts.ready = schedule->counts.parked = 0;
}
