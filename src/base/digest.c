/* Digests; see digest.h. */
#include "config.h"

#include "base/digest.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "base/units.h"

struct digest {
	EVP_MD_CTX *context;
	const EVP_MD *algorithm;
};

static const struct digest_row {
	const char *name;
	size_t length;
	const char *algorithm;  /* libcrypto's name for it */
} rows[DIGEST_KINDS] = {
	[DIGEST_SHA256] = { "sha256", 32, "SHA256" },
	[DIGEST_SHA512] = { "sha512", 64, "SHA512" },
	[DIGEST_SHA1] = { "sha1", 20, "SHA1" },
	[DIGEST_MD5] = { "md5", 16, "MD5" },
};

/* Fetched once, because EVP_sha256() would look the algorithm up on each use.
 * An algorithm that this libcrypto lacks, such as MD5 in a FIPS build, stays
 * NULL. */
static EVP_MD *algorithms[DIGEST_KINDS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fetch_algorithms(void)
{
	for (int kind = 0; kind < DIGEST_KINDS; kind++)
		algorithms[kind] = EVP_MD_fetch(NULL, rows[kind].algorithm,
						NULL);
}

const char *digest_name(enum digest_kind kind)
{
	return rows[kind].name;
}

size_t digest_length(enum digest_kind kind)
{
	return rows[kind].length;
}

int digest_parse(enum digest_kind kind, const char *hex, uint8_t *value)
{
	size_t length = digest_length(kind);

	if (strlen(hex) != 2 * length)
		return -1;
	for (size_t i = 0; i < length; i++) {
		int high = units_hex_digit(hex[2 * i]);
		int low = units_hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		value[i] = (uint8_t)(high * 16 + low);
	}
	return 0;
}

enum digest_kind digest_find(const char *name)
{
	int kind = 0;

	while (kind < DIGEST_KINDS && strcmp(rows[kind].name, name) != 0)
		kind++;
	return (enum digest_kind)kind;
}

struct digest *digest_new(enum digest_kind kind)
{
	struct digest *digest = memory_zeroed(sizeof(*digest));

	must(pthread_once(&once, fetch_algorithms) == 0);
	if (algorithms[kind] == NULL)
		fatal(EXIT_STATUS_LOCAL, "libcrypto does not support %s",
		      rows[kind].algorithm);
	digest->algorithm = algorithms[kind];
	digest->context = EVP_MD_CTX_new();
	if (digest->context == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return digest;
}

void digest_free(struct digest *digest)
{
	if (digest == NULL)
		return;
	EVP_MD_CTX_free(digest->context);
	free(digest);
}

/* These calls can fail only for lack of memory. */
static void check(int good)
{
	if (good != 1)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

void digest_begin(struct digest *digest)
{
	check(EVP_DigestInit_ex2(digest->context, digest->algorithm, NULL));
}

void digest_add(struct digest *digest, const void *bytes, size_t length)
{
	check(EVP_DigestUpdate(digest->context, bytes, length));
}

void digest_end(struct digest *digest, uint8_t *value)
{
	check(EVP_DigestFinal_ex(digest->context, value, NULL));
}

void digest_sum(uint8_t sum[DIGEST_BYTES], const uint8_t value[DIGEST_BYTES])
{
	uint64_t digits[2];

	for (size_t at = 0; at < DIGEST_BYTES; at += sizeof(*digits)) {
		memcpy(&digits[0], sum + at, sizeof(*digits));
		memcpy(&digits[1], value + at, sizeof(*digits));
		digits[0] += digits[1];
		memcpy(sum + at, &digits[0], sizeof(*digits));
	}
}

void digest_hex(enum digest_kind kind, const uint8_t *value,
		char hex[DIGEST_HEX_ROOM])
{
	size_t length = digest_length(kind);
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		hex[2 * i] = digits[value[i] >> 4];
		hex[2 * i + 1] = digits[value[i] & 15];
	}
	hex[2 * length] = '\0';
}
