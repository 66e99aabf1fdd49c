/*
 * The order of bodies in one output: those that are done wait for those
 * before them in the list.
 *
 * At most LIMIT tasks wait, a bound that the core keeps by what it reads.
 * Bodies go to the outlet whole and only as it drains.  The core's thread
 * only.
 */
#ifndef PFETCH_CORE_ORDER_H
#define PFETCH_CORE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"
#include "output/outlet.h"

struct order;

/* WRITTEN is called for each task when its body is with the outlet; the task
 * is the callee's from then. */
struct order *order_new(struct outlet *outlet, uint64_t limit,
			void (*written)(void *context, struct task *task),
			void *context);

/* Gives back the tasks that wait, unwritten, through WRITTEN. */
void order_drop(struct order *order);
void order_free(struct order *order);

/* TASK is final.  Numbers begin at 1 and none is left out. */
void order_put(struct order *order, struct task *task);

/* Whether the outlet has as much as it may hold; then no entry is taken. */
bool order_full(const struct order *order);

/* Writes what is due, as far as the outlet has room.  Returns 0, or an error
 * number when a spooled body can't be read back. */
int order_advance(struct order *order);

#endif
