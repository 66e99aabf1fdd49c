/* The list of entries that failed; see failures.h. */
#include "config.h"

#include "output/failures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "output/escape.h"

struct failures {
	struct outlet *out;
	char end;
};

/* What was not understood as a whole can't be written so that it is read
 * again. */
static void add_comment(struct evbuffer *out, const struct listener_item *item)
{
	evbuffer_add_printf(out, "# left out: entry %" PRIu64 ", line %" PRIu64
			    ": ", item->number, item->place.line);
	escape_add(out, item->result->detail, strlen(item->result->detail));
}

static void failures_final(void *state, const struct listener_item *item)
{
	struct failures *failures = state;
	struct evbuffer *out = outlet_buffer(failures->out);

	if (item->result->outcome != OUTCOME_FAILED)
		return;
	if (item->line != NULL)
		evbuffer_add(out, item->line, strlen(item->line));
	else
		add_comment(out, item);
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
