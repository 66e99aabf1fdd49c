/*
 * A strategy: a way to have jobs in flight.
 *
 * The core is one thread and owns everything except submitted jobs.  It calls
 * all functions below on its own thread, and is told there of each job's end.
 * So a strategy knows nothing of lists, retries, redirects or reports, and
 * every option means the same under all of them.
 *
 * To add one, write strategy/NAME.c with a `const struct strategy
 * strategy_NAME`, and list it in strategies.c.  The command-line tests run all
 * their cases for each strategy that --list-strategies prints.
 */
#ifndef PFETCH_STRATEGY_STRATEGY_H
#define PFETCH_STRATEGY_STRATEGY_H

#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>

#include "base/job.h"
#include "base/settings.h"
#include "transfer/transfer.h"

/* What the core lends a strategy from open() to close(). */
struct strategy_env {
	const struct settings *settings;
	const struct transfer_common *common;
	struct event_base *base;  /* the core's loop */

	/* Becomes true when a signal asks to stop; STOP_FD then becomes
	 * readable and stays so.  For strategies that block the core. */
	const volatile sig_atomic_t *stop;
	int stop_fd;

	/* Call once for each submitted job, on the core's thread, from the
	 * loop or from within submit() or cancel(). */
	void (*finished)(void *core, struct job *job);

	/* Call often, on the core's thread, while that is kept from its loop.
	 * Returns true if the job is to be cut short. */
	bool (*idle)(void *core);

	/* Call on the core's thread when JOB is about to be run from its
	 * beginning a second time, because its worker was lost. */
	void (*anew)(void *core, struct job *job);

	/* Call on the core's thread when no more than RUNNING jobs can be in
	 * flight for lack of WHAT ("threads").  The core warns once and lowers
	 * its limit accordingly; it raises the limit again step by step. */
	void (*shortage)(void *core, unsigned running, const char *what);

	/* Call from close() if there were worker processes, with their peak
	 * resident memory in bytes: LARGEST of one, SUM of all; shared pages
	 * count in each. */
	void (*memory)(void *core, uint64_t largest, uint64_t sum);
	void *core;
};

struct strategy {
	const char *name;
	const char *summary;

	/* What runs the jobs: "thread", "process" or "loop"; NULL if the
	 * core's thread does.  SLOTS: each runs many jobs at once. */
	const char *worker;
	bool slots;
	bool processes; /* the workers are processes */

	/* The maximum number of workers; 1 if the core itself does the
	 * work. */
	uint64_t (*workers)(const struct settings *settings);

	/* submit() runs the job to completion before it returns. */
	bool blocks;

	/* Descriptors that this process needs for each job in flight. */
	unsigned descriptors;

	/* How many jobs it can hold; the core never has more outstanding. */
	uint64_t (*capacity)(const struct settings *settings);

	/* Sets up the workers.  ENV stays valid until close().  Returns the
	 * strategy's state, or NULL with errno set when it can't run at
	 * all. */
	void *(*open)(const struct strategy_env *env);

	/* Takes a job whose result is clear.  Never fails: a failure to start
	 * is a result too. */
	void (*submit)(void *state, struct job *job);

	/* Everything that can be submitted for now has been.  For strategies
	 * that pass jobs on in batches; NULL for others. */
	void (*flush)(void *state);

	/* Makes all outstanding jobs end soon.  Each is still reported by
	 * finished(), at the latest in the next turns of the loop. */
	void (*cancel)(void *state);

	/* Ends the workers and frees the state.  Called only when nothing is
	 * outstanding. */
	void (*close)(void *state);
};

/* All strategies in the order of the manual, terminated by NULL. */
extern const struct strategy *const strategies[];

/* The strategy called NAME, or NULL. */
const struct strategy *strategy_find(const char *name);

/* The number of the lane that RESULT's job ran in.  A lane is a worker, or one
 * slot of a worker, and runs one job at a time. */
unsigned strategy_lane(const struct strategy *strategy,
		       const struct settings *settings,
		       const struct result *result);

/* Writes the name of a lane: "thread 3", "loop 2 slot 7". */
enum { STRATEGY_LANE_ROOM = 64 };
void strategy_lane_name(const struct strategy *strategy, unsigned worker,
			unsigned slot, char name[STRATEGY_LANE_ROOM]);

/* The first is the capacity() of strategies that hold only the jobs in flight,
 * and the workers() of those with one worker per job; the second is the
 * workers() of those that run on the core's thread. */
uint64_t strategy_capacity_jobs(const struct settings *settings);
uint64_t strategy_one_worker(const struct settings *settings);

#endif
