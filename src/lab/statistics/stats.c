/* Statistics of small samples; see stats.h. */
#include "config.h"

#include "lab/statistics/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"

static const double far_out = 14.826;
static const double tail = 0.025;

static int compare(const void *one, const void *other)
{
	double first = *(const double *)one;
	double second = *(const double *)other;

	return (first > second) - (first < second);
}

void stats_sort(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare);
}

double stats_median(const double *sorted, size_t count)
{
	if (count == 0)
		return NAN;
	if (count % 2 == 1)
		return sorted[count / 2];
	return (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

/* The rank of the interval's bounds, counted from either end: the largest K for
 * which the probability that fewer than K of COUNT values fall below the median
 * is at most 2.5 %. */
static size_t outside(size_t count)
{
	/* In logarithms, as 0.5 to the power of COUNT may underflow. */
	double term = -(double)count * log(2);
	double sum = 0;
	size_t below = 0;

	while (below < count) {
		sum += exp(term);
		if (sum > tail)
			break;
		term += log((double)(count - below) / (double)(below + 1));
		below++;
	}
	return below;
}

struct interval stats_median_interval(const double *sorted, size_t count)
{
	struct interval interval = { .known = count >= STATS_INTERVAL_MIN };
	size_t out = outside(count);

	if (!interval.known)
		return interval;
	interval.low = sorted[out - 1];
	interval.high = sorted[count - out];
	return interval;
}

/* The 97.5 % quantile of Student's t distribution, expanded around the normal
 * quantile (Abramowitz and Stegun, 26.7.5); correct to 3 digits from 5 degrees
 * of freedom on. */
static double student(double degrees)
{
	const double z = 1.959964;
	const double z3 = pow(z, 3), z5 = pow(z, 5), z7 = pow(z, 7);

	return z + (z3 + z) / (4 * degrees) +
	       (5 * z5 + 16 * z3 + 3 * z) / (96 * pow(degrees, 2)) +
	       (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * pow(degrees, 3));
}

/* The share of the bootstrap medians to leave out at each end: less than the
 * 2.5 % that would do for a large sample. */
static double expanded_tail(size_t count)
{
	double degrees = (double)count - 1;
	double bound = sqrt((double)count / degrees) * student(degrees);

	return erfc(bound / sqrt(2)) / 2;
}

/* The median of COUNT values drawn from SORTED with replacement.  DRAWN has
 * room for how often each of them was drawn. */
static double resampled_median(const double *sorted, size_t count,
			       struct random *random, size_t *drawn)
{
	size_t seen = 0, lower = count, upper = 0;

	memset(drawn, 0, count * sizeof(*drawn));
	for (size_t i = 0; i < count; i++)
		drawn[random_below(random, count)]++;
	for (; seen < count / 2 + 1; upper++) {
		seen += drawn[upper];
		if (lower == count && seen >= (count + 1) / 2)
			lower = upper;
	}
	return (sorted[lower] + sorted[upper - 1]) / 2;
}

struct interval stats_bootstrap_median(const double *sorted, size_t count,
				       struct random *random)
{
	struct interval interval = { .known = count >= STATS_INTERVAL_MIN };
	double *medians;
	size_t *drawn, out;

	for (size_t i = 1; i < count; i++)
		must(sorted[i - 1] <= sorted[i]);
	if (!interval.known)
		return interval;
	medians = memory_alloc(STATS_RESAMPLES * sizeof(*medians));
	drawn = memory_alloc(count * sizeof(*drawn));
	for (size_t i = 0; i < STATS_RESAMPLES; i++)
		medians[i] = resampled_median(sorted, count, random, drawn);
	stats_sort(medians, STATS_RESAMPLES);
	out = (size_t)(STATS_RESAMPLES * expanded_tail(count));
	interval.low = medians[out];
	interval.high = medians[STATS_RESAMPLES - 1 - out];
	free(drawn);
	free(medians);
	return interval;
}

double stats_mean(const double *values, size_t count)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return count > 0 ? sum / (double)count : NAN;
}

double stats_deviation(const double *values, size_t count)
{
	double mean = stats_mean(values, count);
	double sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return count > 1 ? sqrt(sum / (double)(count - 1)) : 0;
}

size_t stats_outliers(const double *values, size_t count, bool *marks)
{
	double *sorted = memory_alloc(count * sizeof(*sorted));
	double median, spread;
	size_t found = 0;

	memcpy(sorted, values, count * sizeof(*sorted));
	stats_sort(sorted, count);
	median = stats_median(sorted, count);
	for (size_t i = 0; i < count; i++)
		sorted[i] = fabs(values[i] - median);
	stats_sort(sorted, count);
	spread = stats_median(sorted, count);
	free(sorted);
	for (size_t i = 0; i < count; i++) {
		marks[i] = spread > 0 &&
			   fabs(values[i] - median) / spread > far_out;
		found += marks[i];
	}
	return found;
}
