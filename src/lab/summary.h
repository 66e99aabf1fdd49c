/*
 * What an experiment has shown: a row of figures for each combination, and
 * the conclusion in words.  Only valid runs count.
 */
#ifndef PFETCH_LAB_SUMMARY_H
#define PFETCH_LAB_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/experiment.h"
#include "lab/statistics/stats.h"

/* Times in seconds; medians over the valid runs where nothing else is said. */
struct summary_row {
	const struct combination *combination;
	size_t runs;             /* valid ones */
	bool *far_out;           /* for each block: flagged as an outlier */
	size_t outliers;

	double wall_s;           /* first entry read to last result */
	struct interval wall;
	double mean_s, deviation_s, least_s, most_s; /* of the wall time */
	double startup_s;        /* all the rest of the process's life */
	double speedup;          /* of the baseline's wall time, in pairs */
	struct interval speedup_interval;
	bool faster, slower;     /* than the baseline, clearly */
	double ideal_s;          /* or NaN: not known */
	double reached;          /* ideal / wall */

	double urls_per_s, bytes_per_s;
	double user_s, system_s;
	double user_mean_s, system_mean_s;
	double memory_largest, memory_sum; /* bytes; of the processes */
	double switches, faults;
	double workers;          /* that ran jobs */
	double connections, lookups, retries, redirects;
	double in_flight;        /* mean over time */
	double held_s;
	double queue_most;
	double entries, failed, unverified, bytes;
	double cpu_share;        /* of the processors that it can use, or of
				  * the one lock's time, if that is more */
	bool client_limited;     /* by that share */
	bool machine_limited;    /* with the origin's share on top */
	bool http_10, http_11, http_2; /* seen in any run */
	bool short_of;           /* descriptors, threads, processes; in any */
	uint64_t deaths;         /* of worker processes, in all runs */
	const char *failure;     /* the first failed entry of any run */
};

enum { SUMMARY_WORDS_ROOM = 400 };

struct summary {
	const struct experiment *experiment;
	struct summary_row *rows;   /* one for each combination */
	size_t count;
	const struct summary_row *baseline;
	const struct summary_row *best; /* what to use; NULL: can't tell */
	char verdict[SUMMARY_WORDS_ROOM]; /* what to use and why: a line */
	char reason[SUMMARY_WORDS_ROOM];  /* where the time goes: two lines */
};

/* Whether ROW's median wall time is within 5 % of that of the combination to
 * use. */
bool summary_as_fast(const struct summary *summary,
		     const struct summary_row *row);

/* Reduces EXPERIMENT, which must outlive the summary. */
void summary_make(struct summary *summary,
		  const struct experiment *experiment);
void summary_free(struct summary *summary);

/* How long ENTRIES take at best, with JOBS at once and no cost of our own:
 * each waits LATENCY and computes WORK, at most PROCESSORS compute at once.
 * Without work that is ceil(ENTRIES / JOBS) x LATENCY.  Seconds.  Pure. */
double summary_ideal(double entries, double jobs, double latency_s,
		     double work_s, double processors);

#endif
