/* A log-linear histogram; see histogram.h. */
#include "config.h"

#include "base/histogram.h"

#include <math.h>

#include "base/fatal.h"
#include "base/memory.h"

enum { HALF = HISTOGRAM_LINEAR / 2 };

struct histogram *histogram_new(void)
{
	return memory_zeroed(sizeof(struct histogram));
}

/* Each doubling beyond the linear part has HALF cells, which are twice as wide
 * as those of the previous one. */
static size_t cell_of(uint64_t value)
{
	unsigned doublings = 0;
	size_t cell;

	while (value >> doublings >= HISTOGRAM_LINEAR)
		doublings++;
	cell = (size_t)(value >> doublings) + (size_t)doublings * HALF;
	return cell < HISTOGRAM_CELLS ? cell : HISTOGRAM_CELLS - 1;
}

uint64_t histogram_value(size_t cell)
{
	size_t doublings = cell < HISTOGRAM_LINEAR ? 0 : cell / HALF - 1;
	uint64_t step = cell - doublings * HALF;

	return ((step + 1) << doublings) - 1;
}

void histogram_add_cell(struct histogram *histogram, size_t cell,
			uint64_t count)
{
	must(cell < HISTOGRAM_CELLS);
	histogram->cells[cell] += count;
	histogram->count += count;
	if (count > 0 && histogram_value(cell) > histogram->largest_us)
		histogram->largest_us = histogram_value(cell);
}

void histogram_add(struct histogram *histogram, uint64_t value_us)
{
	histogram_add_cell(histogram, cell_of(value_us), 1);
}

uint64_t histogram_quantile(const struct histogram *histogram, double share)
{
	uint64_t rank = (uint64_t)ceil(share * (double)histogram->count);
	uint64_t seen = 0;

	for (size_t cell = 0; cell < HISTOGRAM_CELLS; cell++) {
		seen += histogram->cells[cell];
		if (seen >= rank && seen > 0)
			return histogram_value(cell);
	}
	return 0;
}

bool histogram_supports(const struct histogram *histogram, double share)
{
	double count = (double)histogram->count;

	/* With a small tolerance, as 1 - 0.999 is not exactly 0.001. */
	return count * (1 - share) > HISTOGRAM_SUPPORT - 1e-6 &&
	       count * share > HISTOGRAM_SUPPORT - 1e-6;
}
