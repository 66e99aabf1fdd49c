/* The journal of a run; see journal.h. */
#include "config.h"

#include "base/siphash.h"

#include "core/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <uthash.h>

#include "base/boot.h"
#include "base/crash.h"
#include "base/digest.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "core/journal-load.h"
#include "core/journal-record.h"
#include "core/strays.h"

/* How often an entry has been in this run's list, if more than once. */
struct repeated {
	UT_hash_handle hh;
	uint8_t id[JOURNAL_ID_BYTES]; /* of the first one */
	uint64_t times;
};

struct journal {
	int fd;
	const struct sink_place *place;
	struct journal_contents contents;
	struct digest *digest;
	struct evbuffer *added;
	bool replace;            /* files that were there before */
	uint64_t length;         /* of the file */
	uint64_t ordered, synced; /* how much of it is being written to disk,
				   * or was */
	struct hash_set names;   /* of files that are done, with REPLACE */
	struct strays *strays;   /* files without their names */
	struct repeated *repeated;
};

static void note_name(struct journal *journal, const char *name, size_t length)
{
	char *copy = memory_copy(name, length);

	hash_set_add(&journal->names, copy);
	free(copy);
}

/* A record says which name a file is to have. */
static void on_complete(void *context, const char *temp, size_t temp_length,
			const char *name, size_t name_length, uint64_t bytes)
{
	struct journal *journal = context;

	if (name_length == 0)
		return;
	if (journal->replace)
		note_name(journal, name, name_length);
	strays_note(journal->strays, temp, temp_length, name, name_length,
		    bytes);
}

void journal_sweep(struct journal *journal,
		   bool (*keep)(void *context, const char *temp),
		   void *context)
{
	strays_sweep(journal->strays, &journal->contents.runs, keep, context);
}

/* ---- opening ---- */

/* Locks the file.  Returns NULL, or why that can't be done. */
static char *lock(int fd)
{
	struct flock all = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_SETLK, &all) == 0)
		return NULL;
	if (errno != EACCES && errno != EAGAIN)
		return memory_format("cannot lock it: %s", strerror(errno));
	if (fcntl(fd, F_GETLK, &all) == 0 && all.l_type != F_UNLCK)
		return memory_format("process %ld is using it",
				     (long)all.l_pid);
	return memory_string("another process is using it");
}

/* Removes the damage at the end and begins a run.  Returns NULL or why that
 * can't be done. */
static char *begin_run(struct journal *journal, const char *boot)
{
	const struct journal_contents *contents = &journal->contents;
	char line[JOURNAL_LINE_MAX];
	size_t length;
	int error = 0;

	if (contents->end < contents->size &&
	    ftruncate(journal->fd, (off_t)contents->end) != 0)
		return memory_string(strerror(errno));
	if (lseek(journal->fd, (off_t)contents->end, SEEK_SET) < 0)
		return memory_string(strerror(errno));
	/* The record of a run says that all before it is on disk. */
	if (contents->end > 0 && fdatasync(journal->fd) != 0)
		return memory_string(strerror(errno));
	length = journal_record_run(line, journal->place->run_id, boot);
	error = files_write_all(journal->fd, line, length);
	if (error != 0 && ftruncate(journal->fd, (off_t)contents->end) != 0)
		return memory_string(strerror(errno));
	journal->length = contents->end + length;
	journal->synced = contents->end;
	return error != 0 ? memory_string(strerror(error)) : NULL;
}

static char *load(struct journal *journal,
		  const struct journal_options *options)
{
	struct journal_visitor visitor = { on_complete, journal };
	char boot[BOOT_ROOM], *fault;

	boot_identify(boot);
	fault = journal_load(journal->fd, boot, &visitor, &journal->contents);
	if (fault == NULL && !options->resume && journal->contents.end > 0)
		fault = memory_string("it has records of an earlier run: add "
				      "--resume to go on with that, or remove "
				      "it");
	if (fault == NULL)
		fault = begin_run(journal, boot);
	if (fault == NULL)
		strays_rename(journal->strays, options->replace,
			      options->backups);
	return fault;
}

struct journal *journal_open(const char *path,
			     const struct journal_options *options,
			     const struct sink_place *place, char **fault)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	struct journal *journal;
	struct stat status;

	*fault = fd < 0 ? memory_string(strerror(errno)) : NULL;
	if (*fault == NULL &&
	    (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)))
		*fault = memory_string("it is not a regular file");
	if (*fault == NULL && options->durable && status.st_size == 0 &&
	    files_sync_parent(path) != 0)
		*fault = memory_string(strerror(errno));
	if (*fault == NULL)
		*fault = lock(fd);
	if (*fault != NULL) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	journal = memory_zeroed(sizeof(*journal));
	journal->fd = fd;
	journal->place = place;
	journal->replace = options->replace;
	journal->strays = strays_find(place);
	journal->digest = digest_new(DIGEST_SHA256);
	journal->added = evbuffer_new();
	if (journal->added == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	*fault = load(journal, options);
	if (*fault == NULL)
		return journal;
	journal_close(journal);
	return NULL;
}

void journal_close(struct journal *journal)
{
	struct repeated *repeated, *next;

	strays_free(journal->strays);
	HASH_ITER(hh, journal->repeated, repeated, next) {
		HASH_DEL(journal->repeated, repeated);
		free(repeated);
	}
	journal_contents_release(&journal->contents);
	digest_free(journal->digest);
	evbuffer_free(journal->added);
	hash_set_release(&journal->names);
	close(journal->fd);
	free(journal);
}

uint64_t journal_dropped(const struct journal *journal)
{
	return journal->contents.size - journal->contents.end;
}

struct hash_set *journal_names(struct journal *journal)
{
	return &journal->names;
}

int journal_fd(const struct journal *journal)
{
	return journal->fd;
}

/* ---- finding ---- */

static void make_id(struct journal *journal, const char *url, const char *out,
		    uint64_t ordinal, uint8_t id[JOURNAL_ID_BYTES])
{
	uint8_t value[DIGEST_MAX_BYTES];
	char number[24];
	int length = snprintf(number, sizeof(number), "%" PRIu64, ordinal);

	digest_begin(journal->digest);
	digest_add(journal->digest, url, strlen(url) + 1);
	if (out != NULL)
		digest_add(journal->digest, out, strlen(out));
	digest_add(journal->digest, "", 1);
	digest_add(journal->digest, number, (size_t)length);
	digest_end(journal->digest, value);
	memcpy(id, value, JOURNAL_ID_BYTES);
}

/* How often the entry with the first id ID has been in the list before. */
static uint64_t count_repeat(struct journal *journal,
			     const uint8_t id[JOURNAL_ID_BYTES])
{
	struct repeated *repeated;

	HASH_FIND(hh, journal->repeated, id, JOURNAL_ID_BYTES, repeated);
	if (repeated == NULL) {
		repeated = memory_zeroed(sizeof(*repeated));
		memcpy(repeated->id, id, JOURNAL_ID_BYTES);
		HASH_ADD(hh, journal->repeated, id, JOURNAL_ID_BYTES,
			 repeated);
	}
	return ++repeated->times;
}

static enum cause cause_called(const struct journal_text *class)
{
	for (int cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++) {
		const char *name = cause_table[cause].name;

		if (strlen(name) == class->length &&
		    memcmp(name, class->at, class->length) == 0)
			return (enum cause)cause;
	}
	return CAUSE_HTTP;
}

/* Takes what RECORD says of ENTRY. */
static void take_record(const struct journal *journal,
			const struct journal_record *record,
			struct journal_entry *entry)
{
	if (memcmp(record->id, entry->id, JOURNAL_ID_BYTES) != 0)
		return;
	if (record->kind == JOURNAL_FAILED) {
		entry->state = JOURNAL_HOPELESS;
		entry->cause = cause_called(&record->class);
		/* It was complete, but could not get its name. */
		if (entry->cause == CAUSE_FILE)
			entry->state = JOURNAL_NEW;
		return;
	}
	entry->state = JOURNAL_DONE;
	entry->bytes = record->bytes;
	if (record->name.length == 0 || journal->place->directory_fd < 0)
		return;
	entry->name = memory_copy(record->name.at, record->name.length);
	if (strays_size(journal->place, entry->name) ==
	    (int64_t)entry->bytes)
		return;
	entry->state = JOURNAL_LOST;
}

/* Reads the record that SLOT has the position of. */
static void look_up(const struct journal *journal,
		    const struct journal_slot *slot,
		    struct journal_entry *entry)
{
	char line[JOURNAL_LINE_MAX];
	struct journal_record record;
	ssize_t got = pread(journal->fd, line, sizeof(line),
			    (off_t)journal_slot_position(slot));
	const char *end = got > 0 ? memchr(line, '\n', (size_t)got) : NULL;

	if (end == NULL)
		return;
	journal_record_read(line, (size_t)(end - line), &record);
	if (record.kind == JOURNAL_COMPLETE || record.kind == JOURNAL_FAILED)
		take_record(journal, &record, entry);
}

void journal_find(struct journal *journal, const char *url, const char *out,
		  struct journal_entry *entry)
{
	struct journal_slot *slot;

	*entry = (struct journal_entry){ .state = JOURNAL_NEW };
	make_id(journal, url, out, 0, entry->id);
	slot = journal_index_add(&journal->contents.index, entry->id);
	if (journal_slot_mark_seen(slot)) {
		make_id(journal, url, out, count_repeat(journal, entry->id),
			entry->id);
		slot = journal_index_find(&journal->contents.index,
					  entry->id);
	}
	if (slot != NULL && journal_slot_has_position(slot))
		look_up(journal, slot, entry);
}

/* ---- adding ---- */

static void add(struct journal *journal, const char *line, size_t length)
{
	if (evbuffer_add(journal->added, line, length) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

void journal_add_group(struct journal *journal)
{
	char line[JOURNAL_LINE_MAX];

	add(journal, line, journal_record_group(line));
}

void journal_add_complete(struct journal *journal,
			  const uint8_t id[JOURNAL_ID_BYTES], uint64_t bytes,
			  const char *temp, const char *name)
{
	char line[JOURNAL_LINE_MAX];

	add(journal, line, journal_record_complete(line, id, bytes, temp,
						   name));
}

void journal_add_failed(struct journal *journal,
			const uint8_t id[JOURNAL_ID_BYTES], enum cause cause)
{
	char line[JOURNAL_LINE_MAX];

	add(journal, line, journal_record_failed(line, id,
						 cause_table[cause].name));
}

int journal_write(struct journal *journal)
{
	size_t length = evbuffer_get_length(journal->added), half = length;
	const char *bytes = (const char *)evbuffer_pullup(journal->added, -1);
	int error;

	if (length == 0)
		return 0;
	crash_point();
	/* A crash may come in the middle of a record. */
	if (crash_expected())
		half = length / 2;
	error = files_write_all(journal->fd, bytes, half);
	crash_point();
	if (error == 0)
		error = files_write_all(journal->fd, bytes + half,
					length - half);
	crash_point();
	evbuffer_drain(journal->added, length);
	/* A record that was cut off would damage those that follow. */
	if (error != 0 &&
	    ftruncate(journal->fd, (off_t)journal->length) == 0)
		lseek(journal->fd, (off_t)journal->length, SEEK_SET);
	else
		journal->length += length;
	return error;
}

bool journal_is_synced(const struct journal *journal)
{
	return journal->synced == journal->length;
}

void journal_begin_sync(struct journal *journal)
{
	journal->ordered = journal->length;
}

void journal_end_sync(struct journal *journal)
{
	journal->synced = journal->ordered;
}
