/*
 * An experiment: every combination of a strategy and a number of jobs, run
 * repeatedly in randomised blocks.
 *
 *   warm-up block   each combination once; excluded from all figures
 *   block 1, 2, ... each combination once, in a new random order
 *   pictures        the combinations to be drawn or traced, once more; also
 *                   excluded from all figures
 *
 * Drift, such as that of a cache, a clock or a neighbour's load, thus affects
 * all combinations alike, and comparisons are always made within a block.
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
	EXPERIMENT_BLOCKS_MAX = 100, /* unless --max-runs is given */
	EXPERIMENT_US_MIN = 3000000,
};

struct experiment {
	const struct settings *settings;
	char *const *arguments;  /* as typed, logins masked; then NULL */
	struct workload *workload;
	char *const *options;    /* common to all runs */
	struct combination *combinations;
	size_t count, baseline;  /* BASELINE is an index */

	struct gate gate;
	size_t blocks;           /* complete ones */
	size_t left_out;         /* invalid runs in them */
	uint64_t measured_us;    /* total duration of their runs */
	uint64_t seed;
	int signal;              /* the one that cut it short, or 0 */
	bool narrow;             /* --until-ci was reached */
	bool pictured;           /* runs for pictures have begun */
	bool unwritten;          /* a trace could not be written */
};

/* Sets up the combinations; invalid settings end the program with a message.
 * SETTINGS, WORKLOAD and OPTIONS remain the caller's. */
void experiment_open(struct experiment *experiment,
		     const struct settings *settings,
		     struct workload *workload, char *const *options);
void experiment_close(struct experiment *experiment);

/* How many requests it will make for ENTRIES entries of the list: the minimum
 * or, if MOST, the maximum, since short runs may need more blocks. */
uint64_t experiment_requests(const struct experiment *experiment,
			     uint64_t entries, bool most);

/* The name of the file for COMBINATION's trace, or NULL without --trace.  The
 * caller frees it. */
char *experiment_trace_name(const struct experiment *experiment,
			    const struct combination *combination);

/* Runs it, with progress on stderr if that is a terminal.  STOP_FD becomes
 * readable on a signal, which ends the experiment; complete blocks are kept. */
void experiment_run(struct experiment *experiment, int stop_fd);

#endif
