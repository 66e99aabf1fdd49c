/* Bodies in a web archive; see warc.h. */
#include "config.h"

#include "output/warc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "output/warc-capture.h"
#include "output/warc-record.h"

enum step { STEP_DIGEST, STEP_RESPONSE };

struct warc {
	const struct settings *settings;
	struct warc_writer *writer;
	int fd, cdx_fd;
	uint64_t files;          /* begun so far */
	char *name;              /* of the present one */
	struct evbuffer *fields;
	struct digest *block, *payload;
	/* The present capture. */
	const struct body *body;
	struct body_reader reader;
	enum step step;
	struct warc_capture capture;
	char response_id[WARC_ID_ROOM];
	char chunk[24];          /* the size of the chunk, or "" */
	char digest[WARC_DIGEST_ROOM];
	uint64_t offset;         /* of the response record */
};

/* ---- files ---- */

char *warc_file_name(const char *file, uint64_t index, const char *suffix)
{
	static const char own[] = ".warc.gz";
	size_t length = strlen(file), tail = sizeof(own) - 1;

	if (length > tail && strcmp(file + length - tail, own) == 0)
		length -= tail;
	if (index == 0)
		return memory_format("%.*s%s", (int)length, file, suffix);
	return memory_format("%.*s-%05" PRIu64 "%s", (int)length, file, index,
			     suffix);
}

static int create(const char *name)
{
	return open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
		    0666);
}

static int write_record(struct warc *warc, const char *block)
{
	int error = warc_record_begin(warc->writer, warc->fields,
				      strlen(block));

	if (error == 0)
		error = warc_record_add(warc->writer, block, strlen(block));
	return error != 0 ? error : warc_record_end(warc->writer);
}

static int add_info(struct warc *warc)
{
	const char *slash = strrchr(warc->name, '/');
	char id[WARC_ID_ROOM], date[WARC_DATE_ROOM], stamp[WARC_STAMP_ROOM];

	warc_new_id(id);
	warc_write_dates(clock_read_us(CLOCK_REALTIME), date, stamp);
	evbuffer_add_printf(warc->fields, "WARC-Type: warcinfo\r\n"
			    "WARC-Record-ID: <%s>\r\nWARC-Date: %s\r\n"
			    "WARC-Filename: %s\r\n"
			    "Content-Type: application/warc-fields\r\n",
			    id, date, slash != NULL ? slash + 1 : warc->name);
	return write_record(warc, "software: " PACKAGE_NAME "/"
			    PACKAGE_VERSION "\r\nformat: WARC File Format "
			    "1.1\r\nconformsTo: http://iipc.github.io/"
			    "warc-specifications/specifications/warc-format/"
			    "warc-1.1/\r\n");
}

/* Closes *FD, unless it is -1.  Returns 0 or an error number. */
static int close_file(int *fd)
{
	int error = *fd >= 0 && close(*fd) != 0 ? errno : 0;

	*fd = -1;
	return error;
}

static int begin_file(struct warc *warc)
{
	int error = close_file(&warc->fd);

	if (error != 0)
		return error;
	free(warc->name);
	warc->name = warc_file_name(warc->settings->out.warc, warc->files++,
				    ".warc.gz");
	warc->fd = create(warc->name);
	if (warc->fd < 0)
		return errno;
	warc_writer_begin_file(warc->writer, warc->fd);
	return add_info(warc);
}

/* ---- captures ---- */

/* The fields that the records of a capture have in common. */
static void add_common(struct warc *warc, const char *type, const char *id)
{
	evbuffer_add_printf(warc->fields, "WARC-Type: %s\r\n"
			    "WARC-Record-ID: <%s>\r\nWARC-Target-URI: %s\r\n"
			    "WARC-Date: %s\r\n", type, id, warc->capture.url,
			    warc->capture.date);
	if (warc->capture.remote_ip[0] != '\0')
		evbuffer_add_printf(warc->fields, "WARC-IP-Address: %s\r\n",
				    warc->capture.remote_ip);
	if (warc->capture.http2)
		evbuffer_add_printf(warc->fields, "WARC-Protocol: h2\r\n");
	evbuffer_add_printf(warc->fields, "Content-Type: application/http;"
			    "msgtype=%s\r\n", type);
}

static void add_digest(struct warc *warc, const char *field,
		       struct digest *digest, char text[WARC_DIGEST_ROOM])
{
	uint8_t value[DIGEST_MAX_BYTES];

	digest_end(digest, value);
	warc_base32(value, digest_length(DIGEST_SHA1), text);
	evbuffer_add_printf(warc->fields, "%s: sha1:%s\r\n", field, text);
}

/* What the header says of chunks is true, though they are not those of the
 * server: there is one, or none. */
static void begin_chunk(struct warc *warc)
{
	size_t payload = warc->body->length - warc->body->request_length -
			 warc->body->head_length;

	warc->chunk[0] = '\0';
	if (warc->capture.chunked && payload > 0)
		snprintf(warc->chunk, sizeof(warc->chunk), "%zx\r\n",
			 payload);
}

static const char *end_of_chunks(const struct warc *warc)
{
	if (!warc->capture.chunked)
		return "";
	return warc->chunk[0] != '\0' ? "\r\n0\r\n\r\n" : "0\r\n\r\n";
}

static int begin_response(struct warc *warc)
{
	const struct body *body = warc->body;
	char block[WARC_DIGEST_ROOM];

	warc_new_id(warc->response_id);
	add_common(warc, "response", warc->response_id);
	add_digest(warc, "WARC-Block-Digest", warc->block, block);
	add_digest(warc, "WARC-Payload-Digest", warc->payload, warc->digest);
	warc->offset = warc_writer_offset(warc->writer);
	warc->step = STEP_RESPONSE;
	warc->reader.at = body->request_length;
	return warc_record_begin(warc->writer, warc->fields,
				 body->length - body->request_length +
				 strlen(warc->chunk) +
				 strlen(end_of_chunks(warc)));
}

/* " CDX a b a m s k r M V g u", as wget has it: URL, date, URL, media type,
 * status, digest, redirect, meta tags, offset, file, record. */
static int add_index(struct warc *warc)
{
	const struct warc_capture *capture = &warc->capture;
	const char *slash = strrchr(warc->name, '/');
	char *line = memory_format("%s %s %s %s %d %s - - %" PRIu64
				   " %s <%s>\n", capture->url,
				   capture->stamp, capture->url,
				   capture->mime, capture->status,
				   warc->digest, warc->offset,
				   slash != NULL ? slash + 1 : warc->name,
				   warc->response_id);
	int error = files_write_all(warc->cdx_fd, line, strlen(line));

	free(line);
	return error;
}

/* The request, which is short enough to be read at once. */
static int add_request(struct warc *warc)
{
	size_t length = warc->body->request_length;
	struct body request = *warc->body;
	struct body_reader reader = { .body = &request };
	char id[WARC_ID_ROOM], block[WARC_DIGEST_ROOM], *copy;
	const char *bytes;
	size_t used = 0;
	ssize_t got;
	int error;

	request.length = length;
	copy = memory_zeroed(length + 1);
	while ((got = body_reader_next(&reader, &bytes)) > 0) {
		memcpy(copy + used, bytes, (size_t)got);
		used += (size_t)got;
	}
	error = got < 0 ? errno : 0;
	body_reader_release(&reader);
	warc_new_id(id);
	add_common(warc, "request", id);
	digest_begin(warc->block);
	digest_add(warc->block, copy, used);
	add_digest(warc, "WARC-Block-Digest", warc->block, block);
	evbuffer_add_printf(warc->fields, "WARC-Concurrent-To: <%s>\r\n",
			    warc->response_id);
	if (error == 0)
		error = warc_record_begin(warc->writer, warc->fields, used);
	if (error == 0)
		error = warc_record_add(warc->writer, copy, used);
	free(copy);
	return error != 0 ? error : warc_record_end(warc->writer);
}

/* Adds LENGTH bytes to the digests, or to the record.  Returns 0 or an error
 * number. */
static int add_block(struct warc *warc, const char *bytes, size_t length)
{
	if (warc->step == STEP_RESPONSE)
		return warc_record_add(warc->writer, bytes, length);
	digest_add(warc->block, bytes, length);
	return 0;
}

/* Adds the LENGTH bytes at position AT, with what comes before the payload. */
static int add_part(struct warc *warc, const char *bytes, size_t length,
		    size_t at)
{
	size_t payload = warc->body->request_length + warc->body->head_length;
	size_t head = at < payload ? payload - at : 0;
	int error = 0;

	if (head > length)
		return add_block(warc, bytes, length);
	if (head > 0)
		error = add_block(warc, bytes, head);
	if (error == 0 && head > 0)
		error = add_block(warc, warc->chunk, strlen(warc->chunk));
	if (error == 0)
		error = add_block(warc, bytes + head, length - head);
	if (warc->step == STEP_DIGEST)
		digest_add(warc->payload, bytes + head, length - head);
	return error;
}

/* Ends a step.  Returns as bodies_kind.advance() does. */
static int end_step(struct warc *warc)
{
	const char *rest = end_of_chunks(warc);
	int error = add_block(warc, rest, strlen(rest));

	if (warc->step == STEP_DIGEST)
		return -begin_response(warc);
	if (error == 0)
		error = warc_record_end(warc->writer);
	if (error == 0)
		error = add_index(warc);
	if (error == 0)
		error = add_request(warc);
	return error != 0 ? -error : 1;
}

static int warc_begin(void *state, const struct listener_item *item,
		      const struct body *body)
{
	struct warc *warc = state;
	uint64_t most = warc->settings->out.warc_max_size;
	int error = 0;

	warc->body = body;
	if (body == NULL)
		return 0;
	if (most > 0 && warc_writer_offset(warc->writer) >= most)
		error = begin_file(warc);
	warc_capture_note(&warc->capture, item);
	begin_chunk(warc);
	warc->reader.body = body;
	warc->reader.at = body->request_length;
	warc->step = STEP_DIGEST;
	digest_begin(warc->block);
	digest_begin(warc->payload);
	return error;
}

static int warc_advance(void *state)
{
	struct warc *warc = state;
	size_t at = warc->reader.at;
	const char *bytes;
	ssize_t got;

	if (warc->body == NULL)
		return 1;
	got = body_reader_next(&warc->reader, &bytes);
	if (got < 0)
		return -errno;
	if (got == 0)
		return end_step(warc);
	return -add_part(warc, bytes, (size_t)got, at);
}

static int warc_end(void *state)
{
	struct warc *warc = state;
	int error = close_file(&warc->fd);
	int other = close_file(&warc->cdx_fd);

	return error != 0 ? error : other;
}

/* Files don't have to wait for a reader. */
static bool warc_never(void *state)
{
	(void)state;
	return false;
}

static void warc_nothing(void *state)
{
	(void)state;
}

static void warc_free(void *state)
{
	struct warc *warc = state;

	close_file(&warc->fd);
	close_file(&warc->cdx_fd);
	warc_writer_free(warc->writer);
	evbuffer_free(warc->fields);
	digest_free(warc->block);
	digest_free(warc->payload);
	body_reader_release(&warc->reader);
	free(warc->name);
	warc_capture_release(&warc->capture);
	free(warc);
}

static const struct bodies_kind warc_kind = {
	.begin = warc_begin,
	.advance = warc_advance,
	.end = warc_end,
	.full = warc_never,
	.pending = warc_never,
	.flush = warc_nothing,
	.free = warc_free,
};

static int open_files(struct warc *warc)
{
	static const char head[] = " CDX a b a m s k r M V g u\n";
	char *name = warc_file_name(warc->settings->out.warc, 0, ".cdx");

	warc->cdx_fd = create(name);
	free(name);
	if (warc->cdx_fd < 0)
		return errno;
	if (files_write_all(warc->cdx_fd, head, sizeof(head) - 1) != 0)
		return EIO;
	return begin_file(warc);
}

struct bodies warc_new(const struct settings *settings)
{
	struct warc *warc = memory_zeroed(sizeof(*warc));
	int error;

	warc->settings = settings;
	warc->fd = warc->cdx_fd = -1;
	warc->writer = warc_writer_new();
	warc->block = digest_new(DIGEST_SHA1);
	warc->payload = digest_new(DIGEST_SHA1);
	warc->fields = evbuffer_new();
	if (warc->fields == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	error = open_files(warc);
	if (error == 0)
		return (struct bodies){ &warc_kind, warc };
	warc_free(warc);
	errno = error;
	return (struct bodies){ NULL, NULL };
}
