/*
 * What one run of a comparison measures of itself, and how it tells: the run
 * is a process of its own, which writes one record to a pipe at its end.
 *
 *   compare --exec--> pfetch measure ... --record--> compare
 *
 * Both ends are the same program, so the record is plain data as it lies in
 * memory; its size says whether that is so.
 */
#ifndef PFETCH_LAB_MEASURE_H
#define PFETCH_LAB_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "lab/statistics/histogram.h"
#include "output/listener.h"
#include "strategy/strategy.h"

enum {
	MEASURE_SPANS_MAX = 2000,   /* of a run's time line; the first ones */
	MEASURE_FAILURE_ROOM = 400,
};

struct measure_record {
	uint64_t size;              /* of this struct */
	int status;                 /* the run's exit status */
	struct run_totals totals;
	uint64_t good;              /* entries that did not fail */
	uint8_t digest[DIGEST_BYTES]; /* of all good bodies, in any order */
	/* Sums over all tries and hops, in microseconds. */
	uint64_t busy_us;           /* from begin to end, computing included */
	uint64_t waiting_us, receiving_us, computing_us;
	bool http_10, http_11, http_2;
	unsigned workers;           /* different ones that ran jobs */
	uint64_t memory;            /* peak of the core's own process, bytes */
	char failure[MEASURE_FAILURE_ROOM]; /* the first one, escaped */
	/* What follows the record. */
	uint64_t service_cells, sojourn_cells, spans;
};

/* A cell of a histogram that is not empty. */
struct measure_cell {
	uint64_t cell, count;
};

/* A try or hop on the time line; moments from the first entry on, those that
 * did not happen 0. */
struct measure_span {
	uint64_t begun_us, first_us, ended_us, compute_us, computed_us;
	uint32_t worker, slot;
	uint32_t lane;
};

/* A record with what follows it, as read; free with measure_release(). */
struct measure {
	struct measure_record record;
	struct measure_cell *service, *sojourn;
	struct measure_span *spans;
};

/* ---- in the run ---- */

struct recorder;

/* Watches a run under STRATEGY; SETTINGS and STRATEGY stay the caller's. */
struct recorder *recorder_new(const struct strategy *strategy,
			      const struct settings *settings);
struct listener recorder_listener(struct recorder *recorder);

/* Writes what was measured to FD and frees the recorder.  Nothing is written
 * when the run did not come to its end. */
void recorder_finish(struct recorder *recorder, int fd, int status);

/* ---- in compare ---- */

/* Reads LENGTH bytes as a measure.  Returns false when they are not a whole
 * one; then nothing is to be released. */
bool measure_read(struct measure *measure, const char *bytes, size_t length);
void measure_release(struct measure *measure);

#endif
