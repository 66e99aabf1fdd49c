/*
 * The schedule: which task may start now, and when to ask again.
 *
 * Every task that is neither with the strategy nor final is here: ready, or
 * parked until its time.  The schedule also limits how many tasks may be
 * outstanding: as many as the strategy can hold, or fewer during a shortage.
 * A policy decides the order in which ready tasks start.
 *
 *   run --add, park--> schedule --next--> run --submit--> strategy
 *                         ^                                   |
 *                         +---- ended, starved, shortage -----+
 *
 * To add a policy: write core/schedule-NAME.c with a `const struct
 * schedule_policy`, declare it below, and pass it to schedule_new() in
 * core/setup.c.  For the core's thread only.
 */
#ifndef PFETCH_CORE_SCHEDULE_H
#define PFETCH_CORE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"

struct task;

/* The order in which ready tasks start.  The run owns the tasks; a policy may
 * chain those that it holds through task->schedule_next. */
struct schedule_policy {
	void *(*open)(void);
	void (*close)(void *state);

	/* Adds TASK, which is ready: it isn't waiting for a retry. */
	void (*add)(void *state, struct task *task);

	/* Removes and returns the task to start at NOW_US; NULL: none may. */
	struct task *(*next)(void *state, uint64_t now_us);

	/* When to call next() again, if there are ready tasks: a time by
	 * clock_now_us(), or SCHEDULE_NEVER for not before a task is added or
	 * ends. */
	uint64_t (*when)(void *state, uint64_t now_us);

	/* Forgets all tasks that it holds. */
	void (*clear)(void *state);

	/* TASK, which next() returned earlier, has come back with RESULT. */
	void (*ended)(void *state, struct task *task,
		      const struct result *result);
};

/* First in, first out. */
extern const struct schedule_policy schedule_fifo;

#define SCHEDULE_NEVER UINT64_MAX

/* How many tasks are in which state. */
struct schedule_counts {
	uint64_t ready, parked;  /* may start; must wait for their time */
	uint64_t outstanding;    /* started and not yet ended */
	uint64_t limit;          /* most that may be outstanding now */
};

struct schedule;

/* CAPACITY is how many tasks may be outstanding when there is no shortage. */
struct schedule *schedule_new(const struct schedule_policy *policy,
			      uint64_t capacity);
void schedule_free(struct schedule *schedule);

/* Adds TASK, which may start as soon as its turn comes. */
void schedule_add(struct schedule *schedule, struct task *task);
/* Adds TASK, which may not start before UNTIL_US, by clock_now_us(). */
void schedule_park(struct schedule *schedule, struct task *task,
		   uint64_t until_us);

/* Removes and returns the task that may start now, which is then outstanding.
 * NULL: there is none, and schedule_when() says when to ask again;
 * SCHEDULE_NEVER means not before a task is added or ends. */
struct task *schedule_next(struct schedule *schedule, uint64_t now_us);
uint64_t schedule_when(const struct schedule *schedule, uint64_t now_us);

/* An outstanding task has come back with RESULT. */
void schedule_ended(struct schedule *schedule, struct task *task,
		    const struct result *result);

/* A resource is short: lowers the limit to RUNNING outstanding tasks.  The
 * limit then rises by one, up to the capacity, each time that as many tasks as
 * it allows have ended without being starved. */
void schedule_shortage(struct schedule *schedule, uint64_t running);

/* A task came back because it lacked descriptors, threads or processes.  A
 * shortage tends to hit many tasks at once: returns true and halves the number
 * that may be outstanding only if this one is new. */
bool schedule_starved(struct schedule *schedule, uint64_t now_us);

/* Forgets all ready and parked tasks; the run still owns them. */
void schedule_clear(struct schedule *schedule);

const struct schedule_counts *schedule_counts(const struct schedule *schedule);

#endif
