/*
 * Digests of bytes as they come, by libcrypto: SHA-256 and SHA-512 (FIPS
 * 180-4), and the older ones that lists still carry.
 */
#ifndef PFETCH_BASE_DIGEST_H
#define PFETCH_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum digest_kind {
	DIGEST_SHA256,
	DIGEST_SHA512,
	DIGEST_SHA1,
	DIGEST_MD5,
	DIGEST_KINDS
};

enum {
	DIGEST_BYTES = 32,      /* of SHA-256 */
	DIGEST_MAX_BYTES = 64,  /* of any */
	DIGEST_HEX_ROOM = 2 * DIGEST_BYTES + 1,
};

/* What KIND is called ("sha256") and how many bytes it has.  Pure. */
const char *digest_name(enum digest_kind kind);
size_t digest_length(enum digest_kind kind);

struct digest;

/* Used for one sequence of bytes after another, by one thread at a time.
 * Without memory the program ends. */
struct digest *digest_new(enum digest_kind kind);
void digest_free(struct digest *digest);

void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *bytes, size_t length);
/* VALUE has room for digest_length() bytes. */
void digest_end(struct digest *digest, uint8_t *value);

/* Adds VALUE to SUM, as numbers of 64-bit digits without a carry between
 * them: a sum of digests does not depend on their order, and, unlike an
 * exclusive or, shows one that is added twice.  Pure. */
void digest_sum(uint8_t sum[DIGEST_BYTES], const uint8_t value[DIGEST_BYTES]);

/* Writes VALUE in hexadecimal.  Pure. */
void digest_hex(const uint8_t value[DIGEST_BYTES], char hex[DIGEST_HEX_ROOM]);

#endif
