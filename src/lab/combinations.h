/* What is compared: each of the strategies with each of the numbers of jobs. */
#ifndef PFETCH_LAB_COMBINATIONS_H
#define PFETCH_LAB_COMBINATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "lab/gate.h"
#include "lab/statistics/histogram.h"
#include "strategy/strategy.h"

enum {
	COMBINATIONS_MAX = 200,
	COMBINATIONS_SHOWN_JOBS = 10, /* of the one whose time line is drawn */
};

struct combination {
	const struct strategy *strategy;
	uint64_t jobs;
	struct trial *trials;    /* one for each block */
	struct histogram *service, *sojourn; /* of the valid ones */
	struct trial picture;    /* its sample has the spans */
};

/* NAMES of strategies, NULL for all, and JOBS are lists with commas.  Returns
 * COUNT combinations in their order, each once, a strategy that runs one job
 * at a time once; the caller frees them.  Names that are none, numbers out of
 * range and more than COMBINATIONS_MAX end the program with a message. */
struct combination *combinations_make(const char *names, const char *jobs,
				      size_t *count);
void combinations_free(struct combination *all, size_t count);

/* Which one the others are compared with: what runs one job at a time, as all
 * want to be faster than that; without it, what has the fewest jobs. */
size_t combinations_baseline(const struct combination *all, size_t count);

/* The one of STRATEGY whose time line is drawn: with the most jobs up to
 * COMBINATIONS_SHOWN_JOBS, or with the fewest.  NULL: it is not compared. */
const struct combination *combinations_shown(const struct combination *all,
					     size_t count,
					     const struct strategy *strategy);

#endif
