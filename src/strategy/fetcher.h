/*
 * A fetcher: runs one job at a time to its end, on the thread that calls.
 *
 * What sequential, thread, pool and process share.  It keeps its handle and
 * its connections from job to job, and may pass from one thread to another
 * between jobs.
 */
#ifndef PFETCH_STRATEGY_FETCHER_H
#define PFETCH_STRATEGY_FETCHER_H

#include <pthread.h>
#include <stdbool.h>

#include "strategy/strategy.h"

struct fetcher;

/* A fetcher needs about so many descriptors: a wake-up pair, a look-up's, a
 * temporary file and a few kept connections. */
enum { FETCHER_DESCRIPTORS = 9 };

/* WORKER: what results name as who ran them.  WATCH_FD: a descriptor that
 * interrupts a job when it becomes readable or is hung up, or -1.
 * STOPPED(CONTEXT) then tells whether to stop; it may be NULL.  Returns NULL
 * when libcurl has no memory for one. */
struct fetcher *fetcher_new(const struct transfer_common *common,
			    unsigned worker,
			    int watch_fd, short watch_events,
			    bool (*stopped)(void *context), void *context);
void fetcher_free(struct fetcher *fetcher);

/* A fetcher for the core's own thread: a signal interrupts its jobs. */
struct fetcher *fetcher_new_in_core(const struct strategy_env *env);

/* Runs JOB to its end, computes on it if that is asked for, and fills in its
 * result. */
void fetcher_run(struct fetcher *fetcher, struct job *job);

/* Ends the present job and all later ones at once.  Any thread. */
void fetcher_stop(struct fetcher *fetcher);

/* A thread for a fetcher's work: pthread_create with a small stack.
 * Returns 0 or an error number. */
int fetcher_thread(pthread_t *thread, void *(*work)(void *), void *argument);

#endif
