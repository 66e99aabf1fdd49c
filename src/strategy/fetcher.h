/*
 * A fetcher: runs one job at a time to completion, on the calling thread.
 *
 * It is shared by sequential, thread, pool and process.  It keeps its handle
 * and its connections from job to job, and may move from one thread to another
 * between jobs.
 */
#ifndef PFETCH_STRATEGY_FETCHER_H
#define PFETCH_STRATEGY_FETCHER_H

#include <pthread.h>
#include <stdbool.h>

#include "strategy/strategy.h"

struct fetcher;

/* The approximate number of descriptors that a fetcher needs: a wake-up pair,
 * a look-up's, a temporary file and a few idle connections. */
enum { FETCHER_DESCRIPTORS = 9 };

/* WORKER is the worker index that results record.  WATCH_FD, or -1, is a
 * descriptor that interrupts a job's wait on WATCH_EVENTS.  STOPPED(CONTEXT)
 * then tells whether to stop; it may be NULL.  Returns NULL when libcurl has
 * no memory for a fetcher. */
struct fetcher *fetcher_new(const struct transfer_common *common,
			    unsigned worker,
			    int watch_fd, short watch_events,
			    bool (*stopped)(void *context), void *context);
void fetcher_free(struct fetcher *fetcher);

/* A fetcher for the core's own thread, whose jobs are interrupted by a
 * signal. */
struct fetcher *fetcher_new_in_core(const struct strategy_env *env);

/* Runs JOB to completion, with synthetic work if requested, and fills in its
 * result. */
void fetcher_run(struct fetcher *fetcher, struct job *job);

/* Stops the current job and all later ones at once.  Thread-safe. */
void fetcher_stop(struct fetcher *fetcher);

/* Starts a thread with a small stack for a fetcher's work.  It blocks all
 * signals, as do threads that libcurl starts from it, and leaves them to the
 * core's thread.  Returns 0 or an error number. */
int fetcher_thread(pthread_t *thread, void *(*work)(void *), void *argument);

#endif
