/*
 * SipHash-1-3 (Aumasson and Bernstein, 2012) with a key drawn at random once
 * per process, so that nobody can craft inputs that collide in our tables.
 */
#ifndef PFETCH_BASE_SIPHASH_H
#define PFETCH_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* Draws the key.  Call once, before any thread starts. */
void siphash_seed(void);

/* The hash of LENGTH bytes.  Thread-safe. */
uint64_t siphash(const void *bytes, size_t length);

/* A random number, not suitable for secrets.  Not thread-safe. */
uint64_t siphash_random(void);

/* Settings for uthash.h, which must be included after this header. */
#define HASH_FUNCTION(key, length, value) \
	((value) = (unsigned)siphash((key), (length)))
#define uthash_fatal(message) fatal(EXIT_STATUS_LOCAL, "%s", (message))

#endif
