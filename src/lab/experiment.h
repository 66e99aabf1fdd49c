/*
 * An experiment: every combination of a strategy and a number of jobs, run
 * again and again in randomised, interleaved blocks.
 *
 *   warm-up block   each combination once; left out of all figures
 *   block 1, 2, ... each combination once, in an order shuffled anew
 *   pictures        each combination once more, when there is something to
 *                   draw or trace; left out of all figures too
 *
 * One thing that drifts, a cache, a clock, a neighbour, so meets all of them
 * alike; and what is compared is always of the same block.
 */
#ifndef PFETCH_LAB_EXPERIMENT_H
#define PFETCH_LAB_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/settings.h"
#include "lab/combinations.h"
#include "lab/gate.h"
#include "lab/workload.h"

enum {
	EXPERIMENT_BLOCKS_MIN = 10,
	EXPERIMENT_BLOCKS_MAX = 100, /* when --max-runs says nothing */
	EXPERIMENT_US_MIN = 3000000,
};

struct experiment {
	const struct settings *settings;
	char *const *arguments;  /* as typed, logins masked; NULL ends */
	struct workload *workload;
	char *const *options;    /* that all runs have in common */
	struct combination *combinations;
	size_t count, baseline;  /* what the others are compared with */

	struct gate gate;
	size_t blocks;           /* that are complete */
	size_t left_out;         /* runs in them */
	uint64_t measured_us;    /* that they took */
	uint64_t seed;
	int signal;              /* that cut it short, or 0 */
	bool narrow;             /* --until-ci was reached */
	bool pictured;
	bool unwritten;          /* a trace could not be written */
};

/* Lists the combinations; names that are none, and what can't be, end the
 * program with a message.  The three stay the caller's. */
void experiment_open(struct experiment *experiment,
		     const struct settings *settings,
		     struct workload *workload, char *const *options);
void experiment_close(struct experiment *experiment);

/* How many requests it will make for ENTRIES of the list: at least, or, when
 * short runs need many blocks to add up to anything, at MOST. */
uint64_t experiment_requests(const struct experiment *experiment,
			     uint64_t entries, bool most);

/* The file that the trace of COMBINATION goes to; NULL without --trace.  The
 * caller frees it. */
char *experiment_trace_name(const struct experiment *experiment,
			    const struct combination *combination);

/* Runs it, telling on stderr how far it is when that is a terminal.  STOP_FD
 * becomes readable when a signal came; what is complete then stays. */
void experiment_run(struct experiment *experiment, int stop_fd);

#endif
