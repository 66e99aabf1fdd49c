/* The order of bodies in one output; see order.h. */
#include "config.h"

#include "core/order.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/memory.h"

enum { CHUNK = 64 * 1024 };

struct order {
	struct outlet *outlet;
	struct task **waiting;   /* a ring, indexed by the task's number */
	uint64_t limit;
	uint64_t next;           /* number of the task whose turn it is */
	size_t done;             /* bytes of its body already written */
	char *chunk;
	void (*written)(void *context, struct task *task);
	void *context;
};

struct order *order_new(struct outlet *outlet, uint64_t limit,
			void (*written)(void *context, struct task *task),
			void *context)
{
	struct order *order = memory_zeroed(sizeof(*order));

	order->outlet = outlet;
	order->limit = limit;
	order->next = 1;
	order->waiting = memory_zeroed(limit * sizeof(*order->waiting));
	order->written = written;
	order->context = context;
	return order;
}

static struct task **slot(struct order *order, uint64_t number)
{
	return &order->waiting[number % order->limit];
}

/* A task that was never submitted has no body. */
static const struct body *body_of(const struct task *task)
{
	static const struct body none = { .kind = BODY_NONE, .fd = -1 };

	return task->job != NULL ? &task->job->body : &none;
}

size_t order_drop(struct order *order)
{
	size_t lost = 0;

	for (uint64_t i = 0; i < order->limit; i++) {
		struct task *task = order->waiting[i];

		order->waiting[i] = NULL;
		if (task == NULL)
			continue;
		lost += body_of(task)->kind != BODY_NONE;
		order->written(order->context, task);
	}
	return lost;
}

void order_free(struct order *order)
{
	free(order->chunk);
	free(order->waiting);
	free(order);
}

void order_put(struct order *order, struct task *task)
{
	struct task **place = slot(order, task->number);

	must(*place == NULL &&
	     task->number - order->next < order->limit);
	*place = task;
}

bool order_full(const struct order *order)
{
	return outlet_pending(order->outlet) >= OUTLET_FULL;
}

/* A part that is missing must not go unnoticed. */
static void add(struct order *order, const void *bytes, size_t length)
{
	if (evbuffer_add(outlet_buffer(order->outlet), bytes, length) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

/* Copies the next part of a spooled body.  Returns its length, or -1. */
static ssize_t copy_part(struct order *order, const struct body *body)
{
	size_t left = body->length - order->done;
	ssize_t got;

	if (order->chunk == NULL)
		order->chunk = memory_alloc(CHUNK);
	do
		got = pread(body->fd, order->chunk, left < CHUNK ? left : CHUNK,
			    (off_t)order->done);
	while (got < 0 && errno == EINTR);
	if (got == 0)
		errno = EIO;
	if (got <= 0)
		return -1;
	add(order, order->chunk, (size_t)got);
	return got;
}

/* Writes a part of the body.  Returns 0 or an error number. */
static int write_part(struct order *order, const struct body *body)
{
	ssize_t got = (ssize_t)body->length;

	if (body->kind == BODY_FD)
		got = copy_part(order, body);
	else
		add(order, body->memory, body->length);
	if (got < 0)
		return errno;
	order->done += (size_t)got;
	outlet_touch(order->outlet);
	return 0;
}

int order_advance(struct order *order)
{
	while (!order_full(order)) {
		struct task *task = *slot(order, order->next);
		const struct body *body;

		if (task == NULL)
			return 0;
		body = body_of(task);
		if (body->kind != BODY_NONE && order->done < body->length) {
			int error = write_part(order, body);

			if (error != 0)
				return error;
			continue;
		}
		*slot(order, order->next) = NULL;
		order->next++;
		order->done = 0;
		order->written(order->context, task);
	}
	return 0;
}
