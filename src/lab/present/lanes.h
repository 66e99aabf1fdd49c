/*
 * A time line to draw: the tries of one run, with a lane per worker or slot.
 */
#ifndef PFETCH_PRESENT_LANES_H
#define PFETCH_PRESENT_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/experiment.h"

enum {
	LANES_MAX = 16,     /* drawn at most */
	LANES_SPANS = 400,  /* tries drawn at most */
};

struct lanes {
	const struct combination *combination;
	const struct measure_span *spans; /* in the order of their ends */
	size_t span_count;
	uint32_t ids[LANES_MAX];          /* of the lanes, from the top */
	char names[LANES_MAX][STRATEGY_LANE_ROOM];
	size_t count, hidden;             /* lanes drawn, and further ones */
	uint64_t end_us;                  /* of the last span; at least 1 */
	uint64_t waiting_us, receiving_us, computing_us; /* of all spans */
	bool cut;                         /* the run had more tries */
};

/* Prepares the time line of the combination that represents STRATEGY.  Returns
 * false if there is none to draw. */
bool lanes_make(struct lanes *lanes, const struct experiment *experiment,
		const struct strategy *strategy);

/* The lane of SPAN, counted from the top, or -1 if it is not drawn. */
int lanes_index(const struct lanes *lanes, const struct measure_span *span);

#endif
