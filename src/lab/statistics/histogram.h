/*
 * A histogram of durations with three significant digits: 2,048 cells for the
 * microseconds from 0 to 2,047, then 1,024 for each doubling, as HdrHistogram
 * lays them out.  Adding up two of them, cell by cell, gives the histogram of
 * all their values, so those of many processes can be merged.
 */
#ifndef PFETCH_STATISTICS_HISTOGRAM_H
#define PFETCH_STATISTICS_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_LINEAR_BITS = 11,
	HISTOGRAM_LINEAR = 1 << HISTOGRAM_LINEAR_BITS,
	/* Up to 2 to the power of 37 us, more than a day. */
	HISTOGRAM_CELLS = HISTOGRAM_LINEAR +
			  (37 - HISTOGRAM_LINEAR_BITS) * HISTOGRAM_LINEAR / 2,
};

struct histogram {
	uint64_t count, largest_us;
	uint64_t cells[HISTOGRAM_CELLS];
};

/* The caller frees it with free(). */
struct histogram *histogram_new(void);

/* What is longer than a day counts as a day. */
void histogram_add(struct histogram *histogram, uint64_t value_us);

/* As adding COUNT values of CELL at once.  That is how two are merged: by the
 * cells of one, which need no other form to be sent. */
void histogram_add_cell(struct histogram *histogram, size_t cell,
			uint64_t count);

/* The largest value in microseconds that falls into CELL. */
uint64_t histogram_value(size_t cell);

/* Of all values, SHARE (above 0, to 1) are no longer than this, which is exact
 * to 0.1 %; 0 when there are none. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* Whether that is more than an accident of the sample: at least
 * HISTOGRAM_SUPPORT values lie beyond the quantile (and as many before). */
enum { HISTOGRAM_SUPPORT = 5 };
bool histogram_supports(const struct histogram *histogram, double share);

#endif
