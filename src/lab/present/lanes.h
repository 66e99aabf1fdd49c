/*
 * A time line to draw: the tries of one run, a lane for each worker or slot.
 */
#ifndef PFETCH_PRESENT_LANES_H
#define PFETCH_PRESENT_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/experiment.h"

enum {
	LANES_MAX = 16,     /* that are drawn */
	LANES_SPANS = 400,  /* tries that are drawn */
};

struct lanes {
	const struct combination *combination;
	const struct measure_span *spans; /* in the order of their ends */
	size_t span_count;
	uint32_t ids[LANES_MAX];          /* spans' lanes, from the top */
	char names[LANES_MAX][STRATEGY_LANE_ROOM];
	size_t count, hidden;             /* drawn; further ones */
	uint64_t end_us;                  /* of the last span; at least 1 */
	uint64_t waiting_us, receiving_us, computing_us; /* sums of spans */
	bool cut;                         /* the run had more tries */
};

/* What is to be seen of STRATEGY's shown combination.  Returns false when that
 * has no picture. */
bool lanes_make(struct lanes *lanes, const struct experiment *experiment,
		const struct strategy *strategy);

/* The lane of SPAN, from the top; -1: it is not drawn. */
int lanes_index(const struct lanes *lanes, const struct measure_span *span);

#endif
