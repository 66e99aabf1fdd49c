/*
 * SipHash-1-3 (Aumasson and Bernstein, 2012) with a key drawn at random once
 * a process, so that nobody can choose inputs that collide in our tables.
 */
#ifndef PFETCH_BASE_SIPHASH_H
#define PFETCH_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Draws the key.  Once, before any thread. */
void siphash_seed(void);

/* Any thread. */
uint64_t siphash(const void *bytes, size_t length);

/* A random number, not for secrets.  The core's thread. */
uint64_t siphash_random(void);

/* For uthash.h, to be included after this header. */
#define HASH_FUNCTION(key, length, value) \
	((value) = (unsigned)siphash((key), (length)))
#define uthash_fatal(message) fatal(EXIT_STATUS_LOCAL, "%s", (message))

#endif
