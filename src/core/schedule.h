/*
 * The schedule: which task may start now, and when to ask again.
 *
 * Every task that is not with the strategy and not final is here: ready, or
 * parked until its time.  How many may be outstanding is decided here too, as
 * what the strategy can hold, less what a shortage takes away; in which order
 * ready tasks start is for a policy to say.  The run only asks.
 *
 *   run --add, park--> schedule --next--> run --submit--> strategy
 *                         ^                                   |
 *                         +---- ended, starved, shortage -----+
 *
 * To add a policy: write core/schedule-NAME.c with a `const struct
 * schedule_policy`, declare it below, and give it to schedule_new() where the
 * settings ask for it.  The core's thread only.
 */
#ifndef PFETCH_CORE_SCHEDULE_H
#define PFETCH_CORE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"

struct task;

/* The order in which ready tasks start.  Tasks stay the run's; a policy may
 * chain them by task->schedule_next while it has them. */
struct schedule_policy {
	const char *name;
	void *(*open)(void);
	void (*close)(void *state);

	/* TASK is ready, as far as its own retries are concerned. */
	void (*add)(void *state, struct task *task);

	/* Takes out the task to start at NOW_US; NULL when none may. */
	struct task *(*next)(void *state, uint64_t now_us);

	/* When to ask again, after none might start though there were some:
	 * by clock_now_us(), or SCHEDULE_NEVER: not before a task is added or
	 * has ended. */
	uint64_t (*when)(void *state, uint64_t now_us);

	/* Forgets all tasks that it has. */
	void (*clear)(void *state);

	/* A task that was taken out has come back with RESULT. */
	void (*ended)(void *state, struct task *task,
		      const struct result *result);
};

/* First in, first out. */
extern const struct schedule_policy schedule_fifo;

#define SCHEDULE_NEVER UINT64_MAX

/* How many tasks are where. */
struct schedule_counts {
	uint64_t ready, parked;  /* that can't and can yet start */
	uint64_t outstanding;    /* taken out and not ended */
	uint64_t limit;          /* of those, now */
};

struct schedule;

/* CAPACITY: tasks that may be outstanding when nothing is short. */
struct schedule *schedule_new(const struct schedule_policy *policy,
			      uint64_t capacity);
void schedule_free(struct schedule *schedule);

/* TASK may start as soon as its turn comes ... */
void schedule_add(struct schedule *schedule, struct task *task);
/* ... but not before UNTIL_US, by clock_now_us(). */
void schedule_park(struct schedule *schedule, struct task *task,
		   uint64_t until_us);

/* Takes out the task that may start now; it is outstanding then.  NULL: none,
 * and schedule_when() tells when to ask again; SCHEDULE_NEVER: not before a
 * task is added or has ended. */
struct task *schedule_next(struct schedule *schedule, uint64_t now_us);
uint64_t schedule_when(const struct schedule *schedule, uint64_t now_us);

/* An outstanding task has come back with RESULT. */
void schedule_ended(struct schedule *schedule, struct task *task,
		    const struct result *result);

/* No more than RUNNING tasks can be outstanding for want of something.  With
 * each as many good ends as the limit then is, it rises by one. */
void schedule_shortage(struct schedule *schedule, uint64_t running);

/* A task came back because it lacked descriptors, threads or processes.  Many
 * lack them at one moment: returns whether this is a new shortage, after which
 * half as many may be outstanding. */
bool schedule_starved(struct schedule *schedule, uint64_t now_us);

/* Forgets all that are ready or parked; they stay the run's. */
void schedule_clear(struct schedule *schedule);

const struct schedule_counts *schedule_counts(const struct schedule *schedule);

#endif
