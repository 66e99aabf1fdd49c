/* What is compared: every strategy with every number of jobs. */
#ifndef PFETCH_LAB_COMBINATIONS_H
#define PFETCH_LAB_COMBINATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "lab/gate.h"
#include "base/histogram.h"
#include "strategy/strategy.h"

enum {
	COMBINATIONS_MAX = 200,
	COMBINATIONS_SHOWN_JOBS = 10, /* at most, for a time line */
};

struct combination {
	const struct strategy *strategy;
	uint64_t jobs;           /* SETTINGS_AUTO: found out by the run */
	char label[24];          /* of that number: "16" or "auto" */
	struct trial *trials;    /* one per block */
	struct histogram *service, *sojourn; /* of the valid runs */
	struct trial picture;    /* the run whose spans are drawn */
};

/* NAMES (of strategies; NULL: all) and JOBS are comma-separated lists.  Returns
 * the combinations in their order, without duplicates, and sets *COUNT; a
 * strategy that runs one job at a time appears once.  One of the JOBS may be
 * "auto".  The caller frees them.
 * Unknown names, numbers out of range and more than COMBINATIONS_MAX
 * combinations end the program with a message. */
struct combination *combinations_make(const char *names, const char *jobs,
				      size_t *count);
void combinations_free(struct combination *all, size_t count);

/* The index of the baseline, which the others are compared with: the strategy
 * that runs one job at a time or, if there is none, the first combination with
 * the fewest jobs. */
size_t combinations_baseline(const struct combination *all, size_t count);

/* The combination of STRATEGY whose time line is drawn: the one with the most
 * jobs up to COMBINATIONS_SHOWN_JOBS or, if all have more, with the fewest.
 * NULL if STRATEGY is not compared. */
const struct combination *combinations_shown(const struct combination *all,
					     size_t count,
					     const struct strategy *strategy);

#endif
