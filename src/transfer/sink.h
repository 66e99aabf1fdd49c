/*
 * Where a body goes while it arrives.
 *
 * A body stays in memory while it is small, so that most files are created,
 * written and closed in one go, and a failed transfer touches no disk.
 *
 *   file     a larger body goes to a temporary file in the output directory;
 *            after a good verdict a small one becomes a file too, one that
 *            has no name where the system can do that.  The core names it.
 *   spool    a larger body goes to an unlinked temporary file; it is handed
 *            on whole, in memory or as a descriptor.
 *   discard  nothing is kept.
 *
 * A sink belongs to one transfer and is used by one thread at a time.
 */
#ifndef PFETCH_TRANSFER_SINK_H
#define PFETCH_TRANSFER_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/job.h"

enum {
	SINK_MEMORY_MAX = 64 * 1024, /* bytes held in memory at most */
	SINK_NAME_ROOM = 64,
};

/* How a small body, whole by then, becomes a file. */
enum sink_naming {
	SINK_NAMED,      /* under a temporary name, to be renamed */
	SINK_BY_PATH,    /* without a name, linked by its path in /proc */
	SINK_BY_FD,      /* without a name, linked by its descriptor */
};

/* The same for all sinks of a run: the output directory, which the core owns,
 * and what makes this run's temporary names its own. */
struct sink_place {
	int directory_fd;
	enum sink_naming naming;
	char run_id[17];
};

struct sink {
	const struct sink_place *place;
	enum sink_kind kind;
	uint64_t number;   /* of the job: names the temporary file */
	char *memory;      /* SINK_MEMORY_MAX bytes once needed; kept */
	size_t room, held; /* bytes that memory can take, and has */
	int fd;            /* -1: no file yet */
	bool named;        /* FD has the temporary name */
	uint64_t from;     /* bytes that an earlier try left in the file */
	uint64_t bytes;    /* taken in all, by this one */
};

/* Finds out how files without a name can be had in the directory of PLACE and
 * sets `naming`: open(2), O_TMPFILE; linkat(2), AT_EMPTY_PATH.  The core's
 * thread, before any sink is used. */
void sink_find_naming(struct sink_place *place);

/* Gives the file of BODY, which sink_finish() handed over for job NUMBER, the
 * name NAME.  Replaces nothing.  Returns 0 or an error number. */
int sink_publish(const struct sink_place *place, uint64_t number,
		 const struct body *body, const char *name);

/* Writes the temporary name of job NUMBER into NAME.  It begins with
 * ".pfetch-", which no output name can. */
void sink_temp_name(const struct sink_place *place, uint64_t number,
		    char name[SINK_NAME_ROOM]);

/* Removes the temporary file of job NUMBER, if there is one. */
void sink_remove_temp(const struct sink_place *place, uint64_t number);

void sink_init(struct sink *sink, const struct sink_place *place);
void sink_release(struct sink *sink);

/* Makes the sink ready for a body of job NUMBER, to go where KIND says.  FROM:
 * how many of its bytes the job's temporary file has already; SINK_FILE only,
 * else 0. */
void sink_begin(struct sink *sink, enum sink_kind kind, uint64_t number,
		uint64_t from);

/* The body comes from its first byte on after all: what was there is of no
 * use.  Before any sink_write(). */
void sink_restart(struct sink *sink);

/* Gives TAKE the bytes that an earlier try left, in parts; none when the body
 * is fetched from its beginning.  Returns 0 or an error number. */
int sink_read_kept(const struct sink *sink,
		   void (*take)(void *context, const char *bytes,
				size_t length),
		   void *context);

/* Takes bytes.  Returns 0, or the errno of what failed. */
int sink_write(struct sink *sink, const char *bytes, size_t length);

/* The body is whole: hands it over in BODY.  Returns 0, or the errno of what
 * failed, and then nothing is kept. */
int sink_finish(struct sink *sink, struct body *body);

/* The body is of no use: nothing is kept. */
void sink_drop(struct sink *sink);

#endif
