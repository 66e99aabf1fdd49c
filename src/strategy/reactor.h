/*
 * A reactor: many transfers in one thread, on one libevent loop, through
 * curl_multi_socket_action(3).
 *
 * What event (one reactor on the core's own loop) and loops (one a thread)
 * share.  All functions on the thread that runs the loop.
 */
#ifndef PFETCH_STRATEGY_REACTOR_H
#define PFETCH_STRATEGY_REACTOR_H

#include <event2/event.h>

#include "transfer/transfer.h"

struct reactor;

/* A transfer needs about so many descriptors: its socket, a temporary file
 * and, while its name is looked up, two more. */
enum { REACTOR_DESCRIPTORS = 4 };

/* LIMIT is how many jobs may be in flight at most, KEPT how many connections
 * are kept between them.  ENDED is called from the
 * loop once for each job.  Returns NULL, with errno, when it can't be made. */
struct reactor *reactor_new(struct event_base *base,
			    const struct transfer_common *common,
			    size_t limit, size_t kept,
			    void (*ended)(void *context, struct job *job),
			    void *context);

/* Nothing is in flight.  Frees what it made, before the base goes. */
void reactor_free(struct reactor *reactor);

/* Starts JOB, at the latest in the loop's next turn. */
void reactor_submit(struct reactor *reactor, struct job *job);

/* Aborts all that is in flight; ENDED is called for each before it returns. */
void reactor_cancel(struct reactor *reactor);

#endif
