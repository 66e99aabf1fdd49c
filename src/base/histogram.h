/*
 * A histogram of durations with three significant digits: 2,048 cells for 0 to
 * 2,047 microseconds, then 1,024 for each doubling, laid out as in
 * HdrHistogram.  Adding two of them cell by cell gives the histogram of all
 * their values, so those of many processes can be merged.
 */
#ifndef PFETCH_BASE_HISTOGRAM_H
#define PFETCH_BASE_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_LINEAR_BITS = 11,
	HISTOGRAM_LINEAR = 1 << HISTOGRAM_LINEAR_BITS,
	/* Up to 2 to the power of 37 us, about 38 hours. */
	HISTOGRAM_CELLS = HISTOGRAM_LINEAR +
			  (37 - HISTOGRAM_LINEAR_BITS) * HISTOGRAM_LINEAR / 2,
};

struct histogram {
	uint64_t count, largest_us;
	uint64_t cells[HISTOGRAM_CELLS];
};

/* The caller frees it with free(3). */
struct histogram *histogram_new(void);

/* Values beyond the last cell are counted in it. */
void histogram_add(struct histogram *histogram, uint64_t value_us);

/* Adds COUNT values that fall into CELL.  This is how histograms are merged and
 * passed between processes: cell by cell. */
void histogram_add_cell(struct histogram *histogram, size_t cell,
			uint64_t count);

/* The largest value, in microseconds, that falls into CELL. */
uint64_t histogram_value(size_t cell);

/* The quantile for SHARE (above 0, up to 1): the value that this share of all
 * values does not exceed, accurate to 0.1 %; 0 if the histogram is empty. */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* Whether there are enough values for that quantile to mean anything: at least
 * HISTOGRAM_SUPPORT on either side of it. */
enum { HISTOGRAM_SUPPORT = 5 };
bool histogram_supports(const struct histogram *histogram, double share);

#endif
