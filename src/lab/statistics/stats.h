/*
 * Statistics of small samples that need not be normal: medians, intervals
 * that assume nothing of the distribution, outliers.  Pure.
 */
#ifndef PFETCH_STATISTICS_STATS_H
#define PFETCH_STATISTICS_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/statistics/random.h"

/* An interval of 95 % confidence; KNOWN is false when the sample is too small
 * to have one. */
struct interval {
	bool known;
	double low, high;
};

enum {
	STATS_INTERVAL_MIN = 6,   /* 5 values span their median in 94 % only */
	STATS_RESAMPLES = 10000,  /* of a bootstrap */
};

/* Sorts COUNT values, the smallest first. */
void stats_sort(double *values, size_t count);

/* These take sorted values.  The median of none is NaN. */
double stats_median(const double *sorted, size_t count);

/* The interval of the median between two order statistics, as far from one end
 * as from the other: the narrowest such whose coverage, by the binomial
 * distribution, is at least 95 % whatever the values' distribution (Conover,
 * Practical Nonparametric Statistics, 3.2). */
struct interval stats_median_interval(const double *sorted, size_t count);

/* The bootstrap's interval of the median, between the expanded percentiles
 * (Hesterberg, What Teachers Should Know About the Bootstrap, 2015) of
 * STATS_RESAMPLES resamples drawn with RANDOM.  The plain percentiles (Efron
 * 1979) of 7 values would cover the median in 87 % only. */
struct interval stats_bootstrap_median(const double *sorted, size_t count,
				       struct random *random);

/* These take the values in any order and leave them alone. */

double stats_mean(const double *values, size_t count);
/* Of the sample, with count - 1; 0 for fewer than two values. */
double stats_deviation(const double *values, size_t count);

/* Marks values that are far out: |value - median| > 14.826 times the median
 * of those distances, which for normal values is ten standard deviations.
 * Returns how many.  When more than half of the values are equal none is
 * marked: there is nothing to measure a distance with. */
size_t stats_outliers(const double *values, size_t count, bool *marks);

#endif
