/*
 * A watchdog for worker processes: finds those that have stopped answering.
 *
 * While it runs a job, a worker records a heartbeat each time its loop turns,
 * at least once a second, whatever the network does.  A worker that was
 * stopped by a signal or hangs in the kernel records none.  Heartbeats are
 * counters in memory that the core and the workers share, so they need no
 * messages.
 *
 * Silence is counted in the core's own ticks, so time in which the core itself
 * was stopped (job control, a suspended machine) does not count.
 */
#ifndef PFETCH_STRATEGY_WATCHDOG_H
#define PFETCH_STRATEGY_WATCHDOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"

enum { WATCHDOG_TICK_MS = 1000 };

/* A worker's heartbeat, in shared memory. */
struct pulse {
	atomic_uint beats;
};

struct watchdog;

/* For COUNT workers, to be forked later.  A worker may be silent for as long
 * as SETTINGS allow a try to go without progress, plus 5 seconds.  Returns
 * NULL when no memory can be shared; the functions below accept that.  Core's
 * thread only. */
struct watchdog *watchdog_new(const struct settings *settings, size_t count);
void watchdog_free(struct watchdog *watchdog);

/* The pulse of worker INDEX. */
struct pulse *watchdog_pulse(const struct watchdog *watchdog, size_t index);

/* Records a heartbeat.  Called by the worker. */
void watchdog_beat(struct pulse *pulse);

/* Worker INDEX starts a job: its silence counts from now on. */
void watchdog_begin(struct watchdog *watchdog, size_t index);

/* Call once per tick for each worker that has a job.  Returns whether worker
 * INDEX has been silent for too long. */
bool watchdog_tick(struct watchdog *watchdog, size_t index);

#endif
