/* A set of texts as hashes; see hash-set.h. */
#include "config.h"

#include "base/hash-set.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/siphash.h"

enum { ROOM_FIRST = 1024 };

/* 0 marks an empty slot, so no hash is 0. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = siphash(text, strlen(text));

	return hash != 0 ? hash : 1;
}

/* Where the search for HASH begins.  The upper half of a product spreads hashes
 * over any number of slots. */
static size_t home_of(const struct hash_set *set, uint64_t hash)
{
	return (size_t)(((unsigned __int128)hash * set->room) >> 64);
}

static size_t after(const struct hash_set *set, size_t at)
{
	return at + 1 < set->room ? at + 1 : 0;
}

/* The slot that holds HASH, or the empty one where it would go. */
static uint64_t *slot_of(const struct hash_set *set, uint64_t hash)
{
	size_t at = home_of(set, hash);

	while (set->slots[at] != 0 && set->slots[at] != hash)
		at = after(set, at);
	return &set->slots[at];
}

bool hash_set_has(const struct hash_set *set, const char *text)
{
	return set->count > 0 && *slot_of(set, hash_of(text)) != 0;
}

static void grow(struct hash_set *set)
{
	struct hash_set larger = {
		.room = set->room > 0 ? set->room / 5 * 7 : ROOM_FIRST,
		.count = set->count,
	};

	larger.slots = memory_zeroed(larger.room * sizeof(*larger.slots));
	for (size_t i = 0; i < set->room; i++) {
		if (set->slots[i] != 0)
			*slot_of(&larger, set->slots[i]) = set->slots[i];
	}
	free(set->slots);
	*set = larger;
}

bool hash_set_add(struct hash_set *set, const char *text)
{
	uint64_t *slot, hash = hash_of(text);

	/* Four fifths full at most.  Growing by two fifths then needs, for old
	 * and new slots together, 10 and 14 bytes for each text. */
	if (5 * (set->count + 1) > 4 * set->room)
		grow(set);
	slot = slot_of(set, hash);
	if (*slot != 0)
		return false;
	*slot = hash;
	set->count++;
	return true;
}

/* Whether the slot FREE is on the way from HOME to AT. */
static bool is_between(size_t home, size_t free, size_t at)
{
	return home <= at ? home <= free && free < at
			  : home <= free || free < at;
}

bool hash_set_remove(struct hash_set *set, const char *text)
{
	uint64_t *slot = set->count > 0 ? slot_of(set, hash_of(text)) : NULL;
	size_t free_at, at;

	if (slot == NULL || *slot == 0)
		return false;
	free_at = (size_t)(slot - set->slots);
	/* Later hashes move up, so that no search ends at the gap. */
	for (at = after(set, free_at); set->slots[at] != 0;
	     at = after(set, at)) {
		if (!is_between(home_of(set, set->slots[at]), free_at, at))
			continue;
		set->slots[free_at] = set->slots[at];
		free_at = at;
	}
	set->slots[free_at] = 0;
	set->count--;
	return true;
}

void hash_set_release(struct hash_set *set)
{
	free(set->slots);
	memset(set, 0, sizeof(*set));
}
