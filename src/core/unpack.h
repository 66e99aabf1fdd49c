/*
 * A list that is compressed, by gzip (RFC 1952) or zstd (RFC 8878), unpacked as
 * it is read.  Memory is bounded: for zstd by a window of 8 MiB at most.  For
 * one thread at a time.
 */
#ifndef PFETCH_CORE_UNPACK_H
#define PFETCH_CORE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

enum { UNPACK_MAGIC = 4 }; /* bytes that tell how a file is compressed */

struct unpack;

/* Whether a file that begins with the LENGTH bytes at START is compressed. */
bool unpack_is_packed(const char *start, size_t length);

/* A decoder for a file that begins with the LENGTH bytes at START, which are
 * fewer than UNPACK_MAGIC only if the file is; NULL: it isn't compressed. */
struct unpack *unpack_new(const char *start, size_t length);
void unpack_free(struct unpack *unpack);

/* Adds LENGTH bytes of the file.  All that was added before must have been
 * unpacked. */
void unpack_add(struct unpack *unpack, const char *bytes, size_t length);
/* Whether there may be more to unpack before bytes are added. */
bool unpack_pending(const struct unpack *unpack);

/* Unpacks up to ROOM bytes to TO.  Returns how many; 0: more bytes of the file
 * are needed; -1: the file is damaged. */
long unpack_take(struct unpack *unpack, char *to, size_t room);

/* Whether the file may end here. */
bool unpack_is_whole(const struct unpack *unpack);

#endif
