/*
 * A set of texts, kept as 64-bit hashes: at most 24 bytes for each.
 *
 * Two texts with the same hash are taken for the same text.  As the key is the
 * process's own random one (siphash.h), that happens only by chance: for one in
 * 2^64 pairs.
 */
#ifndef PFETCH_BASE_HASH_SET_H
#define PFETCH_BASE_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zero-initialized, it is empty. */
struct hash_set {
	uint64_t *slots;       /* 0: an empty slot */
	size_t room, count;
};

/* Adds TEXT.  Returns false if it was there already. */
bool hash_set_add(struct hash_set *set, const char *text);
/* Removes TEXT.  Returns false if it was not there. */
bool hash_set_remove(struct hash_set *set, const char *text);
bool hash_set_has(const struct hash_set *set, const char *text);
/* Frees what SET holds and empties it. */
void hash_set_release(struct hash_set *set);

#endif
