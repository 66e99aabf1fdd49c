/* A compressed list; see unpack.h. */
#include "config.h"

#include "core/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/fatal.h"
#include "base/memory.h"

enum {
	GZIP_WINDOW = 15 + 16,  /* inflateInit2(): only gzip's format */
	ZSTD_WINDOW_LOG = 23,   /* 8 MiB: what zstd -19 needs */
};

struct unpack {
	ZSTD_DStream *zstd;     /* NULL: gzip */
	z_stream gzip;
	char *input;
	size_t length, used;
	bool whole;             /* a member or frame has ended */
	bool full;              /* the output had no room for more */
};

static void start_gzip(struct unpack *unpack)
{
	if (inflateInit2(&unpack->gzip, GZIP_WINDOW) != Z_OK)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

static void start_zstd(struct unpack *unpack)
{
	unpack->zstd = ZSTD_createDStream();
	if (unpack->zstd == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	ZSTD_DCtx_setParameter(unpack->zstd, ZSTD_d_windowLogMax,
			       ZSTD_WINDOW_LOG);
}

static bool is_gzip(const char *start, size_t length)
{
	return length >= 2 && memcmp(start, "\x1f\x8b", 2) == 0;
}

static bool is_zstd(const char *start, size_t length)
{
	return length >= 4 && memcmp(start, "\x28\xb5\x2f\xfd", 4) == 0;
}

bool unpack_is_packed(const char *start, size_t length)
{
	return is_gzip(start, length) || is_zstd(start, length);
}

struct unpack *unpack_new(const char *start, size_t length)
{
	struct unpack *unpack;

	if (!unpack_is_packed(start, length))
		return NULL;
	unpack = memory_zeroed(sizeof(*unpack));
	if (is_gzip(start, length))
		start_gzip(unpack);
	else
		start_zstd(unpack);
	return unpack;
}

void unpack_free(struct unpack *unpack)
{
	if (unpack == NULL)
		return;
	if (unpack->zstd != NULL)
		ZSTD_freeDStream(unpack->zstd);
	else
		inflateEnd(&unpack->gzip);
	free(unpack->input);
	free(unpack);
}

void unpack_add(struct unpack *unpack, const char *bytes, size_t length)
{
	must(unpack->used == unpack->length);
	free(unpack->input);
	unpack->input = memory_copy(bytes, length);
	unpack->length = length;
	unpack->used = 0;
}

bool unpack_pending(const struct unpack *unpack)
{
	return unpack->full || unpack->used < unpack->length;
}

static long take_gzip(struct unpack *unpack, char *to, size_t room)
{
	z_stream *gzip = &unpack->gzip;
	int code;

	gzip->next_in = (unsigned char *)unpack->input + unpack->used;
	gzip->avail_in = (unsigned)(unpack->length - unpack->used);
	gzip->next_out = (unsigned char *)to;
	gzip->avail_out = (unsigned)room;
	code = inflate(gzip, Z_NO_FLUSH);
	unpack->used = unpack->length - gzip->avail_in;
	unpack->whole = code == Z_STREAM_END;
	unpack->full = gzip->avail_out == 0 && code == Z_OK;
	if (code == Z_STREAM_END)
		inflateReset(gzip); /* another member may follow */
	else if (code != Z_OK && code != Z_BUF_ERROR)
		return -1;
	return (long)(room - gzip->avail_out);
}

static long take_zstd(struct unpack *unpack, char *to, size_t room)
{
	ZSTD_inBuffer in = { unpack->input, unpack->length, unpack->used };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t code = ZSTD_decompressStream(unpack->zstd, &out, &in);

	unpack->used = in.pos;
	if (ZSTD_isError(code))
		return -1;
	unpack->whole = code == 0;
	unpack->full = out.pos == room && code != 0;
	return (long)out.pos;
}

long unpack_take(struct unpack *unpack, char *to, size_t room)
{
	long got = 0;

	/* The end of one member may come without a byte. */
	while (got == 0 && unpack_pending(unpack)) {
		unpack->full = false;
		got = unpack->zstd != NULL ? take_zstd(unpack, to, room)
					   : take_gzip(unpack, to, room);
	}
	return got;
}

bool unpack_is_whole(const struct unpack *unpack)
{
	return unpack->whole && !unpack_pending(unpack);
}
