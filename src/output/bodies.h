/*
 * Bodies that go to a stream one after another, instead of to files: joined, or
 * in an archive.
 *
 * Only complete bodies come here, and one is written to its end before the next
 * begins.  A kind of stream writes to outlets, so a slow reader fills those;
 * nothing is written to a full one, and the core then takes no new entries.
 * For the core's thread.
 *
 * To add a kind: a file with its state and a `const struct bodies_kind`, and a
 * line in core/outputs.c.
 */
#ifndef PFETCH_OUTPUT_BODIES_H
#define PFETCH_OUTPUT_BODIES_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/job.h"
#include "output/listener.h"

/* What is asked of a kind.  Errors are error numbers; a failed write to an
 * outlet is reported by that itself. */
struct bodies_kind {
	/* ITEM's turn has come; its result is final.  BODY, which stays valid
	 * until advance() is done, is NULL if it has none: it failed or was
	 * skipped.  Returns 0 or an error number. */
	int (*begin)(void *state, const struct listener_item *item,
		     const struct body *body);

	/* Writes a further part of that body.  Returns 0 if there is more to
	 * write, 1 if there is not, or a negative error number. */
	int (*advance)(void *state);

	/* All bodies have been written.  Returns 0 or an error number. */
	int (*end)(void *state);

	/* As for a listener. */
	bool (*full)(void *state);
	bool (*pending)(void *state);
	void (*flush)(void *state);
	void (*free)(void *state);
};

struct bodies {
	const struct bodies_kind *kind;  /* NULL: there is no stream */
	void *state;
};

/* Reads a body in parts. */
enum { BODY_PART = 64 * 1024 };
struct body_reader {
	const struct body *body;
	size_t at;               /* bytes that were read */
	char *part;              /* room for BODY_PART bytes, or NULL */
};

/* Sets *BYTES to the next part of the body, valid until the next call.  Returns
 * its length; 0 at the end; or -1 with errno. */
ssize_t body_reader_next(struct body_reader *reader, const char **bytes);

/* Frees what READER has allocated. */
void body_reader_release(struct body_reader *reader);

#endif
