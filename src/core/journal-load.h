/* Reads a journal: builds its index, and finds what a crash has left. */
#ifndef PFETCH_CORE_JOURNAL_LOAD_H
#define PFETCH_CORE_JOURNAL_LOAD_H

#include <stdint.h>

#include "base/hash-set.h"
#include "core/journal-index.h"

/* What a journal holds. */
struct journal_contents {
	struct journal_index index;
	struct hash_set runs;    /* run ids */
	uint64_t end;            /* of the last good record */
	uint64_t size;           /* of the file */
};

/* What to do with each record of an entry that is complete; a length of 0
 * stands for no name. */
struct journal_visitor {
	void (*complete)(void *context, const char *temp, size_t temp_length,
			 const char *name, size_t name_length,
			 uint64_t bytes);
	void *context;
};

/* Reads the file FD into CONTENTS, which the caller releases also on failure.
 * BOOT identifies the present boot, or is "".  Returns NULL, or a text that
 * says what is wrong, which the caller frees. */
char *journal_load(int fd, const char *boot,
		   const struct journal_visitor *visitor,
		   struct journal_contents *contents);
void journal_contents_release(struct journal_contents *contents);

#endif
