/* Bodies one after another; see joined.h. */
#include "config.h"

#include "output/joined.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"

struct joined {
	struct outlet *out;
	const struct settings *settings;
	struct body_reader reader;
	bool begun;              /* a part of the next one was written */
	bool any;                /* there was a body before */
};

/* A part that is missing must not go unnoticed. */
static void add(struct joined *joined, const void *bytes, size_t length)
{
	if (evbuffer_add(outlet_buffer(joined->out), bytes, length) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	outlet_touch(joined->out);
}

/* Writes what comes before a body. */
static void separate(struct joined *joined)
{
	const struct text_data *separator = &joined->settings->out.separator;

	if (joined->any && separator->length > 0)
		add(joined, separator->bytes, separator->length);
	joined->any = true;
}

void joined_stream(struct bodies *bodies, const char *bytes, size_t length)
{
	struct joined *joined = bodies->state;

	if (!joined->begun)
		separate(joined);
	joined->begun = true;
	add(joined, bytes, length);
}

static int joined_begin(void *state, const struct listener_item *item,
			const struct body *body)
{
	struct joined *joined = state;

	(void)item;
	joined->reader.body = body;
	joined->reader.at = 0;
	if (body != NULL && !joined->begun)
		separate(joined);
	joined->begun = false;
	return 0;
}

static int joined_advance(void *state)
{
	struct joined *joined = state;
	const char *bytes;
	ssize_t got;

	if (joined->reader.body == NULL)
		return 1;
	got = body_reader_next(&joined->reader, &bytes);
	if (got < 0)
		return -errno;
	if (got > 0)
		add(joined, bytes, (size_t)got);
	if (joined->reader.at < joined->reader.body->length)
		return 0;
	if (joined->settings->out.null_out)
		add(joined, "", 1);
	return 1;
}

static int joined_end(void *state)
{
	(void)state;
	return 0;
}

static bool joined_full(void *state)
{
	return outlet_pending(((struct joined *)state)->out) >= OUTLET_FULL;
}

static bool joined_pending(void *state)
{
	return outlet_pending(((struct joined *)state)->out) > 0;
}

static void joined_flush(void *state)
{
	outlet_flush(((struct joined *)state)->out);
}

static void joined_free(void *state)
{
	struct joined *joined = state;

	body_reader_release(&joined->reader);
	free(joined);
}

static const struct bodies_kind joined_kind = {
	.begin = joined_begin,
	.advance = joined_advance,
	.end = joined_end,
	.full = joined_full,
	.pending = joined_pending,
	.flush = joined_flush,
	.free = joined_free,
};

struct bodies joined_new(struct outlet *out, const struct settings *settings)
{
	struct joined *joined = memory_zeroed(sizeof(*joined));

	joined->out = out;
	joined->settings = settings;
	return (struct bodies){ &joined_kind, joined };
}
