/*
 * An outlet; see outlet.h.
 *
 * How to avoid blocking depends on the kind of descriptor.  O_NONBLOCK can't
 * simply be set: it belongs to the open file description, which other programs
 * share.
 *
 *   pipe     reopened through /proc, for an open file description of our own;
 *            without /proc, written when poll(2) reports room for PIPE_BUF
 *            bytes, and no more than that at once
 *   socket   send(2) with MSG_DONTWAIT
 *   other    files and terminals: plain write(2)
 */
#include "config.h"

#include "output/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "base/terminal.h"

enum {
	GATHER_MS = 10,          /* how long output is gathered for one write */
	CHUNK = 64 * 1024,
};

enum way { WAY_PLAIN, WAY_OWN, WAY_SOCKET, WAY_POLL };

struct outlet {
	int fd;
	bool own_fd;
	enum way way;
	struct evbuffer *buffer;
	struct event *writable, *soon;
	bool lines;              /* are kept whole */
	bool waiting;            /* for the reader */
	bool broken;
	char *footer;            /* NULL: none */
	bool drawn;              /* it is on the terminal ... */
	int columns;             /* ... which had so many then */
	void (*on_error)(void *context, int error);
	void *context;
};

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct outlet *outlet = context;

	(void)fd, (void)what;
	outlet->waiting = false;
	outlet_flush(outlet);
}

static void choose_way(struct outlet *outlet, int fd)
{
	char path[64];
	struct stat status;
	int own;

	outlet->fd = fd;
	outlet->way = WAY_PLAIN;
	if (fstat(fd, &status) != 0)
		return;
	if (S_ISSOCK(status.st_mode)) {
		outlet->way = WAY_SOCKET;
	} else if (S_ISFIFO(status.st_mode)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		outlet->way = own >= 0 ? WAY_OWN : WAY_POLL;
		outlet->own_fd = own >= 0;
		if (own >= 0)
			outlet->fd = own;
	}
}

struct outlet *outlet_new(struct event_base *base, int fd,
			  void (*on_error)(void *context, int error),
			  void *context)
{
	struct outlet *outlet = memory_zeroed(sizeof(*outlet));

	outlet->on_error = on_error;
	outlet->context = context;
	choose_way(outlet, fd);
	outlet->buffer = evbuffer_new();
	outlet->soon = evtimer_new(base, on_time, outlet);
	outlet->writable = event_new(base, outlet->fd, EV_WRITE, on_time,
				     outlet);
	if (outlet->buffer == NULL || outlet->soon == NULL ||
	    outlet->writable == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return outlet;
}

void outlet_free(struct outlet *outlet)
{
	event_free(outlet->soon);
	event_free(outlet->writable);
	evbuffer_free(outlet->buffer);
	free(outlet->footer);
	if (outlet->own_fd)
		close(outlet->fd);
	free(outlet);
}

struct evbuffer *outlet_buffer(struct outlet *outlet)
{
	return outlet->buffer;
}

size_t outlet_pending(const struct outlet *outlet)
{
	return evbuffer_get_length(outlet->buffer);
}

void outlet_touch(struct outlet *outlet)
{
	struct timeval time = clock_timeval_ms(GATHER_MS);

	if (outlet_pending(outlet) >= CHUNK / 2)
		outlet_flush(outlet);
	else if (!evtimer_pending(outlet->soon, NULL))
		evtimer_add(outlet->soon, &time);
}

/* Writes some of the LENGTH bytes; returns as write(2) does. */
static ssize_t write_some(struct outlet *outlet, const void *bytes,
			  size_t length)
{
	struct pollfd ready = { .fd = outlet->fd, .events = POLLOUT };

	switch (outlet->way) {
	case WAY_SOCKET:
		return send(outlet->fd, bytes, length,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	case WAY_POLL:
		if (poll(&ready, 1, 0) <= 0) {
			errno = EAGAIN;
			return -1;
		}
		return write(outlet->fd, bytes,
			     length < PIPE_BUF ? length : PIPE_BUF);
	default:
		return write(outlet->fd, bytes, length);
	}
}

void outlet_keep_lines(struct outlet *outlet)
{
	outlet->lines = true;
}

/* Sets *BYTES to up to LENGTH bytes of what is pending, in one piece. */
static size_t pull(struct outlet *outlet, size_t length, const char **bytes)
{
	size_t pending = outlet_pending(outlet);

	length = length < pending ? length : pending;
	*bytes = (const char *)evbuffer_pullup(outlet->buffer,
					       (ev_ssize_t)length);
	return length;
}

/* Sets *BYTES to what is to be written at once.  Returns its length. */
static size_t next_piece(struct outlet *outlet, const char **bytes)
{
	bool pipe = outlet->way == WAY_OWN || outlet->way == WAY_POLL;
	size_t length = pull(outlet, outlet->lines && pipe ? PIPE_BUF : CHUNK,
			     bytes);
	const char *end;

	if (!outlet->lines)
		return length;
	/* The last line that ends within that, or else the first one. */
	end = memrchr(*bytes, '\n', length);
	if (end == NULL) {
		length = pull(outlet, CHUNK, bytes);
		end = memchr(*bytes, '\n', length);
	}
	return end != NULL ? (size_t)(end - *bytes) + 1 : length;
}

static void fail(struct outlet *outlet, int error)
{
	outlet->broken = true;
	evbuffer_drain(outlet->buffer, outlet_pending(outlet));
	outlet->on_error(outlet->context, error);
}

static bool is_writable(const struct outlet *outlet)
{
	struct pollfd ready = { .fd = outlet->fd, .events = POLLOUT };

	return poll(&ready, 1, 0) > 0;
}

static void wait_for_reader(struct outlet *outlet)
{
	struct timeval time = clock_timeval_ms(GATHER_MS);

	outlet->waiting = true;
	/* Some files can't be polled; try those again soon. */
	if (event_add(outlet->writable, NULL) != 0)
		evtimer_add(outlet->soon, &time);
}

/* ---- footers ---- */

/* ECMA-48: each clears a row.  To clear the rest of the screen at once would
 * make tmux(1) keep it in its history if that is all there is. */
static const char clear_row[] = "\r\033[K", clear_above[] = "\033[A\033[K";

/* How many rows are below the first one, for outlet_clear_footers(); -1: there
 * is no footer.  There is one terminal. */
static volatile sig_atomic_t footer_rows = -1;
static volatile sig_atomic_t footer_fd;

/* How many rows TEXT takes up, apart from the first one. */
static int rows_of(const char *text, int columns)
{
	int rows = 0;

	for (;;) {
		int length = (int)strcspn(text, "\n");

		/* The terminal may have become narrower since. */
		rows += length > 0 ? (length - 1) / columns : 0;
		if (text[length] == '\0')
			return rows;
		text += length + 1;
		rows++;
	}
}

/* Writes the LENGTH bytes at once; what a terminal doesn't take is lost. */
static void write_terminal(int fd, const char *bytes, size_t length)
{
	ssize_t written;

	do
		written = write(fd, bytes, length);
	while (written < 0 && errno == EINTR);
}

static void add_clearing(const struct outlet *outlet, struct evbuffer *out)
{
	int rows = rows_of(outlet->footer, terminal_columns(outlet->fd));

	evbuffer_add(out, clear_row, sizeof(clear_row) - 1);
	for (int i = 0; i < rows; i++)
		evbuffer_add(out, clear_above, sizeof(clear_above) - 1);
}

/* Whether the footer is on the terminal; it was cleared if the process was
 * suspended since. */
static bool is_drawn(const struct outlet *outlet)
{
	return outlet->drawn && footer_rows >= 0;
}

/* Makes room for other output. */
static void hide_footer(struct outlet *outlet)
{
	struct evbuffer *out;

	if (!is_drawn(outlet))
		return;
	out = evbuffer_new();
	if (out == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	add_clearing(outlet, out);
	evbuffer_prepend_buffer(outlet->buffer, out);
	evbuffer_free(out);
	outlet->drawn = false;
	footer_rows = -1;
}

/* Replaces what is drawn, if anything, by TEXT. */
static void draw_footer(struct outlet *outlet, const char *text)
{
	struct evbuffer *out = evbuffer_new();

	if (out == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	if (is_drawn(outlet))
		add_clearing(outlet, out);
	outlet->columns = terminal_columns(outlet->fd);
	if (text != NULL) {
		evbuffer_add(out, text, strlen(text));
		footer_fd = outlet->fd;
	}
	footer_rows = text != NULL ? rows_of(text, outlet->columns) : -1;
	write_terminal(outlet->fd, (char *)evbuffer_pullup(out, -1),
		       evbuffer_get_length(out));
	evbuffer_free(out);
	outlet->drawn = text != NULL;
}

void outlet_set_footer(struct outlet *outlet, const char *text)
{
	char *copy = text != NULL ? memory_string(text) : NULL;
	bool same = is_drawn(outlet) && text != NULL &&
		    strcmp(outlet->footer, text) == 0 &&
		    outlet->columns == terminal_columns(outlet->fd);

	if (text == NULL) {
		hide_footer(outlet);
		free(outlet->footer);
		outlet->footer = NULL;
	}
	outlet_flush(outlet);
	if (text != NULL && !same && !outlet->broken &&
	    outlet_pending(outlet) == 0 && terminal_is_ours(outlet->fd))
		draw_footer(outlet, text);
	if (text != NULL)
		free(outlet->footer);
	outlet->footer = copy;
}

void outlet_clear_footers(void)
{
	if (footer_rows < 0)
		return;
	write_terminal(footer_fd, clear_row, sizeof(clear_row) - 1);
	for (int i = 0; i < footer_rows; i++)
		write_terminal(footer_fd, clear_above,
			       sizeof(clear_above) - 1);
	footer_rows = -1;
}

static void write_pending(struct outlet *outlet);

void outlet_flush(struct outlet *outlet)
{
	if (outlet_pending(outlet) > 0)
		hide_footer(outlet);
	write_pending(outlet);
	if (outlet->footer != NULL && !is_drawn(outlet) && !outlet->broken &&
	    outlet_pending(outlet) == 0 && terminal_is_ours(outlet->fd))
		draw_footer(outlet, outlet->footer);
}

static void write_pending(struct outlet *outlet)
{
	if (outlet->broken)
		evbuffer_drain(outlet->buffer, outlet_pending(outlet));
	/* The loop may not have had a chance to tell. */
	if (outlet->waiting && !is_writable(outlet))
		return;
	outlet->waiting = false;
	while (outlet_pending(outlet) > 0) {
		const char *bytes;
		size_t length = next_piece(outlet, &bytes);
		ssize_t written = write_some(outlet, bytes, length);

		if (written >= 0) {
			evbuffer_drain(outlet->buffer, (size_t)written);
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			wait_for_reader(outlet);
			return;
		} else if (errno != EINTR) {
			fail(outlet, errno);
			return;
		}
	}
}
