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

/* Whom a reactor works for. */
struct reactor_owner {
	/* Called from the loop once for each job. */
	void (*ended)(void *context, struct job *job);
	/* Whether work that computes is to be cut short. */
	bool (*stopped)(void *context);
	void *context;
	unsigned worker;   /* what results name as who ran them */
};

/* A transfer needs about so many descriptors: its socket, a temporary file
 * and, while its name is looked up, two more. */
enum { REACTOR_DESCRIPTORS = 4 };

/* LIMIT is how many jobs may be in flight at most, KEPT how many connections
 * are kept between them.  Work that computes is done in the loop, or in the
 * settings' `offload` threads, made here.  Returns NULL, with errno, when it
 * can't be made. */
struct reactor *reactor_new(struct event_base *base,
			    const struct transfer_common *common,
			    size_t limit, size_t kept,
			    const struct reactor_owner *owner);

/* Nothing is in flight.  Frees what it made, before the base goes. */
void reactor_free(struct reactor *reactor);

/* Starts JOB, at the latest in the loop's next turn. */
void reactor_submit(struct reactor *reactor, struct job *job);

/* Aborts all transfers; the owner's ended() is called for each before it
 * returns, but for those that are computed on, which end in the loop's next
 * turns. */
void reactor_cancel(struct reactor *reactor);

#endif
