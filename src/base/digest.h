/*
 * SHA-256 of bytes as they come (FIPS 180-4), by libcrypto.
 */
#ifndef PFETCH_BASE_DIGEST_H
#define PFETCH_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum {
	DIGEST_BYTES = 32,
	DIGEST_HEX_ROOM = 2 * DIGEST_BYTES + 1,
};

struct digest;

/* Used for one sequence of bytes after another, by one thread at a time.
 * Without memory the program ends. */
struct digest *digest_new(void);
void digest_free(struct digest *digest);

void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *bytes, size_t length);
void digest_end(struct digest *digest, uint8_t value[DIGEST_BYTES]);

/* Adds VALUE to SUM, as numbers of 64-bit digits without a carry between
 * them: a sum of digests does not depend on their order, and, unlike an
 * exclusive or, shows one that is added twice.  Pure. */
void digest_sum(uint8_t sum[DIGEST_BYTES], const uint8_t value[DIGEST_BYTES]);

/* Writes VALUE in hexadecimal.  Pure. */
void digest_hex(const uint8_t value[DIGEST_BYTES], char hex[DIGEST_HEX_ROOM]);

#endif
