/*
 * The order of bodies in a single output: a body that is done waits for those
 * before it in the list.
 *
 * At most LIMIT tasks wait; the core keeps to that by limiting how many entries
 * it reads ahead.  Bodies are never interleaved, and go to the outlet only as
 * it drains.  For the core's thread only.
 */
#ifndef PFETCH_CORE_ORDER_H
#define PFETCH_CORE_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/task.h"
#include "output/outlet.h"

struct order;

/* WRITTEN is called for each task once its body has been handed to OUTLET; the
 * callee then owns the task. */
struct order *order_new(struct outlet *outlet, uint64_t limit,
			void (*written)(void *context, struct task *task),
			void *context);

/* Passes the waiting tasks to WRITTEN without writing their bodies.  Returns
 * how many of them have one. */
size_t order_drop(struct order *order);
void order_free(struct order *order);

/* Adds TASK, which is final.  Task numbers begin at 1 and have no gaps. */
void order_put(struct order *order, struct task *task);

/* Whether the outlet holds as much as it may; no entry is taken then. */
bool order_full(const struct order *order);

/* Writes the bodies that are due while the outlet has room.  Returns 0, or an
 * error number if a spooled body can't be read back. */
int order_advance(struct order *order);

#endif
