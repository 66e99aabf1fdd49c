/*
 * The records of a journal: lines of fields separated by tabs, of which the
 * last is the CRC-32 (RFC 1952, 8) of all that comes before it.
 *
 *   pfetch-journal 1  RUN  BOOT  PID  TIME  CRC    a run begins
 *   G  CRC                                         what comes before is on disk
 *   C  ID  BYTES  TEMP  NAME  CRC                  an entry is complete: its
 *                                                  file is TEMP, or NAME
 *   F  ID  CLASS  CRC                              an entry failed for good
 *
 * "-" stands for no name: names never begin with it.  Pure.
 */
#ifndef PFETCH_CORE_JOURNAL_RECORD_H
#define PFETCH_CORE_JOURNAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/journal-index.h"

#define JOURNAL_MAGIC "pfetch-journal 1"
enum { JOURNAL_LINE_MAX = 2048 };

enum journal_kind {
	JOURNAL_DAMAGED,
	JOURNAL_RUN,
	JOURNAL_GROUP,
	JOURNAL_COMPLETE,
	JOURNAL_FAILED,
};

/* A record that was read; texts are in the line, not terminated. */
struct journal_text {
	const char *at;
	size_t length;
};
struct journal_record {
	enum journal_kind kind;
	uint8_t id[JOURNAL_ID_BYTES];
	uint64_t bytes;
	struct journal_text temp, name; /* of length 0: none */
	struct journal_text class;
	struct journal_text run, boot;
};

/* Reads LINE of LENGTH bytes, without its end. */
void journal_record_read(const char *line, size_t length,
			 struct journal_record *record);

/* Each writes a whole line to LINE, including its end, and returns its length.
 * TEMP and NAME may be NULL. */
size_t journal_record_run(char line[JOURNAL_LINE_MAX], const char *run_id,
			  const char *boot);
size_t journal_record_group(char line[JOURNAL_LINE_MAX]);
size_t journal_record_complete(char line[JOURNAL_LINE_MAX],
			       const uint8_t id[JOURNAL_ID_BYTES],
			       uint64_t bytes, const char *temp,
			       const char *name);
size_t journal_record_failed(char line[JOURNAL_LINE_MAX],
			     const uint8_t id[JOURNAL_ID_BYTES],
			     const char *class);

#endif
