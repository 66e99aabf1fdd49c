/*
 * A strategy: a way to have jobs in flight.
 *
 * The core is one thread and owns everything but the jobs that are submitted.
 * It calls all functions below on its own thread, and is told of every
 * job's end there too.  So a strategy knows nothing of lists, retries,
 * redirects or reports, and all options mean the same under all of them.
 *
 * To add one: write strategy/NAME.c with a `const struct strategy
 * strategy_NAME`, and name it in strategies.c.  The command-line tests run
 * all their cases for each strategy that --list-strategies prints.
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
	 * readable and stays so.  For a strategy that blocks the core. */
	const volatile sig_atomic_t *stop;
	int stop_fd;

	/* Call once for each submitted job, on the core's thread, from the
	 * loop or from within submit(). */
	void (*finished)(void *core, struct job *job);

	/* Call on the core's thread when no more than RUNNING jobs can be in
	 * flight for want of WHAT ("threads").  The core warns once and
	 * submits no more than that from then on. */
	void (*shortage)(void *core, unsigned running, const char *what);

	/* Call from close() on what worker processes, if there are any, had
	 * resident at their peaks: LARGEST of one, SUM of all, in bytes;
	 * pages that they share count in each. */
	void (*memory)(void *core, uint64_t largest, uint64_t sum);
	void *core;
};

struct strategy {
	const char *name;
	const char *summary;

	/* What runs the jobs besides the core's thread: "thread", "process",
	 * "loop"; or NULL.  SLOTS: each runs many at once. */
	const char *worker;
	bool slots;
	bool processes; /* the workers are processes */

	/* How many workers it has at most; 1 when that is the core. */
	uint64_t (*workers)(const struct settings *settings);

	/* submit() runs the job to its end before it returns. */
	bool blocks;

	/* Descriptors that this process needs for each job in flight. */
	unsigned descriptors;

	/* How many jobs it can hold: the core never has more outstanding. */
	uint64_t (*capacity)(const struct settings *settings);

	/* Makes the workers.  ENV stays valid until close().  Returns the
	 * strategy's state, or NULL when it can't run at all, with errno. */
	void *(*open)(const struct strategy_env *env);

	/* Takes a job whose result is clear.  Never fails: failing to start
	 * is a result too. */
	void (*submit)(void *state, struct job *job);

	/* All that can be submitted for now has been.  For a strategy that
	 * hands jobs on together; NULL: it does not. */
	void (*flush)(void *state);

	/* Makes everything outstanding end soon; each job still reports
	 * finished(), at the latest from the next turns of the loop. */
	void (*cancel)(void *state);

	/* Ends the workers and frees the state.  Nothing is outstanding. */
	void (*close)(void *state);
};

/* All strategies in the order of the manual; NULL ends it. */
extern const struct strategy *const strategies[];

/* The strategy called NAME, or NULL. */
const struct strategy *strategy_find(const char *name);

/* The lane that RESULT's job ran in: a number for each worker, or for each
 * slot of each worker, in which one job at a time is run. */
unsigned strategy_lane(const struct strategy *strategy,
		       const struct settings *settings,
		       const struct result *result);

/* Writes what that lane is called: "thread 3", "loop 2 slot 7". */
enum { STRATEGY_LANE_ROOM = 64 };
void strategy_lane_name(const struct strategy *strategy, unsigned worker,
			unsigned slot, char name[STRATEGY_LANE_ROOM]);

/* capacity() of those that hold just the jobs in flight, and workers() of
 * those that have one for each; workers() of those that are the core. */
uint64_t strategy_capacity_jobs(const struct settings *settings);
uint64_t strategy_one_worker(const struct settings *settings);

#endif
