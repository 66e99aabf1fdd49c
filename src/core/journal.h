/*
 * The journal of a run: which entries are done, so that another run can go on
 * where this one ended, whatever ended it.
 *
 * A journal is a file to which records (journal-record.h) are appended, and
 * which has one writer at a time (fcntl(2), F_SETLK).  An entry is identified
 * by its URL, the name that the list gives it, if any, and its ordinal among
 * entries that are equal in both; so the list may be edited or reordered.
 *
 * Memory: at most 32 bytes for each entry that the journal or the list has.
 * For the core's thread only.
 */
#ifndef PFETCH_CORE_JOURNAL_H
#define PFETCH_CORE_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash-set.h"
#include "base/result.h"
#include "core/journal-index.h"
#include "transfer/sink.h"

struct journal;

/* What a journal says of an entry. */
enum journal_state {
	JOURNAL_NEW,     /* nothing, or no more than that it was begun */
	JOURNAL_DONE,
	JOURNAL_LOST,    /* it was done, but its file is no longer there */
	JOURNAL_HOPELESS, /* it failed for good */
};
struct journal_entry {
	enum journal_state state;
	uint8_t id[JOURNAL_ID_BYTES];
	uint64_t bytes;          /* if it is or was done ... */
	char *name;              /* ... and the name of its file, or NULL; the
				  * caller frees it */
	enum cause cause;        /* if it is hopeless */
};

struct journal_options {
	bool resume;             /* it may have records */
	bool durable;            /* a new journal has its name on disk before it
				  * is used */
	bool replace;            /* files may replace those that were there
				  * before ... */
	uint64_t backups;        /* ... of which so many are kept */
};

/* Opens the journal PATH, created with mode 600 if there is none, and locks it.
 * PLACE is where the files are, or has no directory; files whose renaming was
 * interrupted get their names now.  Returns NULL and sets *FAULT, which the
 * caller frees, if that can't be done. */
struct journal *journal_open(const char *path,
			     const struct journal_options *options,
			     const struct sink_place *place, char **fault);
void journal_close(struct journal *journal);

/* How many bytes of records that were cut off, or never reached the disk, were
 * dropped when the journal was opened. */
uint64_t journal_dropped(const struct journal *journal);

/* Removes the temporary files that earlier runs of the journal have left, but
 * for those that KEEP wants. */
void journal_sweep(struct journal *journal,
		   bool (*keep)(void *context, const char *temp),
		   void *context);

/* With `replace`, the names of all files that are done: no other entry may have
 * them.  The journal keeps ownership. */
struct hash_set *journal_names(struct journal *journal);

/* Says what is known of the next entry of the list, which has URL and, unless
 * it is NULL, the name OUT. */
void journal_find(struct journal *journal, const char *url, const char *out,
		  struct journal_entry *entry);

/* Each adds a record to what journal_write() is to write.  TEMP and NAME may be
 * NULL. */
void journal_add_group(struct journal *journal);
void journal_add_complete(struct journal *journal,
			  const uint8_t id[JOURNAL_ID_BYTES], uint64_t bytes,
			  const char *temp, const char *name);
void journal_add_failed(struct journal *journal,
			const uint8_t id[JOURNAL_ID_BYTES], enum cause cause);

/* Appends what was added to the file.  Returns 0 or an error number, after
 * which the journal can't be used. */
int journal_write(struct journal *journal);

/* Whether all of the file is known to be on disk; a sync that begins covers
 * what is in the file then. */
bool journal_is_synced(const struct journal *journal);
void journal_begin_sync(struct journal *journal);
void journal_end_sync(struct journal *journal);

/* The file's descriptor, to be synchronized with the disk. */
int journal_fd(const struct journal *journal);

#endif
