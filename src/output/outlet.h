/*
 * An outlet: a descriptor that pfetch writes to without ever blocking the
 * core on a reader that is slow.
 *
 * What the reader does not take waits in a buffer; the core looks at
 * outlet_pending() and starts nothing new while too much waits.  That is the
 * first link of the back-pressure that ends at the list's producer.
 */
#ifndef PFETCH_OUTPUT_OUTLET_H
#define PFETCH_OUTPUT_OUTLET_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

/* So much may wait before the core should hold back. */
enum { OUTLET_FULL = 64 * 1024 };

struct outlet;

/* FD stays the caller's.  ON_ERROR is called once, with the errno, when a
 * write fails; what is added after that is dropped. */
struct outlet *outlet_new(struct event_base *base, int fd,
			  void (*on_error)(void *context, int error),
			  void *context);
void outlet_free(struct outlet *outlet);

/* The buffer to add to; call outlet_touch() after adding. */
struct evbuffer *outlet_buffer(struct outlet *outlet);

/* Something was added: it is written soon, together with what comes in the
 * next few milliseconds. */
void outlet_touch(struct outlet *outlet);

/* Writes as much as the reader takes, now. */
void outlet_flush(struct outlet *outlet);

/* Bytes that wait. */
size_t outlet_pending(const struct outlet *outlet);

#endif
