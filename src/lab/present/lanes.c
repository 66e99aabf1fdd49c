/* A time line to draw; see lanes.h. */
#include "config.h"

#include "lab/present/lanes.h"

#include <string.h>

/* Inserts the lane of SPAN in order, if it is new and there is room. */
static void add_lane(struct lanes *lanes, const struct measure_span *span)
{
	size_t at = 0;

	while (at < lanes->count && lanes->ids[at] < span->lane)
		at++;
	if (at < lanes->count && lanes->ids[at] == span->lane)
		return;
	if (lanes->count == LANES_MAX)
		return;
	memmove(&lanes->ids[at + 1], &lanes->ids[at],
		(lanes->count - at) * sizeof(lanes->ids[0]));
	memmove(&lanes->names[at + 1], &lanes->names[at],
		(lanes->count - at) * sizeof(lanes->names[0]));
	lanes->ids[at] = span->lane;
	strategy_lane_name(lanes->combination->strategy, span->worker,
			   span->slot, lanes->names[at]);
	lanes->count++;
}

/* The number of distinct lanes.  Quadratic, but there are few spans. */
static size_t count_lanes(const struct lanes *lanes)
{
	size_t count = 0;

	for (size_t i = 0; i < lanes->span_count; i++) {
		size_t before = 0;

		while (lanes->spans[before].lane != lanes->spans[i].lane)
			before++;
		count += before == i;
	}
	return count;
}

static uint64_t end_of(const struct measure_span *span)
{
	return span->computed_us > span->ended_us ? span->computed_us
						  : span->ended_us;
}

bool lanes_make(struct lanes *lanes, const struct experiment *experiment,
		const struct strategy *strategy)
{
	const struct measure *measure;

	memset(lanes, 0, sizeof(*lanes));
	lanes->combination = combinations_shown(experiment->combinations,
						experiment->count, strategy);
	if (lanes->combination == NULL ||
	    lanes->combination->picture.fault[0] != '\0' ||
	    !lanes->combination->picture.sample.complete)
		return false;
	measure = &lanes->combination->picture.sample.measure;
	lanes->spans = measure->spans;
	lanes->span_count = (size_t)measure->record.spans;
	if (lanes->span_count > LANES_SPANS)
		lanes->span_count = LANES_SPANS;
	lanes->cut = measure->record.totals.submitted > lanes->span_count;
	lanes->end_us = 1;
	for (size_t i = 0; i < lanes->span_count; i++) {
		const struct measure_span *span = &lanes->spans[i];

		add_lane(lanes, span);
		lanes->waiting_us += span->first_us - span->begun_us;
		lanes->receiving_us += span->ended_us - span->first_us;
		lanes->computing_us += span->computed_us - span->compute_us;
		if (end_of(span) > lanes->end_us)
			lanes->end_us = end_of(span);
	}
	lanes->hidden = count_lanes(lanes) - lanes->count;
	return lanes->span_count > 0;
}

int lanes_index(const struct lanes *lanes, const struct measure_span *span)
{
	for (size_t i = 0; i < lanes->count; i++) {
		if (lanes->ids[i] == span->lane)
			return (int)i;
	}
	return -1;
}
