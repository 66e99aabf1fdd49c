/*
 * Tasks that are final and wait for their turn: to be reported, and to have
 * their bodies written to a single stream.
 *
 * Their turn comes in the order of the list, or in the order in which they
 * became final.  At most LIMIT tasks wait; the core keeps to that by limiting
 * how many entries it reads ahead, so the order pushes back on fetching.
 * Bodies are never interleaved, and are written only as fast as their reader
 * takes them.  For the core's thread only.
 */
#ifndef PFETCH_CORE_ORDER_H
#define PFETCH_CORE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"
#include "output/bodies.h"

struct order;

/* What the owner of an order does for it. */
struct order_owner {
	/* TASK as listeners see it. */
	struct listener_item (*item)(void *context, const struct task *task);

	/* TASK's turn is over; the callee then owns it.  ERROR: its body could
	 * not be written as a whole; else 0.  LOST: its body will never be. */
	void (*done)(void *context, struct task *task, int error, bool lost);
	void *context;
};

/* BODIES may be of no kind.  BY_NUMBER: in the order of the list, of which at
 * most LIMIT entries are in the core at a time. */
struct order *order_new(const struct bodies *bodies, bool by_number,
			uint64_t limit, const struct order_owner *owner);
void order_free(struct order *order);

/* Adds TASK, which is final and has its RESULT.  With BY_NUMBER, task numbers
 * begin at 1 and have no gaps. */
void order_put(struct order *order, struct task *task);

/* Whether TASK, which is not final yet, is the one whose turn it is. */
bool order_is_next(const struct order *order, const struct task *task);

/* Whether the stream holds as much as it may; no entry is taken then. */
bool order_full(const struct order *order);

/* Ends the turns of those tasks whose turn has come, as far as the stream has
 * room. */
void order_advance(struct order *order);

/* Ends the turns of all tasks, in order, without writing their bodies. */
void order_drop(struct order *order);

#endif
