/* Where the records of a journal are; see journal-index.h. */
#include "config.h"

#include "core/journal-index.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"

/* The parts of `rest`. */
#define USED ((uint64_t)1 << 63)
#define SEEN ((uint64_t)1 << 62)
#define TAG_MASK ((((uint64_t)1 << 14) - 1) << 48)
#define POSITION_MASK (((uint64_t)1 << 48) - 1) /* of the position plus 1 */

enum { ROOM_LEAST = 64 };

/* A table is filled to four fifths at first, and to nine tenths before it
 * grows. */
static size_t room_for(size_t count)
{
	size_t room = count + count / 4 + 1;

	return room < ROOM_LEAST ? ROOM_LEAST : room;
}

void journal_index_init(struct journal_index *index, size_t expected)
{
	index->room = room_for(expected);
	index->count = 0;
	index->slots = memory_zeroed(index->room * sizeof(*index->slots));
}

void journal_index_release(struct journal_index *index)
{
	free(index->slots);
	index->slots = NULL;
}

static uint64_t word_of(const uint8_t *id)
{
	uint64_t word;

	memcpy(&word, id, sizeof(word));
	return word;
}

static uint64_t tag_of(const uint8_t *id)
{
	return (word_of(id + 8) << 48) & TAG_MASK;
}

/* The first slot to look at: LOW scaled to the room, which needs no power of
 * two. */
static size_t start_of(const struct journal_index *index, uint64_t low)
{
	uint64_t high_half = low >> 32, low_half = low & UINT32_MAX;
	uint64_t room = index->room;

	return (size_t)((high_half * room + ((low_half * room) >> 32)) >> 32);
}

/* The slot of such an id, or the empty one where it belongs. */
static struct journal_slot *place_of(const struct journal_index *index,
				     uint64_t low, uint64_t tag)
{
	size_t at = start_of(index, low);

	for (;;) {
		struct journal_slot *slot = &index->slots[at];

		if (slot->rest == 0 || (slot->low == low &&
					(slot->rest & TAG_MASK) == tag))
			return slot;
		if (++at == index->room)
			at = 0;
	}
}

static void grow(struct journal_index *index)
{
	struct journal_index old = *index;

	index->room = room_for(old.room + old.room / 4);
	index->slots = memory_zeroed(index->room * sizeof(*index->slots));
	for (size_t i = 0; i < old.room; i++) {
		struct journal_slot *slot = &old.slots[i];

		if (slot->rest != 0)
			*place_of(index, slot->low,
				  slot->rest & TAG_MASK) = *slot;
	}
	journal_index_release(&old);
}

struct journal_slot *journal_index_find(const struct journal_index *index,
					const uint8_t id[JOURNAL_ID_BYTES])
{
	struct journal_slot *slot = place_of(index, word_of(id), tag_of(id));

	return slot->rest != 0 ? slot : NULL;
}

struct journal_slot *journal_index_add(struct journal_index *index,
				       const uint8_t id[JOURNAL_ID_BYTES])
{
	uint64_t low = word_of(id), tag = tag_of(id);
	struct journal_slot *slot = place_of(index, low, tag);

	if (slot->rest != 0)
		return slot;
	if (index->count + 1 > index->room / 10 * 9) {
		grow(index);
		slot = place_of(index, low, tag);
	}
	slot->low = low;
	slot->rest = USED | tag;
	index->count++;
	return slot;
}

void journal_slot_set_position(struct journal_slot *slot, uint64_t position)
{
	must(position < POSITION_MASK);
	slot->rest = (slot->rest & ~POSITION_MASK) | (position + 1);
}

bool journal_slot_has_position(const struct journal_slot *slot)
{
	return (slot->rest & POSITION_MASK) != 0;
}

uint64_t journal_slot_position(const struct journal_slot *slot)
{
	return (slot->rest & POSITION_MASK) - 1;
}

bool journal_slot_mark_seen(struct journal_slot *slot)
{
	bool seen = (slot->rest & SEEN) != 0;

	slot->rest |= SEEN;
	return seen;
}
