/*
 * Where a body is stored as it arrives.
 *
 * A body stays in memory while it is small, so that most files are created,
 * written and closed in one go, and a failed transfer does not touch the disk.
 *
 *   file     a larger body goes to a temporary file in the output directory;
 *            a small one is written to a file after a good verdict, without a
 *            name if the system supports that.  The core names the file.
 *   spool    a larger body goes to an unlinked temporary file; a complete body
 *            is handed over in memory or as a descriptor.
 *   live     the body goes to a file that the core has open, too, and reads as
 *            it grows; there is only one, so only one job may be in flight.
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
	SINK_MEMORY_MAX = 64 * 1024, /* maximum bytes held in memory */
	SINK_NAME_ROOM = 64,
};

/* How a small body becomes a file once it is complete. */
enum sink_naming {
	SINK_NAMED,      /* under a temporary name, then renamed */
	SINK_BY_PATH,    /* without a name, then linked via /proc */
	SINK_BY_FD,      /* the same, but linked by descriptor if possible */
};

/* Shared by all sinks of a run: the output directory, which the core owns, and
 * an identifier that makes this run's temporary names unique. */
struct sink_place {
	int directory_fd;
	int live_fd;       /* the file of live bodies, or -1 */
	enum sink_naming naming;
	char run_id[17];
};

struct sink {
	const struct sink_place *place;
	enum sink_kind kind;
	uint64_t number;   /* of the job; part of the temporary name */
	char *memory;      /* up to SINK_MEMORY_MAX bytes; kept for reuse */
	size_t room, held; /* bytes allocated and used in memory */
	int fd;            /* -1: no file yet */
	bool named;        /* FD has the temporary name */
	bool shared;       /* other sinks write to the file as well */
	uint64_t from;     /* bytes that an earlier try left in the file */
	uint64_t bytes;    /* bytes taken in this try */
	size_t request_length, head_length; /* before the body; see body.h */
	uint64_t wanted;   /* room to reserve for the file; 0: none */
};

/* Opens a file in PLACE's directory that has no name.  Returns a descriptor, or
 * -1 with errno if the system can't do that. */
int sink_open_unnamed(const struct sink_place *place);

/* Opens an unlinked file for a spool, readable only by its owner.  Returns a
 * descriptor, or -1 with errno. */
int sink_open_spool(void);

/* Writes the temporary name of job NUMBER to NAME.  It begins with ".pfetch-",
 * which no output name can. */
void sink_temp_name(const struct sink_place *place, uint64_t number,
		    char name[SINK_NAME_ROOM]);

/* Removes the temporary file of job NUMBER, if there is one. */
void sink_remove_temp(const struct sink_place *place, uint64_t number);

void sink_init(struct sink *sink, const struct sink_place *place);
void sink_release(struct sink *sink);

/* Prepares the sink for the body of job NUMBER, to be stored as KIND says.
 * FROM is the number of bytes that the job's temporary file already has; it is
 * 0 unless KIND is SINK_FILE.  SHARED: the file exists, other sinks write to it
 * before FROM and after what this one writes, and it is not removed here. */
void sink_begin(struct sink *sink, enum sink_kind kind, uint64_t number,
		uint64_t from, bool shared);

/* The body starts at its first byte after all: discards what was kept.  Call
 * before any sink_write(). */
void sink_restart(struct sink *sink);

/* Passes the bytes that an earlier try left to TAKE, in parts; there are none
 * when the body is fetched from the beginning.  Returns 0 or an error
 * number. */
int sink_read_kept(const struct sink *sink,
		   void (*take)(void *context, const char *bytes,
				size_t length),
		   void *context);

/* Stores what comes before the body of a spool: the header of the request,
 * and that of the response, which is not empty.  Neither counts as bytes of the
 * body.  Returns 0 or an error number. */
int sink_begin_transcript(struct sink *sink, const char *request,
			  size_t request_length, const char *head,
			  size_t head_length);

/* Stores LENGTH bytes.  Returns 0 or an error number. */
int sink_write(struct sink *sink, const char *bytes, size_t length);

/* The body is complete: hands it over in BODY.  Returns 0 or an error number;
 * on failure nothing is kept. */
int sink_finish(struct sink *sink, struct body *body);

/* The part of the body is complete: leaves it in the temporary file.  Returns 0
 * or an error number. */
int sink_finish_part(struct sink *sink);

/* The body is incomplete, but another try may go on from it: leaves the
 * temporary file with what it has.  Returns how many bytes that are from the
 * start of the body; 0: there is no file, and nothing is kept. */
uint64_t sink_keep(struct sink *sink);

/* Discards the body; nothing is kept. */
void sink_drop(struct sink *sink);

#endif
