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
#include "base/settings.h"
#include "output/listener.h"

struct task;

/* The order in which ready tasks start.  The run owns the tasks; a policy may
 * chain those that it holds through task->schedule_next. */
struct schedule_policy {
	/* The SETTINGS outlive the state.  CAPACITY: see schedule_new(). */
	void *(*open)(const struct settings *settings, uint64_t capacity);
	void (*close)(void *state);

	/* Adds TASK, which is ready: it isn't waiting for a retry. */
	void (*add)(void *state, struct task *task, uint64_t now_us);

	/* Removes and returns the task to start at NOW_US; NULL: none may. */
	struct task *(*next)(void *state, uint64_t now_us);

	/* When to call next() again, if there are ready tasks: a time by
	 * clock_now_us(), or SCHEDULE_NEVER for not before a task is added or
	 * ends. */
	uint64_t (*when)(void *state, uint64_t now_us);

	/* Forgets all tasks that it holds. */
	void (*clear)(void *state);

	/* TASK, which next() returned earlier, has come back with RESULT.
	 * Returns true if a failure seems to have nothing to do with it. */
	bool (*ended)(void *state, struct task *task,
		      const struct result *result, uint64_t now_us);

	/* Removes and returns a ready task that will never be started, and
	 * sets *FAULT to the reason, valid until the next call; or NULL. */
	struct task *(*doomed)(void *state, const char **fault);

	/* How many hosts were given up, and whether TASK's is one of them. */
	uint64_t (*given_up)(void *state);
	bool (*is_given_up)(void *state, const struct task *task);

	/* How many ready tasks must wait for something of their own while
	 * others could start. */
	uint64_t (*stuck)(void *state);

	/* How many of these wait for a time. */
	uint64_t (*cooling)(void *state);

	/* The name of the server that is the next to have a transfer again, and
	 * when; NULL: none waits for a time.  The caller frees it. */
	char *(*awaits)(void *state, uint64_t *until_us);

	/* Sets *ROWS to the worst hosts, the worst first, valid until the next
	 * call; returns how many there are, at most LISTENER_WORST_HOSTS. */
	size_t (*worst)(void *state, const struct listener_host **rows);

	/* The limit that an adapting policy has settled on. */
	uint64_t (*settled)(void *state);
};

/* Within the limits for each host, the oldest entry first. */
extern const struct schedule_policy schedule_hosts;

#define SCHEDULE_NEVER UINT64_MAX

/* How many tasks are in which state. */
struct schedule_counts {
	uint64_t ready, parked;  /* may start; must wait for their time */
	uint64_t stuck;          /* ready, but waiting for their host */
	uint64_t outstanding;    /* started and not yet ended */
	uint64_t limit;          /* most that may be outstanding now */
};

struct schedule;

/* CAPACITY is how many tasks may be outstanding when there is no shortage.  The
 * SETTINGS must outlive the schedule. */
struct schedule *schedule_new(const struct schedule_policy *policy,
			      const struct settings *settings,
			      uint64_t capacity);
void schedule_free(struct schedule *schedule);

/* Adds TASK, which may start as soon as its turn comes. */
void schedule_add(struct schedule *schedule, struct task *task,
		  uint64_t now_us);
/* Adds TASK, which may not start before UNTIL_US, by clock_now_us(). */
void schedule_park(struct schedule *schedule, struct task *task,
		   uint64_t until_us);

/* Removes and returns the task that may start now, which is then outstanding.
 * NULL: there is none, and schedule_when() says when to ask again;
 * SCHEDULE_NEVER means not before a task is added or ends. */
struct task *schedule_next(struct schedule *schedule, uint64_t now_us);
uint64_t schedule_when(const struct schedule *schedule, uint64_t now_us);

/* Removes and returns a ready task that is to fail without being started, and
 * sets *FAULT to the reason, valid until the next call; NULL: there is none. */
struct task *schedule_doomed(struct schedule *schedule, const char **fault);

/* An outstanding task has come back with RESULT.  Returns true if a failure
 * seems to have nothing to do with the task: its host refuses requests, but
 * serves others. */
bool schedule_ended(struct schedule *schedule, struct task *task,
		    const struct result *result, uint64_t now_us);

/* See struct schedule_policy. */
size_t schedule_worst(struct schedule *schedule,
		      const struct listener_host **rows);
uint64_t schedule_settled(const struct schedule *schedule);

/* How many ready tasks must wait for a time because of their host. */
uint64_t schedule_cooling(const struct schedule *schedule);

/* The name of the host that is the next to have a transfer again, and when;
 * NULL: none waits for a time.  The caller frees it. */
char *schedule_awaits(const struct schedule *schedule, uint64_t *until_us);

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

/* Valid until the next call of any function but this one. */
const struct schedule_counts *schedule_counts(const struct schedule *schedule);

#endif
