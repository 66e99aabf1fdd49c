/*
 * Where a body goes while it arrives.
 *
 * A body stays in memory while it is small, so that most files are created,
 * written and closed in one go, and a failed transfer touches no disk.
 *
 *   file     a larger body goes to a temporary file in the output directory;
 *            after a good verdict a small one does too.  The core renames it.
 *   spool    a larger body goes to an unlinked temporary file; it is handed
 *            on whole, in memory or as a descriptor.
 *   discard  nothing is kept.
 *
 * A sink belongs to one transfer and is used by one thread at a time.
 */
#ifndef PFETCH_TRANSFER_SINK_H
#define PFETCH_TRANSFER_SINK_H

#include <stddef.h>
#include <stdint.h>

#include "base/job.h"
#include "base/settings.h"

enum {
	SINK_MEMORY_MAX = 64 * 1024, /* bytes held in memory at most */
	SINK_NAME_ROOM = 64,
};

/* The same for all sinks of a run: the output directory, which the core owns,
 * and what makes this run's temporary names its own. */
struct sink_place {
	enum sink_kind kind;
	int directory_fd;
	char run_id[17];
};

struct sink {
	const struct sink_place *place;
	uint64_t number;   /* of the job: names the temporary file */
	char *memory;      /* SINK_MEMORY_MAX bytes once needed; kept */
	size_t room, held; /* bytes that memory can take, and has */
	int fd;            /* -1: no file yet */
	uint64_t bytes;    /* taken in all */
};

/* Writes the temporary name of job NUMBER into NAME.  It begins with
 * ".pfetch-", which no output name can. */
void sink_temp_name(const struct sink_place *place, uint64_t number,
		    char name[SINK_NAME_ROOM]);

/* Removes the temporary file of job NUMBER, if there is one. */
void sink_remove_temp(const struct sink_place *place, uint64_t number);

void sink_init(struct sink *sink, const struct sink_place *place);
void sink_release(struct sink *sink);

/* Makes the sink ready for a body of job NUMBER. */
void sink_begin(struct sink *sink, uint64_t number);

/* Takes bytes.  Returns 0, or the errno of what failed. */
int sink_write(struct sink *sink, const char *bytes, size_t length);

/* The body is whole: hands it over in BODY.  Returns 0, or the errno of what
 * failed, and then nothing is kept. */
int sink_finish(struct sink *sink, struct body *body);

/* The body is of no use: nothing is kept. */
void sink_drop(struct sink *sink);

#endif
