/* The records of a web archive; see warc-record.h. */
#include "config.h"

#include "output/warc-record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/siphash.h"

enum {
	GZIP_WINDOW = 15 + 16,   /* deflateInit2(): gzip's format */
	OUT_ROOM = 64 * 1024,
	PART_MAX = 1 << 30,      /* zlib counts in unsigned int */
};

struct warc_writer {
	int fd;
	uint64_t offset;
	z_stream stream;
	unsigned char out[OUT_ROOM];
};

struct warc_writer *warc_writer_new(void)
{
	struct warc_writer *writer = memory_zeroed(sizeof(*writer));

	if (deflateInit2(&writer->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	writer->fd = -1;
	return writer;
}

void warc_writer_free(struct warc_writer *writer)
{
	deflateEnd(&writer->stream);
	free(writer);
}

void warc_writer_begin_file(struct warc_writer *writer, int fd)
{
	writer->fd = fd;
	writer->offset = 0;
}

uint64_t warc_writer_offset(const struct warc_writer *writer)
{
	return writer->offset;
}

/* Compresses what was given to the stream, and writes it. */
static int write_out(struct warc_writer *writer, int flush)
{
	z_stream *stream = &writer->stream;
	int state;

	do {
		size_t length;
		int error;

		stream->next_out = writer->out;
		stream->avail_out = OUT_ROOM;
		state = deflate(stream, flush);
		must(state != Z_STREAM_ERROR);
		length = OUT_ROOM - stream->avail_out;
		error = files_write_all(writer->fd, writer->out, length);
		if (error != 0)
			return error;
		writer->offset += length;
	} while (stream->avail_out == 0);
	return 0;
}

int warc_record_add(struct warc_writer *writer, const void *bytes,
		    size_t length)
{
	must(length <= PART_MAX);
	writer->stream.next_in = (unsigned char *)bytes;
	writer->stream.avail_in = (unsigned)length;
	return write_out(writer, Z_NO_FLUSH);
}

int warc_record_begin(struct warc_writer *writer, struct evbuffer *fields,
		      uint64_t length)
{
	static const char first[] = "WARC/1.1\r\n";
	size_t size;
	int error;

	evbuffer_prepend(fields, first, sizeof(first) - 1);
	evbuffer_add_printf(fields, "Content-Length: %" PRIu64 "\r\n\r\n",
			    length);
	must(deflateReset(&writer->stream) == Z_OK);
	size = evbuffer_get_length(fields);
	error = warc_record_add(writer, evbuffer_pullup(fields, -1), size);
	evbuffer_drain(fields, size);
	return error;
}

int warc_record_end(struct warc_writer *writer)
{
	int error = warc_record_add(writer, "\r\n\r\n", 4);

	return error != 0 ? error : write_out(writer, Z_FINISH);
}

void warc_new_id(char id[WARC_ID_ROOM])
{
	uint64_t high = siphash_random(), low = siphash_random();

	/* RFC 9562, 5.4: version 4. */
	high = (high & ~(uint64_t)0xf000) | 0x4000;
	low = (low & ~((uint64_t)3 << 62)) | (uint64_t)1 << 63;
	snprintf(id, WARC_ID_ROOM, "urn:uuid:%08x-%04x-%04x-%04x-%012" PRIx64,
		 (unsigned)(high >> 32), (unsigned)(high >> 16) & 0xffff,
		 (unsigned)high & 0xffff, (unsigned)(low >> 48),
		 low & (((uint64_t)1 << 48) - 1));
}

void warc_base32(const uint8_t *bytes, size_t length,
		 char text[WARC_DIGEST_ROOM])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	size_t used = 0;

	must(length % 5 == 0 && length / 5 * 8 < WARC_DIGEST_ROOM);
	for (size_t i = 0; i < length; i += 5) {
		uint64_t five = 0;

		for (size_t j = 0; j < 5; j++)
			five = five << 8 | bytes[i + j];
		for (int shift = 35; shift >= 0; shift -= 5)
			text[used++] = digits[five >> shift & 31];
	}
	text[used] = '\0';
}
