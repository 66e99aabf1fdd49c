/*
 * Statistics of small samples that need not be normally distributed: medians,
 * distribution-free confidence intervals, outliers.  Pure.
 */
#ifndef PFETCH_STATISTICS_STATS_H
#define PFETCH_STATISTICS_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/statistics/random.h"

/* A 95 % confidence interval; KNOWN is false if the sample is too small for
 * one. */
struct interval {
	bool known;
	double low, high;
};

enum {
	STATS_INTERVAL_MIN = 6,   /* 5 values cover the median in only 94 % */
	STATS_RESAMPLES = 10000,  /* of a bootstrap */
};

/* Sorts COUNT values in ascending order. */
void stats_sort(double *values, size_t count);

/* These take sorted values.  The median of no values is NaN. */
double stats_median(const double *sorted, size_t count);

/* The confidence interval of the median between two order statistics with equal
 * ranks from either end: the narrowest whose coverage, by the binomial
 * distribution, is at least 95 % for any distribution of the values (Conover,
 * Practical Nonparametric Statistics, 3.2). */
struct interval stats_median_interval(const double *sorted, size_t count);

/* The bootstrap confidence interval of the median: the expanded percentiles
 * (Hesterberg, What Teachers Should Know About the Bootstrap, 2015) of
 * STATS_RESAMPLES resamples drawn with RANDOM.  With 7 values, the plain
 * percentiles (Efron 1979) would cover the median in only 87 %. */
struct interval stats_bootstrap_median(const double *sorted, size_t count,
				       struct random *random);

/* These take the values in any order and do not change them. */

double stats_mean(const double *values, size_t count);
/* The sample standard deviation, with COUNT - 1; 0 for fewer than two
 * values. */
double stats_deviation(const double *values, size_t count);

/* Marks outliers: values whose distance from the median exceeds 14.826 times
 * the median of these distances, which is ten standard deviations if the values
 * are normally distributed.  Returns how many there are.  If more than half of
 * the values are equal, none is marked, as the median distance is then 0. */
size_t stats_outliers(const double *values, size_t count, bool *marks);

#endif
