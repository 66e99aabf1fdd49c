/* Where a body is stored; see sink.h. */
#include "config.h"

#include "transfer/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"

void sink_temp_name(const struct sink_place *place, uint64_t number,
		    char name[SINK_NAME_ROOM])
{
	snprintf(name, SINK_NAME_ROOM, ".pfetch-%s-%" PRIu64 ".part",
		 place->run_id, number);
}

void sink_remove_temp(const struct sink_place *place, uint64_t number)
{
	char name[SINK_NAME_ROOM];

	sink_temp_name(place, number, name);
	unlinkat(place->directory_fd, name, 0);
}

/* The sink no longer has anything to remove. */
static void forget(struct sink *sink)
{
	sink->fd = -1;
	sink->named = false;
	sink->from = 0;
}

void sink_init(struct sink *sink, const struct sink_place *place)
{
	memset(sink, 0, sizeof(*sink));
	sink->place = place;
	sink->fd = -1;
}

void sink_release(struct sink *sink)
{
	sink_drop(sink);
	free(sink->memory);
}

void sink_begin(struct sink *sink, enum sink_kind kind, uint64_t number,
		uint64_t from, bool shared)
{
	sink->kind = kind;
	sink->shared = shared;
	sink->number = number;
	sink->from = from;
	sink->held = 0;
	sink->bytes = sink->wanted = 0;
	sink->request_length = sink->head_length = 0;
	sink->fd = -1;
	sink->named = false;
}

void sink_restart(struct sink *sink)
{
	must(sink->bytes == 0);
	if (sink->from > 0)
		sink_remove_temp(sink->place, sink->number);
	sink->from = 0;
}

/* Reopens the existing file to append after its first FROM bytes. */
static int reopen_temp(const char *name, const struct sink *sink)
{
	int fd = openat(sink->place->directory_fd, name,
			O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (fd < 0)
		return -1;
	if (!sink->shared && fstat(fd, &status) == 0 &&
	    status.st_size < (off_t)sink->from) {
		close(fd);
		errno = ESTALE; /* somebody has shortened it */
		return -1;
	}
	if ((sink->shared || ftruncate(fd, (off_t)sink->from) == 0) &&
	    lseek(fd, (off_t)sink->from, SEEK_SET) == (off_t)sink->from)
		return fd;
	close(fd);
	return -1;
}

static int open_temp(const struct sink *sink)
{
	char name[SINK_NAME_ROOM];

	sink_temp_name(sink->place, sink->number, name);
	if (sink->from > 0)
		return reopen_temp(name, sink);
	return openat(sink->place->directory_fd, name,
		      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0666);
}

int sink_open_unnamed(const struct sink_place *place)
{
#ifdef O_TMPFILE
	return openat(place->directory_fd, ".",
		      O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
#else
	(void)place;
	errno = ENOTSUP;
	return -1;
#endif
}

/* Passes the first LENGTH bytes of FD to TAKE, in parts. */
static int read_parts(int fd, uint64_t length,
		      void (*take)(void *context, const char *bytes,
				   size_t length),
		      void *context)
{
	char part[16 * 1024];

	while (length > 0) {
		size_t wanted = length < sizeof(part) ? (size_t)length
						      : sizeof(part);
		ssize_t got = read(fd, part, wanted);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? errno : EIO;
		take(context, part, (size_t)got);
		length -= (uint64_t)got;
	}
	return 0;
}

int sink_read_kept(const struct sink *sink,
		   void (*take)(void *context, const char *bytes,
				size_t length),
		   void *context)
{
	char name[SINK_NAME_ROOM];
	int fd, error;

	if (sink->from == 0)
		return 0;
	sink_temp_name(sink->place, sink->number, name);
	fd = openat(sink->place->directory_fd, name,
		    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = read_parts(fd, sink->from, take, context);
	close(fd);
	return error;
}

/* It is in $TMPDIR or /tmp. */
int sink_open_spool(void)
{
	const char *directory = getenv("TMPDIR");
	char *path;
	int fd;

	if (directory == NULL || *directory == '\0')
		directory = "/tmp";
#ifdef O_TMPFILE
	fd = open(directory, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
#endif
	path = memory_format("%s/pfetch-XXXXXX", directory);
	fd = mkstemp(path);
	if (fd >= 0) {
		unlink(path);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	free(path);
	return fd;
}

/* Reserves room for the whole file, whose length does not change by that: it
 * says how much of the body there is.  Returns 0 or an error number; a file
 * system that can't do it is no failure. */
static int reserve(const struct sink *sink)
{
#ifdef FALLOC_FL_KEEP_SIZE
	if (sink->wanted > 0 && !sink->shared &&
	    fallocate(sink->fd, FALLOC_FL_KEEP_SIZE, 0,
		      (off_t)sink->wanted) != 0 &&
	    (errno == ENOSPC || errno == EFBIG || errno == EDQUOT))
		return errno;
#endif
	(void)sink;
	return 0;
}

/* Opens the sink's file and writes to it what is held in memory. */
static int go_to_file(struct sink *sink)
{
	int error;

	sink->named = sink->kind == SINK_FILE;
	sink->fd = sink->named ? open_temp(sink)
				: sink_open_spool();
	if (sink->fd < 0)
		return errno;
	error = sink->named ? reserve(sink) : 0;
	return error != 0 ? error : files_write_all(sink->fd, sink->memory,
						    sink->held);
}

/* The same for a complete body, whose file needs no temporary name. */
static int go_to_unnamed(struct sink *sink)
{
	sink->fd = sink_open_unnamed(sink->place);
	if (sink->fd < 0)
		return errno;
	return files_write_all(sink->fd, sink->memory, sink->held);
}

static void hold(struct sink *sink, const char *bytes, size_t length)
{
	if (sink->held + length > sink->room) {
		size_t room = sink->room > 0 ? sink->room : 4096;

		while (room < sink->held + length)
			room *= 2;
		sink->memory = memory_resize(sink->memory, room);
		sink->room = room;
	}
	memcpy(sink->memory + sink->held, bytes, length);
	sink->held += length;
}

/* Stores bytes, of the body or before it. */
static int put(struct sink *sink, const char *bytes, size_t length)
{
	int error;

	if (length == 0)
		return 0;
	if (sink->fd < 0) {
		if (sink->held + length <= SINK_MEMORY_MAX) {
			hold(sink, bytes, length);
			return 0;
		}
		error = go_to_file(sink);
		if (error != 0)
			return error;
	}
	return files_write_all(sink->fd, bytes, length);
}

int sink_begin_transcript(struct sink *sink, const char *request,
			  size_t request_length, const char *head,
			  size_t head_length)
{
	int error = put(sink, request, request_length);

	sink->request_length = request_length;
	sink->head_length = head_length;
	return error != 0 ? error : put(sink, head, head_length);
}

/* Writes to the file that the core reads.  Returns 0 or an error number. */
static int put_live(struct sink *sink, const char *bytes, size_t length)
{
	uint64_t at = sink->bytes;

	while (length > 0) {
		ssize_t written = pwrite(sink->place->live_fd, bytes, length,
					 (off_t)at);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno;
		bytes += written;
		at += (uint64_t)written;
		length -= (size_t)written;
	}
	return 0;
}

int sink_write(struct sink *sink, const char *bytes, size_t length)
{
	int error = 0;

	if (sink->kind == SINK_LIVE)
		error = put_live(sink, bytes, length);
	else if (sink->kind != SINK_DISCARD)
		error = put(sink, bytes, length);
	sink->bytes += length;
	return error;
}

/* Some file systems report a failed write only at close(2). */
static int close_file(struct sink *sink)
{
	int fd = sink->fd;

	sink->fd = -1;
	return close(fd) != 0 && errno != EINTR ? errno : 0;
}

static int finish_named(struct sink *sink, struct body *body)
{
	int error = sink->fd < 0 ? go_to_file(sink) : 0;

	if (sink->fd >= 0) {
		int close_error = close_file(sink);

		if (error == 0)
			error = close_error;
		if (error != 0)
			sink_remove_temp(sink->place, sink->number);
	}
	body->kind = error == 0 ? BODY_TEMP : BODY_NONE;
	forget(sink);
	return error;
}

static int finish_unnamed(struct sink *sink, struct body *body)
{
	int error = go_to_unnamed(sink);

	if (error != 0) {
		sink_drop(sink);
		return error;
	}
	body->kind = BODY_UNNAMED;
	body->fd = sink->fd;
	body->length = sink->held;
	forget(sink);
	return 0;
}

static int finish_file(struct sink *sink, struct body *body)
{
	bool small = sink->fd < 0 && sink->from == 0;

	return small && sink->place->naming != SINK_NAMED
		       ? finish_unnamed(sink, body) : finish_named(sink, body);
}

static void finish_spool(struct sink *sink, struct body *body)
{
	body->request_length = sink->request_length;
	body->head_length = sink->head_length;
	if (sink->fd >= 0) {
		body->kind = BODY_FD;
		body->fd = sink->fd;
		body->length = sink->request_length + sink->head_length +
			       (size_t)sink->bytes;
		sink->fd = -1;
		return;
	}
	body->kind = BODY_MEMORY;
	body->memory = memory_copy(sink->memory, sink->held);
	body->length = sink->held;
}

int sink_finish(struct sink *sink, struct body *body)
{
	switch (sink->kind) {
	case SINK_FILE:
		return finish_file(sink, body);
	case SINK_SPOOL:
		finish_spool(sink, body);
		return 0;
	case SINK_LIVE:
		body->kind = BODY_LIVE;
		body->length = (size_t)sink->bytes;
		return 0;
	case SINK_DISCARD:
		break;
	}
	return 0;
}

int sink_finish_part(struct sink *sink)
{
	int error = sink->fd < 0 ? go_to_file(sink) : 0;
	int close_error = sink->fd >= 0 ? close_file(sink) : 0;

	if (error == 0)
		error = close_error;
	if (error != 0)
		sink_drop(sink);
	else
		forget(sink);
	return error;
}

uint64_t sink_keep(struct sink *sink)
{
	uint64_t kept = sink->from;

	if (sink->fd >= 0 && sink->named) {
		kept += sink->bytes;
		if (close_file(sink) != 0)
			kept = 0;
	}
	if (kept == 0) {
		sink_drop(sink);
		return 0;
	}
	forget(sink);
	return kept;
}

void sink_drop(struct sink *sink)
{
	if (sink->fd >= 0)
		close(sink->fd);
	if ((sink->named || sink->from > 0) && !sink->shared)
		sink_remove_temp(sink->place, sink->number);
	forget(sink);
}
