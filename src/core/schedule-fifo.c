/* Ready tasks start first in, first out; see schedule.h. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "core/schedule.h"
#include "core/task.h"

struct fifo {
	struct task *first, *last;
};

static void *fifo_open(void)
{
	return memory_zeroed(sizeof(struct fifo));
}

static void fifo_close(void *state)
{
	free(state);
}

static void fifo_add(void *state, struct task *task)
{
	struct fifo *fifo = state;

	task->schedule_next = NULL;
	if (fifo->last == NULL)
		fifo->first = task;
	else
		fifo->last->schedule_next = task;
	fifo->last = task;
}

static struct task *fifo_next(void *state, uint64_t now_us)
{
	struct fifo *fifo = state;
	struct task *task = fifo->first;

	(void)now_us;
	if (task == NULL)
		return NULL;
	fifo->first = task->schedule_next;
	if (fifo->first == NULL)
		fifo->last = NULL;
	return task;
}

static void fifo_clear(void *state)
{
	memset(state, 0, sizeof(struct fifo));
}

/* A ready task is never refused. */
static uint64_t fifo_when(void *state, uint64_t now_us)
{
	(void)state;
	return now_us;
}

static void fifo_ended(void *state, struct task *task,
		       const struct result *result)
{
	(void)state, (void)task, (void)result;
}

const struct schedule_policy schedule_fifo = {
	.open = fifo_open,
	.close = fifo_close,
	.add = fifo_add,
	.next = fifo_next,
	.when = fifo_when,
	.clear = fifo_clear,
	.ended = fifo_ended,
};
