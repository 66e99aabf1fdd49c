/*
 * The list of URLs; see list.h.
 *
 * One buffer holds the bytes that were read but not yet used.  It grows with
 * the longest line, up to LIST_LINE_MAX; the rest of a longer line is dropped
 * as it arrives.  A regular file is simply read.  A pipe is read once each
 * time the loop reports it readable, and only a page at a time, because bytes
 * that are read ahead are lost to other readers of the same pipe.
 */
#include "config.h"

#include "core/list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "core/unpack.h"

enum {
	PIPE_READ = 4096,
	FILE_READ = 16 * 1024,
	READS_A_CALL = 64,
};

struct list {
	struct event_base *base;
	char *const *arguments;
	size_t count, at;        /* AT is the current argument */
	char separator;
	void (*ready)(void *context);
	void *context;

	int fd;                  /* of the current list, or -1 */
	const char *source;
	struct event *event;     /* NULL: FD never needs waiting for */
	bool readable, ended;
	bool sniffed;            /* it is known whether it is compressed */
	struct unpack *unpack;   /* NULL: it isn't */
	const char *error;       /* why it can't be read, or NULL */
	uint64_t line;

	char *buffer;
	size_t room, start, used; /* bytes START to USED are unread */
	size_t scanned;           /* START to SCANNED have no separator */
	bool skipping;            /* in the rest of an overlong line */
};

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	struct list *list = context;

	(void)fd, (void)what;
	list->readable = true;
	list->ready(list->context);
}

struct list *list_new(struct event_base *base, char *const *arguments,
		      size_t count, bool null_separated,
		      void (*ready)(void *context), void *context)
{
	struct list *list = memory_zeroed(sizeof(*list));

	list->base = base;
	list->arguments = arguments;
	list->count = count;
	list->separator = null_separated ? '\0' : '\n';
	list->ready = ready;
	list->context = context;
	list->fd = -1;
	return list;
}

static void close_list(struct list *list)
{
	if (list->event != NULL)
		event_free(list->event);
	list->event = NULL;
	unpack_free(list->unpack);
	list->unpack = NULL;
	if (list->fd > STDIN_FILENO)
		close(list->fd);
	list->fd = -1;
	list->at++;
}

void list_free(struct list *list)
{
	if (list->fd >= 0)
		close_list(list);
	free(list->buffer);
	free(list);
}

int list_check(const char *file)
{
	struct stat status;

	if (stat(file, &status) != 0)
		return errno;
	if (S_ISDIR(status.st_mode))
		return EISDIR;
	return access(file, R_OK) == 0 ? 0 : errno;
}

/* Prepares to wait for a list that isn't a regular file. */
static void watch(struct list *list)
{
	struct stat status;

	list->readable = true;
	if (fstat(list->fd, &status) != 0 || S_ISREG(status.st_mode) ||
	    S_ISDIR(status.st_mode))
		return;
	list->event = event_new(list->base, list->fd, EV_READ, on_readable,
				list);
	if (list->event == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	/* Some devices can't be polled, and never need to be. */
	if (event_add(list->event, NULL) != 0) {
		event_free(list->event);
		list->event = NULL;
		return;
	}
	event_del(list->event);
	list->readable = false;
}

static int open_list(struct list *list, const char *name)
{
	bool is_stdin = strcmp(name, "-") == 0;

	list->source = is_stdin ? "stdin" : name;
	list->line = 0;
	list->start = list->used = list->scanned = 0;
	list->skipping = list->ended = list->sniffed = false;
	/* O_NONBLOCK: a named pipe may not have a writer yet. */
	list->fd = is_stdin ? STDIN_FILENO
			    : open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK |
						 O_NOCTTY);
	if (list->fd < 0)
		return errno;
	watch(list);
	return 0;
}

/* Makes room for SIZE more bytes. */
static void make_room(struct list *list, size_t size)
{
	if (list->start > 0) {
		memmove(list->buffer, list->buffer + list->start,
			list->used - list->start);
		list->scanned -= list->start;
		list->used -= list->start;
		list->start = 0;
	}
	/* One more byte, for the NUL after a last line without separator. */
	if (list->used + size + 1 > list->room) {
		list->room = list->used + size + 1;
		list->buffer = memory_resize(list->buffer, list->room);
	}
}

/* ---- compressed lists ---- */

/* Unpacks a part of what has been read. */
static void unpack_more(struct list *list)
{
	long got;

	make_room(list, FILE_READ);
	got = unpack_take(list->unpack, list->buffer + list->used, FILE_READ);
	if (got >= 0) {
		list->used += (size_t)got;
		return;
	}
	list->error = "its compressed data is damaged";
	list->ended = true;
}

/* Looks at how the list begins.  Until then, what was read stays as it is. */
static void sniff(struct list *list)
{
	size_t unread = list->used - list->start;

	if (list->sniffed || (unread < UNPACK_MAGIC && !list->ended))
		return;
	list->sniffed = true;
	list->unpack = unpack_new(list->buffer + list->start, unread);
	if (list->unpack == NULL)
		return;
	unpack_add(list->unpack, list->buffer + list->start, unread);
	list->used = list->scanned = list->start;
}

/* The next bytes of the file, LENGTH bytes after what is used, have been
 * read. */
static void take_read(struct list *list, size_t length)
{
	if (list->unpack != NULL) {
		unpack_add(list->unpack, list->buffer + list->used, length);
		return;
	}
	list->used += length;
	sniff(list);
}

static void end_read(struct list *list)
{
	list->ended = true;
	if (list->used > list->start)
		sniff(list);
	if (list->unpack != NULL && list->error == NULL &&
	    !unpack_is_whole(list->unpack))
		list->error = "its compressed data is cut short";
}

/* Reads once.  Returns false if there is nothing to read now. */
static bool read_more(struct list *list)
{
	size_t size = list->event != NULL ? PIPE_READ : FILE_READ;
	ssize_t got;

	if (list->unpack != NULL && unpack_pending(list->unpack)) {
		unpack_more(list);
		return true;
	}
	if (!list->readable)
		return false;
	make_room(list, size);
	got = read(list->fd, list->buffer + list->used, size);
	if (list->event != NULL)
		list->readable = false;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return errno == EINTR && list->event == NULL;
	if (got < 0)
		list->error = strerror(errno);
	if (got <= 0)
		end_read(list);
	else
		take_read(list, (size_t)got);
	return true;
}

static const char *find_fault(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		if (byte == '\0')
			return "contains a NUL byte";
		/* A tab comes before a field; see fields.h. */
		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return "contains a control character";
	}
	return NULL;
}

/* Makes an entry of the LENGTH bytes at START, and consumes these and SKIP
 * more.  Returns false for a blank line or a comment. */
static bool make_entry(struct list *list, size_t length, size_t skip,
		       struct list_entry *entry)
{
	char *text = list->buffer + list->start;
	char *end = text + length;

	list->start += length + skip;
	list->scanned = list->start;
	list->line++;
	if (list->line == 1 && length >= 3 &&
	    memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	if (end > text && end[-1] == '\r')
		end--;
	entry->indented = text < end && (*text == ' ' || *text == '\t');
	while (text < end && *text == ' ')
		text++;
	while (end > text && end[-1] == ' ')
		end--;
	if (text == end || *text == '#')
		return false;
	*end = '\0';
	entry->source = list->source;
	entry->line = list->line;
	entry->text = text;
	entry->length = (size_t)(end - text);
	entry->fault = find_fault(text, entry->length);
	entry->cut = memchr(text, '\0', entry->length) != NULL;
	return true;
}

/* Makes the beginning of an overlong line an entry with a fault.  Returns false
 * for a comment. */
static bool make_long_entry(struct list *list, struct list_entry *entry)
{
	const char *text = list->buffer + list->start;
	bool is_comment = text[strspn(text, " ")] == '#';

	/* The byte after the part that is kept becomes the NUL. */
	if (!make_entry(list, LIST_LINE_MAX, 1, entry))
		*entry = (struct list_entry){
			.source = list->source,
			.line = list->line,
			.text = "",
		};
	entry->fault = "line longer than 64 KiB";
	entry->cut = true;
	list->skipping = true;
	return !is_comment;
}

/* Drops what was read of an overlong line.  Returns true at its end. */
static bool skip_rest(struct list *list, const char *end)
{
	if (end == NULL && !list->ended) {
		list->start = list->scanned = list->used;
		return false;
	}
	list->start = end != NULL ? (size_t)(end - list->buffer) + 1
				  : list->used;
	list->scanned = list->start;
	list->skipping = false;
	return true;
}

enum step { STEP_ENTRY, STEP_AGAIN, STEP_MORE };

/* Looks for an entry in what has been read. */
static enum step scan(struct list *list, struct list_entry *entry)
{
	size_t unread = list->used - list->start;
	size_t fresh = list->used - list->scanned;
	const char *end = fresh > 0 ? memchr(list->buffer + list->scanned,
					     list->separator, fresh) : NULL;
	size_t length = end != NULL
		? (size_t)(end - (list->buffer + list->start)) : unread;

	list->scanned = list->used;
	if (list->skipping)
		return skip_rest(list, end) ? STEP_AGAIN : STEP_MORE;
	if (length > LIST_LINE_MAX)
		return make_long_entry(list, entry) ? STEP_ENTRY : STEP_AGAIN;
	if (end != NULL)
		return make_entry(list, length, 1, entry) ? STEP_ENTRY
							  : STEP_AGAIN;
	/* A line that was cut off by an error is not an entry. */
	if (list->ended && unread > 0 && list->error == NULL)
		return make_entry(list, length, 0, entry) ? STEP_ENTRY
							  : STEP_AGAIN;
	return STEP_MORE;
}

static enum list_state next_in_file(struct list *list,
				    struct list_entry *entry)
{
	for (int reads = 0; reads < READS_A_CALL;) {
		enum step step = list->sniffed || list->ended
			? scan(list, entry) : STEP_MORE;

		if (step == STEP_ENTRY)
			return LIST_ENTRY;
		if (step == STEP_AGAIN)
			continue;
		if (list->ended) {
			close_list(list);
			return list->error != NULL ? LIST_ERROR : LIST_BUSY;
		}
		if (!read_more(list))
			return LIST_WAIT;
		reads++;
	}
	return LIST_BUSY;
}

enum list_state list_next(struct list *list, struct list_entry *entry)
{
	const char *argument;

	if (list->fd >= 0)
		return next_in_file(list, entry);
	if (list->at >= list->count)
		return LIST_END;
	argument = list->arguments[list->at];
	list->error = NULL;
	if (strstr(argument, "://") == NULL) {
		int error = open_list(list, argument);

		if (error == 0)
			return next_in_file(list, entry);
		list->error = strerror(error);
		list->at++;
		return LIST_ERROR;
	}
	*entry = (struct list_entry){
		.line = ++list->at,
		.text = argument,
		.length = strlen(argument),
	};
	entry->fault = entry->length > LIST_LINE_MAX
			       ? "argument longer than 64 KiB"
			       : find_fault(argument, entry->length);
	return LIST_ENTRY;
}

void list_wait(struct list *list)
{
	if (list->event != NULL)
		event_add(list->event, NULL);
}

const char *list_error(const struct list *list, const char **source)
{
	*source = list->source;
	return list->error;
}
