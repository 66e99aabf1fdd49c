/*
 * The list of URLs, read as a stream from arguments, files and pipes, one
 * after another, in constant memory however long the list is.
 *
 * A list that is compressed by gzip or zstd is unpacked.  This part only reads
 * lines; fields.h and url.h interpret them.  For the core's
 * thread only.  Nothing here blocks on a pipe: an event in the core's loop
 * waits for it.
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
	uint64_t line;       /* its line, or the argument's number; from 1 */
	const char *text;    /* NUL-terminated; valid until the next call */
	size_t length;
	const char *fault;   /* why it can't be a URL, static; or NULL */
	bool cut;            /* TEXT is incomplete: too long, or has a NUL */
	bool indented;       /* blanks came before TEXT */
};

enum list_state {
	LIST_ENTRY, /* an entry was read */
	LIST_WAIT,  /* none yet: call list_wait(), and again after READY */
	LIST_BUSY,  /* none yet, after much reading: call again soon */
	LIST_ERROR, /* a list can't be read, see list_error(); call again */
	LIST_END,
};

struct list;

/* Each of the COUNT ARGUMENTS is a URL (if it contains "://"), "-" for standard
 * input, or the name of a file; the caller keeps ownership.  READY is called
 * from BASE's loop once after each list_wait(), when more can be read. */
struct list *list_new(struct event_base *base, char *const *arguments,
		      size_t count, bool null_separated,
		      void (*ready)(void *context), void *context);
void list_free(struct list *list);

enum list_state list_next(struct list *list, struct list_entry *entry);
void list_wait(struct list *list);

/* After LIST_ERROR: returns the reason, valid until the next call, and sets
 * *SOURCE to the list's name. */
const char *list_error(const struct list *list, const char **source);

/* Checks before a run whether FILE looks readable.  Returns 0 or an error
 * number. */
int list_check(const char *file);

#endif
