/*
 * Content codings (RFC 9110, 8.4): takes the coded bytes as they arrive and
 * passes on what is in them.
 *
 * libcurl's own decoding takes a stream that was cut off for a whole one, so
 * pfetch decodes with the libraries themselves and insists on the end of the
 * stream.  A decoder belongs to one transfer and is used by one thread at a
 * time.
 */
#ifndef PFETCH_TRANSFER_DECODE_H
#define PFETCH_TRANSFER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* For Accept-Encoding: the codings that a decoder can be had for. */
#define DECODE_OFFER "gzip, br, zstd"

enum {
	/* A body that becomes more than this many times as large is a bomb,
	 * once it has more than DECODE_RATIO_FROM bytes. */
	DECODE_RATIO_MAX = 1000,
	DECODE_RATIO_FROM = 1024 * 1024,
};

struct decode;

/* A decoder for CODING, a value of Content-Encoding; NULL: it isn't one of
 * those that are offered. */
struct decode *decode_new(const char *coding);
void decode_free(struct decode *decode);

/* Decodes LENGTH bytes and passes what they contain to TAKE, in parts, until it
 * returns false.  Returns NULL, also then, or a static text that says what is
 * wrong with the coded bytes. */
const char *decode_add(struct decode *decode, const char *bytes,
		       size_t length,
		       bool (*take)(void *context, const char *bytes,
				    size_t length),
		       void *context);

/* Whether the end of the stream was seen.  gzip's members and zstd's frames may
 * follow one another. */
bool decode_is_whole(const struct decode *decode);

#endif
