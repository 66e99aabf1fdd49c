/*
 * What a run of a comparison measures about itself, and how it reports it: the
 * run is a separate process, which writes one record to a pipe at its end.
 *
 *   compare --exec--> pfetch measure ... --record--> compare
 *
 * Both ends are the same program, so the record is sent as it lies in memory;
 * its size is checked as a safeguard.
 */
#ifndef PFETCH_LAB_MEASURE_H
#define PFETCH_LAB_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/histogram.h"
#include "output/listener.h"
#include "strategy/strategy.h"

enum {
	MEASURE_SPANS_MAX = 2000,   /* the first ones of a run */
	MEASURE_FAILURE_ROOM = 400,
};

struct measure_record {
	uint64_t size;              /* of this struct */
	int status;                 /* the run's exit status */
	struct run_totals totals;
	uint64_t good;              /* entries fetched successfully */
	uint8_t digest[DIGEST_BYTES]; /* of all good bodies; does not
				       * depend on their order */
	/* Sums over all tries and hops, in microseconds. */
	uint64_t busy_us;           /* from begin to end, with computing */
	uint64_t waiting_us, receiving_us, computing_us;
	bool http_10, http_11, http_2;
	unsigned workers;           /* distinct ones that ran jobs */
	uint64_t memory;            /* peak of the core's process, bytes */
	char failure[MEASURE_FAILURE_ROOM]; /* the first one, escaped */
	/* The numbers of items that follow the record. */
	uint64_t service_cells, sojourn_cells, spans;
};

/* A non-empty cell of a histogram. */
struct measure_cell {
	uint64_t cell, count;
};

/* A try or hop on the time line.  Times count from the first entry read; those
 * of phases that did not happen are 0. */
struct measure_span {
	uint64_t begun_us, first_us, ended_us, compute_us, computed_us;
	uint32_t worker, slot;
	uint32_t lane;
};

/* A record and what follows it, as read; free it with measure_release(). */
struct measure {
	struct measure_record record;
	struct measure_cell *service, *sojourn;
	struct measure_span *spans;
};

/* ---- in the run ---- */

struct recorder;

/* Records a run under STRATEGY.  STRATEGY and SETTINGS remain the caller's. */
struct recorder *recorder_new(const struct strategy *strategy,
			      const struct settings *settings);
struct listener recorder_listener(struct recorder *recorder);

/* Writes the measurements to FD and frees the recorder.  Writes nothing if the
 * run did not complete. */
void recorder_finish(struct recorder *recorder, int fd, int status);

/* ---- in compare ---- */

/* Parses LENGTH bytes into MEASURE.  Returns false if they are not exactly one
 * measure; then there is nothing to release. */
bool measure_read(struct measure *measure, const char *bytes, size_t length);
void measure_release(struct measure *measure);

#endif
