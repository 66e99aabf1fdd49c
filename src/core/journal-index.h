/*
 * Where in a journal the latest record of each entry is: a flat table with open
 * addressing, of 16 bytes for each slot.
 *
 * Ids are random bytes as far as the table is concerned: it uses them as
 * hashes, and keeps 78 bits of each.  Whoever reads the record compares the
 * rest.  For the core's thread only.
 */
#ifndef PFETCH_CORE_JOURNAL_INDEX_H
#define PFETCH_CORE_JOURNAL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JOURNAL_ID_BYTES = 16 };

struct journal_slot {
	uint64_t low;            /* of the id */
	uint64_t rest;           /* flags, 14 bits of the id, position; 0: the
				  * slot is empty */
};

struct journal_index {
	struct journal_slot *slots;
	size_t room, count;
};

/* Makes an empty index for EXPECTED ids; more may be added. */
void journal_index_init(struct journal_index *index, size_t expected);
void journal_index_release(struct journal_index *index);

/* The slot of ID; NULL: there is none. */
struct journal_slot *journal_index_find(const struct journal_index *index,
					const uint8_t id[JOURNAL_ID_BYTES]);

/* The slot of ID, added if there is none.  Earlier slots may move. */
struct journal_slot *journal_index_add(struct journal_index *index,
				       const uint8_t id[JOURNAL_ID_BYTES]);

/* The position of a record in the file, below 2^48; journal_slot_has_position()
 * says whether there is one. */
void journal_slot_set_position(struct journal_slot *slot, uint64_t position);
bool journal_slot_has_position(const struct journal_slot *slot);
uint64_t journal_slot_position(const struct journal_slot *slot);

/* Whether the entry was in this run's list; returns what it was before. */
bool journal_slot_mark_seen(struct journal_slot *slot);

#endif
