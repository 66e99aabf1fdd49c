/*
 * The list of URLs, read as a stream: from arguments, files and pipes, one
 * after another, in constant memory however long it is.
 *
 * Only bytes are read here; what they mean as a URL is url.h's.  The core's
 * thread only; a pipe is never waited for here but by an event in its loop.
 */
#ifndef PFETCH_CORE_LIST_H
#define PFETCH_CORE_LIST_H

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIST_LINE_MAX = 64 * 1024 };

struct list_entry {
	const char *source;  /* the list's name; NULL: the command line */
	uint64_t line;       /* in it, or the argument's number; from 1 */
	const char *text;    /* NUL-terminated; valid until the next call */
	size_t length;
	const char *fault;   /* NULL, or why it can't be a URL: static text */
	bool cut;            /* TEXT is not all of it: too long, or a NUL */
};

enum list_state {
	LIST_ENTRY, /* here is one */
	LIST_WAIT,  /* none yet: list_wait() tells when to ask again */
	LIST_BUSY,  /* none yet, after much reading: ask again soon */
	LIST_ERROR, /* a list can't be read: see list_error(); ask again */
	LIST_END,
};

struct list;

/* ARGUMENTS: COUNT of them, each a URL (it has "://"), "-" for standard
 * input, or a file's name; they stay the caller's.  READY is called from
 * BASE's loop once after each list_wait(), when more can be read. */
struct list *list_new(struct event_base *base, char *const *arguments,
		      size_t count, bool null_separated,
		      void (*ready)(void *context), void *context);
void list_free(struct list *list);

enum list_state list_next(struct list *list, struct list_entry *entry);
void list_wait(struct list *list);

/* After LIST_ERROR: which list, and the error number. */
int list_error(const struct list *list, const char **source);

/* Whether FILE looks readable, to be asked before a run begins.  Returns 0 or
 * an error number. */
int list_check(const char *file);

#endif
