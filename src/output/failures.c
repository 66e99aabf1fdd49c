/* The list of entries that failed; see failures.h. */
#include "config.h"

#include "output/failures.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct failures {
	struct outlet *out;
	char end;
};

static void failures_final(void *state, const struct listener_item *item)
{
	struct failures *failures = state;
	struct evbuffer *out = outlet_buffer(failures->out);

	/* What was cut off when it was read can't be read again. */
	if (item->result->outcome != OUTCOME_FAILED || item->line == NULL)
		return;
	evbuffer_add(out, item->line, strlen(item->line));
	evbuffer_add(out, &failures->end, 1);
	outlet_touch(failures->out);
}

static bool failures_full(void *state)
{
	return outlet_pending(((struct failures *)state)->out) >= OUTLET_FULL;
}

static bool failures_pending(void *state)
{
	return outlet_pending(((struct failures *)state)->out) > 0;
}

static void failures_flush(void *state)
{
	outlet_flush(((struct failures *)state)->out);
}

static const struct listener_kind failures_kind = {
	.final = failures_final,
	.full = failures_full,
	.pending = failures_pending,
	.flush = failures_flush,
	.free = free,
};

struct listener failures_new(struct outlet *out, char end)
{
	struct failures *failures = memory_zeroed(sizeof(*failures));

	failures->out = out;
	failures->end = end;
	return (struct listener){ &failures_kind, failures };
}
