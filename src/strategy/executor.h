/*
 * An executor: threads that do the synthetic work of an event loop, so that
 * the loop itself is not blocked, like asyncio's run_in_executor().
 *
 * Call all functions on the thread that runs the loop.
 */
#ifndef PFETCH_STRATEGY_EXECUTOR_H
#define PFETCH_STRATEGY_EXECUTOR_H

#include <event2/event.h>
#include <stddef.h>

#include "base/job.h"
#include "base/settings.h"

struct executor;

/* Starts THREADS threads for at most LIMIT jobs at once.  DONE is called from
 * BASE's loop once for each job.  Starting fewer threads is not a failure;
 * returns NULL, with errno set, only when none can be started. */
struct executor *executor_new(struct event_base *base,
			      const struct settings *settings, size_t threads,
			      size_t limit,
			      void (*done)(void *context, struct job *job),
			      void *context);

/* Call only when no job is outstanding. */
void executor_free(struct executor *executor);

/* Queues JOB, whose transfer has ended, for synthetic work. */
void executor_submit(struct executor *executor, struct job *job);

/* Cuts all work short; DONE is still called for each job. */
void executor_cancel(struct executor *executor);

#endif
