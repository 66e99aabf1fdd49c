/* Tasks that wait for their turn; see order.h. */
#include "config.h"

#include "core/order.h"

#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"

struct order {
	struct bodies bodies;
	struct order_owner owner;
	bool by_number;
	bool begun;              /* the task whose turn it is has begun */
	/* By number: a ring, indexed by that. */
	struct task **ring;
	uint64_t limit;
	uint64_t next;           /* number of the task whose turn it is */
	/* Otherwise: a queue, linked by schedule_next. */
	struct task *first, *last;
};

struct order *order_new(const struct bodies *bodies, bool by_number,
			uint64_t limit, const struct order_owner *owner)
{
	struct order *order = memory_zeroed(sizeof(*order));

	order->bodies = *bodies;
	order->owner = *owner;
	order->by_number = by_number;
	order->limit = limit;
	order->next = 1;
	if (by_number)
		order->ring = memory_zeroed(limit * sizeof(*order->ring));
	return order;
}

void order_free(struct order *order)
{
	free(order->ring);
	free(order);
}

static struct task **slot(const struct order *order, uint64_t number)
{
	return &order->ring[number % order->limit];
}

void order_put(struct order *order, struct task *task)
{
	must(task->result != NULL);
	if (order->by_number) {
		struct task **place = slot(order, task->number);

		must(*place == NULL &&
		     task->number - order->next < order->limit);
		*place = task;
		return;
	}
	task->schedule_next = NULL;
	if (order->last != NULL)
		order->last->schedule_next = task;
	else
		order->first = task;
	order->last = task;
}

/* The task whose turn it is; NULL: it isn't here yet. */
static struct task *current(const struct order *order)
{
	return order->by_number ? *slot(order, order->next) : order->first;
}

/* Removes the task whose turn it was. */
static void move_on(struct order *order)
{
	order->begun = false;
	if (order->by_number) {
		*slot(order, order->next++) = NULL;
		return;
	}
	order->first = order->first->schedule_next;
	if (order->first == NULL)
		order->last = NULL;
}

bool order_is_next(const struct order *order, const struct task *task)
{
	return order->by_number ? order->next == task->number
				: order->first == NULL;
}

bool order_full(const struct order *order)
{
	return order->bodies.kind != NULL &&
	       order->bodies.kind->full(order->bodies.state);
}

/* A task that was never submitted, or failed, has no body. */
static const struct body *body_of(const struct task *task)
{
	bool none = task->job == NULL ||
		    task->result->outcome == OUTCOME_FAILED ||
		    (task->job->body.kind != BODY_MEMORY &&
		     task->job->body.kind != BODY_FD);

	return none ? NULL : &task->job->body;
}

/* Writes a part of TASK's body.  Returns as bodies_kind.advance() does. */
static int write_part(struct order *order, struct task *task)
{
	const struct bodies *bodies = &order->bodies;

	if (bodies->kind == NULL)
		return 1;
	if (!order->begun) {
		struct listener_item item = order->owner.item(
			order->owner.context, task);
		int error = bodies->kind->begin(bodies->state, &item,
						body_of(task));

		if (error != 0)
			return -error;
		order->begun = true;
	}
	return bodies->kind->advance(bodies->state);
}

void order_advance(struct order *order)
{
	struct task *task;

	while (!order_full(order) && (task = current(order)) != NULL) {
		int state = write_part(order, task);

		if (state == 0)
			continue;
		move_on(order);
		order->owner.done(order->owner.context, task,
				  state < 0 ? -state : 0, false);
		if (state < 0)
			return;
	}
}

/* Drops TASK, unless there is none. */
static void drop(struct order *order, struct task *task)
{
	bool lost;

	if (task == NULL)
		return;
	lost = order->bodies.kind != NULL && body_of(task) != NULL;
	order->owner.done(order->owner.context, task, 0, lost);
}

void order_drop(struct order *order)
{
	if (order->by_number) {
		for (uint64_t i = 0; i < order->limit; i++) {
			struct task **place = slot(order, order->next + i);
			struct task *task = *place;

			*place = NULL;
			drop(order, task);
		}
		return;
	}
	while (order->first != NULL) {
		struct task *task = order->first;

		move_on(order);
		drop(order, task);
	}
}
