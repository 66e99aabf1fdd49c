/*
 * An outlet: a descriptor that pfetch writes to without ever blocking the core
 * on a slow reader.
 *
 * Output that the reader has not yet accepted is buffered; the core checks
 * outlet_pending() and takes no new entries while too much is buffered.  This
 * is where the back-pressure on the list's producer begins.
 */
#ifndef PFETCH_OUTPUT_OUTLET_H
#define PFETCH_OUTPUT_OUTLET_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

/* With this much buffered, the core should hold back. */
enum { OUTLET_FULL = 64 * 1024 };

struct outlet;

/* The caller keeps ownership of FD.  ON_ERROR is called once, with the errno,
 * when a write fails; anything added after that is dropped. */
struct outlet *outlet_new(struct event_base *base, int fd,
			  void (*on_error)(void *context, int error),
			  void *context);
void outlet_free(struct outlet *outlet);

/* Has each line written whole: as far as the descriptor allows it, no write
 * ends within a line.  A line of up to PIPE_BUF bytes then never mixes with
 * those of another program that writes to the same pipe (pipe(7)). */
void outlet_keep_lines(struct outlet *outlet);

/* The buffer to add to; call outlet_touch() after adding. */
struct evbuffer *outlet_buffer(struct outlet *outlet);

/* Says that something was added.  It is written soon, together with what is
 * added in the next few milliseconds. */
void outlet_touch(struct outlet *outlet);

/* Shows TEXT, one or more rows without control characters, below everything
 * that is written to the terminal; NULL: nothing any more.  It is replaced as a
 * whole, and disappears before anything else is written.  Does nothing if the
 * text is the same as before and the terminal, too. */
void outlet_set_footer(struct outlet *outlet, const char *text);

/* Removes what footers have left on a terminal, for a process that is about to
 * die.  Async-signal-safe. */
void outlet_clear_footers(void);

/* Writes as much as the reader accepts now. */
void outlet_flush(struct outlet *outlet);

/* How many bytes are buffered. */
size_t outlet_pending(const struct outlet *outlet);

#endif
