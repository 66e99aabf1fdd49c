/* A list of checksums; see checksums.h. */
#include "config.h"

#include "output/checksums.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"

struct checksums {
	struct outlet *out;
	const char *directory;   /* "" for the present one */
	enum digest_kind kind;
};

/* A backslash or line end in a name is escaped, and the line then begins with
 * a backslash (coreutils manual, "md5sum invocation"). */
static void add_name(struct evbuffer *out, const char *name)
{
	for (; *name != '\0'; name++) {
		if (*name == '\\')
			evbuffer_add(out, "\\\\", 2);
		else if (*name == '\n')
			evbuffer_add(out, "\\n", 2);
		else if (*name == '\r')
			evbuffer_add(out, "\\r", 2);
		else
			evbuffer_add(out, name, 1);
	}
}

static void checksums_final(void *state, const struct listener_item *item)
{
	struct checksums *checksums = state;
	struct evbuffer *out = outlet_buffer(checksums->out);
	char hex[DIGEST_HEX_ROOM], *path;

	if (item->name == NULL || item->result->outcome == OUTCOME_SKIPPED)
		return;
	path = *checksums->directory == '\0'
		? memory_string(item->name)
		: memory_format("%s/%s", checksums->directory, item->name);
	digest_hex(checksums->kind, item->result->digest, hex);
	if (strpbrk(path, "\\\n\r") != NULL)
		evbuffer_add(out, "\\", 1);
	evbuffer_add_printf(out, "%s  ", hex);
	add_name(out, path);
	evbuffer_add(out, "\n", 1);
	free(path);
	outlet_touch(checksums->out);
}

static bool checksums_full(void *state)
{
	return outlet_pending(((struct checksums *)state)->out) >= OUTLET_FULL;
}

static bool checksums_pending(void *state)
{
	return outlet_pending(((struct checksums *)state)->out) > 0;
}

static void checksums_flush(void *state)
{
	outlet_flush(((struct checksums *)state)->out);
}

static const struct listener_kind checksums_kind = {
	.final = checksums_final,
	.full = checksums_full,
	.pending = checksums_pending,
	.flush = checksums_flush,
	.free = free,
};

struct listener checksums_new(struct outlet *out,
			      const struct settings *settings)
{
	struct checksums *checksums = memory_zeroed(sizeof(*checksums));
	const char *directory = settings->directory;

	checksums->out = out;
	checksums->directory = strcmp(directory, ".") == 0 ? "" : directory;
	checksums->kind = digest_find(settings->digest);
	return (struct listener){ &checksums_kind, checksums };
}
