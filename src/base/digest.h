/*
 * Incremental digests, computed by libcrypto: SHA-256 and SHA-512 (FIPS
 * 180-4), and the older algorithms that lists still use.
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
	DIGEST_MAX_BYTES = 64,  /* the largest of all */
	DIGEST_HEX_ROOM = 2 * DIGEST_MAX_BYTES + 1,
};

/* The name of KIND ("sha256") and its length in bytes.  Pure. */
const char *digest_name(enum digest_kind kind);
size_t digest_length(enum digest_kind kind);

/* Reads HEX, hexadecimal digits of either case, as a value of KIND.  Returns 0,
 * or -1 if it is not one.  Pure. */
int digest_parse(enum digest_kind kind, const char *hex, uint8_t *value);

/* The kind called NAME, or DIGEST_KINDS.  Pure. */
enum digest_kind digest_find(const char *name);

struct digest;

/* Creates a context that can digest one sequence of bytes after another, used
 * by one thread at a time.  The program ends when memory runs out or libcrypto
 * lacks the algorithm. */
struct digest *digest_new(enum digest_kind kind);
void digest_free(struct digest *digest);

void digest_begin(struct digest *digest);
void digest_add(struct digest *digest, const void *bytes, size_t length);
/* Writes the digest to VALUE, which has room for digest_length() bytes. */
void digest_end(struct digest *digest, uint8_t *value);

/* Adds VALUE to SUM as vectors of 64-bit numbers, without carry between them.
 * A sum of digests does not depend on their order and, unlike an exclusive or,
 * reveals a digest that was added twice.  Pure. */
void digest_sum(uint8_t sum[DIGEST_BYTES], const uint8_t value[DIGEST_BYTES]);

/* Writes VALUE to HEX in hexadecimal.  Pure. */
void digest_hex(enum digest_kind kind, const uint8_t *value,
		char hex[DIGEST_HEX_ROOM]);

#endif
