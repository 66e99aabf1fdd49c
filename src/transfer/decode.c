/* Content codings; see decode.h. */
#include "config.h"

#include "transfer/decode.h"

#include <brotli/decode.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>
#include <zstd.h>

#include "base/fatal.h"
#include "base/memory.h"

enum {
	BLOCK = 32 * 1024,
	GZIP_WINDOW = 15 + 16,  /* inflateInit2(): only gzip's format */
	ZSTD_WINDOW_LOG = 23,   /* 8 MiB; RFC 9659, 3 */
};

/* A step: what is left of the input, and room for the output. */
struct step {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
	bool ended;              /* a stream has ended */
};

struct coding {
	const char *name, *alias;
	void *(*open)(void);
	void (*close)(void *state);
	bool (*step)(void *state, struct step *step); /* false: corrupt */
	bool (*again)(void *state); /* for another stream; false: there can't
				     * be any */
	const char *corrupt;
};

struct decode {
	const struct coding *coding;
	void *state;
	uint64_t in, out;        /* bytes taken and given */
	bool ended;              /* at the end of a stream */
	uint8_t block[BLOCK];
};

/* ---- gzip ---- */

static void *gzip_open(void)
{
	z_stream *stream = memory_zeroed(sizeof(*stream));

	if (inflateInit2(stream, GZIP_WINDOW) != Z_OK)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return stream;
}

static void gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static bool gzip_step(void *state, struct step *step)
{
	z_stream *stream = state;
	int code;

	stream->next_in = (Bytef *)(uintptr_t)step->in;
	stream->avail_in = (uInt)step->in_left;
	stream->next_out = step->out;
	stream->avail_out = (uInt)step->out_left;
	code = inflate(stream, Z_NO_FLUSH);
	step->in = stream->next_in;
	step->in_left = stream->avail_in;
	step->out_left = stream->avail_out;
	step->ended = code == Z_STREAM_END;
	return code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR;
}

static bool gzip_again(void *state)
{
	return inflateReset(state) == Z_OK;
}

/* ---- Brotli ---- */

static void *brotli_open(void)
{
	BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL,
								NULL);

	if (state == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return state;
}

static void brotli_close(void *state)
{
	BrotliDecoderDestroyInstance(state);
}

static bool brotli_step(void *state, struct step *step)
{
	BrotliDecoderResult code = BrotliDecoderDecompressStream(
		state, &step->in_left, &step->in, &step->out_left, &step->out,
		NULL);

	step->ended = code == BROTLI_DECODER_RESULT_SUCCESS;
	return code != BROTLI_DECODER_RESULT_ERROR;
}

static bool brotli_again(void *state)
{
	(void)state;
	return false;
}

/* ---- zstd ---- */

static void *zstd_open(void)
{
	ZSTD_DStream *stream = ZSTD_createDStream();

	if (stream == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	return stream;
}

static void zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

static bool zstd_step(void *state, struct step *step)
{
	ZSTD_inBuffer in = { step->in, step->in_left, 0 };
	ZSTD_outBuffer out = { step->out, step->out_left, 0 };
	size_t code = ZSTD_decompressStream(state, &out, &in);

	step->in += in.pos;
	step->in_left -= in.pos;
	step->out_left -= out.pos;
	step->ended = code == 0;
	return !ZSTD_isError(code);
}

static bool zstd_again(void *state)
{
	(void)state; /* it goes on by itself */
	return true;
}

/* ---- all of them ---- */

static const struct coding codings[] = {
	{ "gzip", "x-gzip", gzip_open, gzip_close, gzip_step, gzip_again,
	  "the gzip data is corrupt" },
	{ "br", "br", brotli_open, brotli_close, brotli_step, brotli_again,
	  "the Brotli data is corrupt" },
	{ "zstd", "zstd", zstd_open, zstd_close, zstd_step, zstd_again,
	  "the zstd data is corrupt" },
};

struct decode *decode_new(const char *coding)
{
	for (size_t i = 0; i < sizeof(codings) / sizeof(*codings); i++) {
		struct decode *decode;

		if (strcasecmp(codings[i].name, coding) != 0 &&
		    strcasecmp(codings[i].alias, coding) != 0)
			continue;
		decode = memory_zeroed(sizeof(*decode));
		decode->coding = &codings[i];
		decode->state = codings[i].open();
		return decode;
	}
	return NULL;
}

void decode_free(struct decode *decode)
{
	if (decode == NULL)
		return;
	decode->coding->close(decode->state);
	free(decode);
}

static bool is_bomb(const struct decode *decode)
{
	return decode->out > DECODE_RATIO_FROM &&
	       decode->out / DECODE_RATIO_MAX > decode->in;
}

/* Takes one step and sets *GOT to the bytes that it gave. */
static const char *advance(struct decode *decode, struct step *step,
			   size_t *got)
{
	const struct coding *coding = decode->coding;
	size_t before = step->in_left;

	if (decode->ended && !coding->again(decode->state))
		return "something follows the end of the compressed body";
	step->out = decode->block;
	step->out_left = BLOCK;
	step->ended = false;
	if (!coding->step(decode->state, step))
		return decode->ended
			? "something follows the end of the compressed body"
			: coding->corrupt;
	*got = BLOCK - step->out_left;
	decode->in += before - step->in_left;
	decode->out += *got;
	decode->ended = step->ended;
	return is_bomb(decode) ? "the body grows more than a thousandfold"
			       : NULL;
}

const char *decode_add(struct decode *decode, const char *bytes,
		       size_t length,
		       bool (*take)(void *context, const char *bytes,
				    size_t length),
		       void *context)
{
	struct step step = { (const uint8_t *)bytes, length, NULL, 0, false };
	bool full = false;

	/* A full block may not be all that there is. */
	while (step.in_left > 0 || full) {
		size_t got = 0;
		const char *fault;

		if (decode->ended && step.in_left == 0)
			break;
		fault = advance(decode, &step, &got);
		if (fault != NULL)
			return fault;
		if (got > 0 && !take(context, (const char *)decode->block,
				     got))
			return NULL;
		full = step.out_left == 0 && !decode->ended;
	}
	return NULL;
}

bool decode_is_whole(const struct decode *decode)
{
	return decode->ended || decode->in == 0;
}
