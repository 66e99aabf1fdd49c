/*
 * The results of an experiment: a row of figures for each combination, and the
 * conclusion in words.  Only valid runs count.
 */
#ifndef PFETCH_LAB_SUMMARY_H
#define PFETCH_LAB_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/experiment.h"
#include "lab/statistics/stats.h"

/* Times are in seconds.  Unless noted otherwise, figures are medians over the
 * valid runs. */
struct summary_row {
	const struct combination *combination;
	size_t runs;             /* number of valid ones */
	bool *far_out;           /* for each block: its run is an outlier */
	size_t outliers;

	double wall_s;           /* first entry read to last result */
	struct interval wall;
	double mean_s, deviation_s, least_s, most_s; /* of the wall time */
	double startup_s;        /* the rest of the process's life */
	double speedup;          /* baseline's wall time / own, in pairs */
	struct interval speedup_interval;
	bool faster, slower;     /* clearly, than the baseline */
	double ideal_s;          /* NaN if unknown */
	double reached;          /* ideal / wall */

	double urls_per_s, bytes_per_s;
	double user_s, system_s;
	double user_mean_s, system_mean_s;
	double memory_largest, memory_sum; /* bytes; of one, of all processes */
	double switches, faults;
	double workers;          /* those that ran jobs */
	double connections, lookups, retries, redirects;
	double in_flight;        /* mean over time */
	double held_s;           /* how long the list was held back */
	double queue_most;       /* longest queue */
	double entries, failed, unverified, bytes;
	double cpu_share;        /* of the processors that it can use or, if
				  * larger, the share of time that the
				  * lock of --gil was held */
	bool client_limited;     /* CPU_SHARE is at the limit */
	bool machine_limited;    /* so are all processors, with origin */
	bool http_10, http_11, http_2; /* seen in any run */
	bool short_of;           /* descriptors, threads, ...; in any run */
	uint64_t deaths;         /* of worker processes, over all runs */
	const char *failure;     /* first failed entry in any run, or NULL */
};

enum { SUMMARY_WORDS_ROOM = 400 };

struct summary {
	const struct experiment *experiment;
	struct summary_row *rows;   /* one for each combination */
	size_t count;
	const struct summary_row *baseline;
	const struct summary_row *best; /* to use; NULL: no conclusion */
	char verdict[SUMMARY_WORDS_ROOM]; /* what to use and why; one line */
	char reason[SUMMARY_WORDS_ROOM];  /* where time is spent; two lines */
};

/* Whether ROW's median wall time is at most 5 % longer than that of the
 * combination to use. */
bool summary_as_fast(const struct summary *summary,
		     const struct summary_row *row);

/* Summarises EXPERIMENT, which must outlive the summary. */
void summary_make(struct summary *summary,
		  const struct experiment *experiment);
void summary_free(struct summary *summary);

/* The shortest possible wall time for ENTRIES with JOBS at once and no
 * overhead: each entry waits for LATENCY and computes for WORK, and at most
 * PROCESSORS compute at once.  Without work, this is ceil(ENTRIES / JOBS) x
 * LATENCY.  In seconds.  Pure. */
double summary_ideal(double entries, double jobs, double latency_s,
		     double work_s, double processors);

#endif
