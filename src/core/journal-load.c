/*
 * Reads a journal; see journal-load.h.
 *
 * A crash can leave damage only at the end: a record that was cut off or, if
 * the system crashed, blocks that never reached the disk.  Those were not
 * acknowledged and are dropped.  Damage anywhere else is not ours to repair: if
 * a good record follows it that says that all before was on disk, or if there
 * was no crash of the system, the journal is refused.
 */
#include "config.h"

#include "core/journal-load.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "core/journal-record.h"

enum { CHUNK = 1 << 20 };

struct loader {
	int fd;
	const char *boot;
	const struct journal_visitor *visitor;
	struct journal_contents *contents;
	char *buffer;            /* of 2 * CHUNK */
	size_t held;             /* bytes in it */
	uint64_t position;       /* of its first byte in the file */
	bool begun;              /* there was a run */
	bool same_boot;          /* the latest run is of this boot */
	uint64_t damage;         /* where it begins */
	bool damaged;
	bool follows;            /* good records follow it ... */
	bool synced;             /* ... that were written after a sync */
};

/* Adds what could be read to the buffer.  Returns as read(2) does. */
static ssize_t fill(struct loader *loader)
{
	ssize_t got;

	do
		got = read(loader->fd, loader->buffer + loader->held,
			   2 * CHUNK - loader->held);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		loader->held += (size_t)got;
	return got;
}

/* How many lines the file has, for the size of the index. */
static size_t count_lines(struct loader *loader)
{
	size_t lines = 0;

	while (fill(loader) > 0) {
		const char *at = loader->buffer;
		const char *end = at + loader->held;

		while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
			lines++;
			at++;
		}
		loader->held = 0;
	}
	lseek(loader->fd, 0, SEEK_SET);
	return lines;
}

static void take_run(struct loader *loader,
		     const struct journal_record *record)
{
	char *run = memory_copy(record->run.at, record->run.length);

	hash_set_add(&loader->contents->runs, run);
	free(run);
	loader->begun = true;
	loader->same_boot = record->boot.length == strlen(loader->boot) &&
			    memcmp(record->boot.at, loader->boot,
				   record->boot.length) == 0;
}

static void take_entry(struct loader *loader,
		       const struct journal_record *record, uint64_t position)
{
	const struct journal_visitor *visitor = loader->visitor;

	journal_slot_set_position(
		journal_index_add(&loader->contents->index, record->id),
		position);
	if (record->kind == JOURNAL_COMPLETE)
		visitor->complete(visitor->context, record->temp.at,
				  record->temp.length, record->name.at,
				  record->name.length, record->bytes);
}

/* Takes a line of LENGTH bytes at POSITION, without its end. */
static void take_line(struct loader *loader, const char *line, size_t length,
		      uint64_t position)
{
	struct journal_record record;

	journal_record_read(line, length, &record);
	if (!loader->damaged &&
	    (record.kind == JOURNAL_DAMAGED ||
	     (!loader->begun && record.kind != JOURNAL_RUN))) {
		loader->damage = position;
		loader->damaged = true;
		return;
	}
	if (record.kind == JOURNAL_DAMAGED)
		return;
	if (loader->damaged) {
		loader->follows = true;
		loader->synced = loader->synced ||
				 record.kind == JOURNAL_GROUP ||
				 record.kind == JOURNAL_RUN;
		return;
	}
	if (record.kind == JOURNAL_RUN)
		take_run(loader, &record);
	else if (record.kind != JOURNAL_GROUP)
		take_entry(loader, &record, position);
	loader->contents->end = position + length + 1;
}

/* Takes the whole lines in the buffer and moves the rest to its beginning. */
static void take_lines(struct loader *loader)
{
	char *at = loader->buffer, *end = at + loader->held, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		take_line(loader, at, (size_t)(newline - at),
			  loader->position +
				  (uint64_t)(at - loader->buffer));
		at = newline + 1;
	}
	/* No line is as long as that. */
	if (at == loader->buffer && loader->held >= CHUNK) {
		take_line(loader, at, loader->held, loader->position);
		at = end;
	}
	loader->position += (uint64_t)(at - loader->buffer);
	loader->held = (size_t)(end - at);
	memmove(loader->buffer, at, loader->held);
}

/* Whether what the file begins with, if anything, may be that of a journal. */
static bool may_be_journal(const struct loader *loader)
{
	size_t length = strlen(JOURNAL_MAGIC);

	if (loader->held < length)
		return loader->held == 0;
	return memcmp(loader->buffer, JOURNAL_MAGIC, length) == 0;
}

static char *judge(const struct loader *loader)
{
	bool crashed = loader->begun && !loader->same_boot;

	if (loader->damaged && (loader->synced ||
				(loader->follows && !crashed)))
		return memory_format("it is damaged at byte %" PRIu64,
				     loader->damage);
	return NULL;
}

static char *read_all(struct loader *loader)
{
	ssize_t got = fill(loader);
	char *fault = NULL;

	if (got >= 0 && !may_be_journal(loader))
		return memory_string("it is not a journal: damaged at byte 0");
	while (got > 0) {
		take_lines(loader);
		got = fill(loader);
	}
	if (got < 0)
		return memory_string(strerror(errno));
	loader->contents->size = loader->position + loader->held;
	fault = judge(loader);
	return fault;
}

char *journal_load(int fd, const char *boot,
		   const struct journal_visitor *visitor,
		   struct journal_contents *contents)
{
	struct loader loader = {
		.fd = fd, .boot = boot, .visitor = visitor,
		.contents = contents,
		.buffer = memory_alloc(2 * CHUNK),
	};
	char *fault;

	memset(contents, 0, sizeof(*contents));
	journal_index_init(&contents->index, count_lines(&loader));
	fault = read_all(&loader);
	free(loader.buffer);
	return fault;
}

void journal_contents_release(struct journal_contents *contents)
{
	journal_index_release(&contents->index);
	hash_set_release(&contents->runs);
}
