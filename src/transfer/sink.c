/* Where a body goes while it arrives; see sink.h. */
#include "config.h"

#include "transfer/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void sink_begin(struct sink *sink, uint64_t number)
{
	sink->number = number;
	sink->held = 0;
	sink->bytes = 0;
	sink->fd = -1;
}

static int open_temp(const struct sink *sink)
{
	char name[SINK_NAME_ROOM];

	sink_temp_name(sink->place, sink->number, name);
	return openat(sink->place->directory_fd, name,
		      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0666);
}

/* An unlinked file in $TMPDIR or /tmp, readable by nobody else. */
static int open_spool(void)
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

/* Opens the sink's file and moves what memory holds into it. */
static int go_to_file(struct sink *sink)
{
	sink->fd = sink->place->kind == SINK_FILE ? open_temp(sink)
						  : open_spool();
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

int sink_write(struct sink *sink, const char *bytes, size_t length)
{
	int error;

	sink->bytes += length;
	if (sink->place->kind == SINK_DISCARD)
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

/* close(2) is where some file systems report a failed write. */
static int close_file(struct sink *sink)
{
	int fd = sink->fd;

	sink->fd = -1;
	return close(fd) != 0 && errno != EINTR ? errno : 0;
}

static int finish_file(struct sink *sink, struct body *body)
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
	return error;
}

static void finish_spool(struct sink *sink, struct body *body)
{
	if (sink->fd >= 0) {
		body->kind = BODY_FD;
		body->fd = sink->fd;
		body->length = (size_t)sink->bytes;
		sink->fd = -1;
		return;
	}
	body->kind = BODY_MEMORY;
	body->memory = memory_copy(sink->memory, sink->held);
	body->length = sink->held;
}

int sink_finish(struct sink *sink, struct body *body)
{
	switch (sink->place->kind) {
	case SINK_FILE:
		return finish_file(sink, body);
	case SINK_SPOOL:
		finish_spool(sink, body);
		return 0;
	case SINK_DISCARD:
		break;
	}
	return 0;
}

void sink_drop(struct sink *sink)
{
	if (sink->fd < 0)
		return;
	close(sink->fd);
	sink->fd = -1;
	if (sink->place->kind == SINK_FILE)
		sink_remove_temp(sink->place, sink->number);
}
