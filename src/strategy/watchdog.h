/*
 * A watchdog for worker processes: finds those that have stopped answering.
 *
 * While it works, a worker gives a sign of life each time that its loop turns,
 * at least once a second, whatever the network does.  One that was stopped by
 * a signal, or hangs in the kernel, gives none.  The signs are counters in
 * memory that core and workers share, so they cost no message.
 *
 * Silence is counted in the core's own ticks: when the core itself was stopped
 * (job control, a suspended machine), that is no worker's silence.
 */
#ifndef PFETCH_STRATEGY_WATCHDOG_H
#define PFETCH_STRATEGY_WATCHDOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"

enum { WATCHDOG_TICK_MS = 1000 };

/* A worker's sign of life, in shared memory. */
struct pulse {
	atomic_uint beats;
};

struct watchdog;

/* For COUNT workers, to be forked later.  A worker may be silent for as long
 * as SETTINGS allow a try to last without anything happening, and 5 seconds
 * more.  NULL: there is no memory to share.  The core's thread. */
struct watchdog *watchdog_new(const struct settings *settings, size_t count);
void watchdog_free(struct watchdog *watchdog);

/* The pulse of worker INDEX. */
struct pulse *watchdog_pulse(const struct watchdog *watchdog, size_t index);

/* Gives a sign of life.  The worker. */
void watchdog_beat(struct pulse *pulse);

/* Worker INDEX begins to work: its silence counts from now on. */
void watchdog_begin(struct watchdog *watchdog, size_t index);

/* To be called once a tick for each worker that has work.  Returns whether
 * worker INDEX has been silent for too long. */
bool watchdog_tick(struct watchdog *watchdog, size_t index);

#endif
