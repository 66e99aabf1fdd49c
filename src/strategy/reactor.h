/*
 * A reactor: many transfers in one thread, on one libevent loop, through
 * curl_multi_socket_action(3).
 *
 * It is shared by event (one reactor on the core's own loop) and loops (one
 * per thread).  Call all functions on the thread that runs the loop.
 */
#ifndef PFETCH_STRATEGY_REACTOR_H
#define PFETCH_STRATEGY_REACTOR_H

#include <event2/event.h>

#include "transfer/transfer.h"

struct reactor;

/* The owner of a reactor, which gets its jobs back. */
struct reactor_owner {
	/* Called once for each job, from the loop or reactor_cancel(). */
	void (*ended)(void *context, struct job *job);
	/* Whether to cut synthetic work short. */
	bool (*stopped)(void *context);
	void *context;
	unsigned worker;   /* worker index that results record */
	unsigned lookups;  /* most name look-ups at a time */
};

/* The approximate number of descriptors that a transfer needs: its socket, a
 * temporary file and, while its name is looked up, two more. */
enum { REACTOR_DESCRIPTORS = 4 };

/* LIMIT is the maximum number of jobs in flight, KEPT the number of
 * connections kept between jobs.  Synthetic work is done in the loop, or in
 * the settings' `offload` threads, which are started here.  Returns NULL with
 * errno set on failure. */
struct reactor *reactor_new(struct event_base *base,
			    const struct transfer_common *common,
			    size_t limit, size_t kept,
			    const struct reactor_owner *owner);

/* Call only when nothing is in flight, and before the base is freed. */
void reactor_free(struct reactor *reactor);

/* Starts JOB, at once or after a pending look-up of the same host. */
void reactor_submit(struct reactor *reactor, struct job *job);

/* Aborts all transfers.  The owner's ended() is called for each before this
 * returns, except for jobs in the executor, which end in the loop's next
 * turns. */
void reactor_cancel(struct reactor *reactor);

#endif
