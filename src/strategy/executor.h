/*
 * An executor: threads that compute for an event loop, so that the loop can go
 * on waiting meanwhile; what asyncio calls run_in_executor.
 *
 * All functions on the thread that runs the loop.
 */
#ifndef PFETCH_STRATEGY_EXECUTOR_H
#define PFETCH_STRATEGY_EXECUTOR_H

#include <event2/event.h>
#include <stddef.h>

#include "base/job.h"
#include "base/settings.h"

struct executor;

/* THREADS of them for at most LIMIT jobs at once.  DONE is called from BASE's
 * loop once for each job.  Returns NULL, with errno, when not one thread can
 * be had; some fewer than asked for are no failure. */
struct executor *executor_new(struct event_base *base,
			      const struct settings *settings, size_t threads,
			      size_t limit,
			      void (*done)(void *context, struct job *job),
			      void *context);

/* No job is outstanding. */
void executor_free(struct executor *executor);

/* Takes a JOB whose transfer has ended, to compute on. */
void executor_submit(struct executor *executor, struct job *job);

/* Cuts all work short; DONE is still called for each job. */
void executor_cancel(struct executor *executor);

#endif
