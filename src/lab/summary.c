/* The results of an experiment; see summary.h. */
#include "config.h"

#include "lab/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "lab/verdict.h"

static const double limited = 0.9; /* share at which capacity is a limit */

/* ---- medians of what the runs measured ---- */

typedef double figure(const struct sample *sample);

#define FIGURE(name, expression)                                             \
	static double name(const struct sample *sample)                      \
	{                                                                    \
		const struct measure_record *record = &sample->measure.record; \
		const struct run_totals *totals = &record->totals;        \
									     \
		(void)record, (void)totals;                                  \
		return (double)(expression);                                 \
	}

FIGURE(wall_of, (double)sample->wall_us / 1e6)
FIGURE(startup_of, (double)(sample->total_us - sample->wall_us) / 1e6)
FIGURE(user_of, (double)sample->user_us / 1e6)
FIGURE(system_of, (double)sample->system_us / 1e6)
FIGURE(switches_of, sample->switches)
FIGURE(faults_of, sample->faults)
FIGURE(largest_of, record->memory > totals->memory_largest
		   ? record->memory : totals->memory_largest)
FIGURE(sum_of, record->memory + totals->memory_sum)
FIGURE(workers_of, record->workers)
FIGURE(connections_of, totals->connections)
FIGURE(lookups_of, totals->lookups)
FIGURE(retries_of, totals->retries)
FIGURE(redirects_of, totals->redirects)
FIGURE(in_flight_of, sample->wall_us > 0
		     ? (double)record->busy_us / (double)sample->wall_us : 0)
FIGURE(held_of, (double)totals->held_us / 1e6)
FIGURE(queue_of, totals->most_waiting)
FIGURE(entries_of, totals->entries)
FIGURE(failed_of, totals->failed)
FIGURE(unverified_of, totals->unverified)
FIGURE(bytes_of, totals->bytes)
/* Processors kept busy, apart from start-up, which is all computation. */
FIGURE(cpu_of, ((double)(sample->user_us + sample->system_us) -
		(double)totals->first_cpu_us) /
	       (double)(sample->total_us - sample->startup_us))
/* The share of time for which the lock of --gil, if any, was held. */
FIGURE(lock_of, (double)record->computing_us / (double)sample->wall_us)
FIGURE(machine_of, ((double)(sample->user_us + sample->system_us +
			     sample->origin_cpu_us) -
		    (double)totals->first_cpu_us) /
		   (double)(sample->total_us - sample->startup_us))

static const struct {
	figure *of;
	size_t offset;
} medians[] = {
	{ wall_of, offsetof(struct summary_row, wall_s) },
	{ startup_of, offsetof(struct summary_row, startup_s) },
	{ user_of, offsetof(struct summary_row, user_s) },
	{ system_of, offsetof(struct summary_row, system_s) },
	{ switches_of, offsetof(struct summary_row, switches) },
	{ faults_of, offsetof(struct summary_row, faults) },
	{ largest_of, offsetof(struct summary_row, memory_largest) },
	{ sum_of, offsetof(struct summary_row, memory_sum) },
	{ workers_of, offsetof(struct summary_row, workers) },
	{ connections_of, offsetof(struct summary_row, connections) },
	{ lookups_of, offsetof(struct summary_row, lookups) },
	{ retries_of, offsetof(struct summary_row, retries) },
	{ redirects_of, offsetof(struct summary_row, redirects) },
	{ in_flight_of, offsetof(struct summary_row, in_flight) },
	{ held_of, offsetof(struct summary_row, held_s) },
	{ queue_of, offsetof(struct summary_row, queue_most) },
	{ entries_of, offsetof(struct summary_row, entries) },
	{ failed_of, offsetof(struct summary_row, failed) },
	{ unverified_of, offsetof(struct summary_row, unverified) },
	{ bytes_of, offsetof(struct summary_row, bytes) },
	{ cpu_of, offsetof(struct summary_row, cpu_share) },
};

static bool is_valid(const struct combination *combination, size_t block)
{
	return combination->trials[block].fault[0] == '\0';
}

/* Stores the figure of each valid run in VALUES, in the order of the blocks,
 * and returns their number. */
static size_t collect(const struct summary *summary,
		      const struct combination *combination, figure *of,
		      double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < summary->experiment->blocks; i++) {
		if (is_valid(combination, i))
			values[count++] = of(&combination->trials[i].sample);
	}
	return count;
}

static double median_of(const struct summary *summary,
			const struct combination *combination, figure *of,
			double *room)
{
	size_t count = collect(summary, combination, of, room);

	stats_sort(room, count);
	return stats_median(room, count);
}

static double mean_of(const struct summary *summary,
		      const struct combination *combination, figure *of,
		      double *room)
{
	return stats_mean(room, collect(summary, combination, of, room));
}

static void flag_outliers(const struct summary *summary,
			  struct summary_row *row, double *room)
{
	size_t blocks = summary->experiment->blocks, at = 0;
	bool *marks = memory_zeroed(blocks + 1);

	collect(summary, row->combination, wall_of, room);
	row->outliers = stats_outliers(room, row->runs, marks);
	row->far_out = memory_zeroed(blocks + 1);
	for (size_t i = 0; i < blocks; i++) {
		if (is_valid(row->combination, i))
			row->far_out[i] = marks[at++];
	}
	free(marks);
}

/* ---- limits ---- */

/* How many processors the threads of this combination can keep busy. */
static double usable_processors(const struct settings *settings,
				const struct combination *combination)
{
	const struct strategy *strategy = combination->strategy;
	struct settings own = *settings;
	double workers;

	own.jobs = combination->jobs;
	workers = (double)strategy->workers(&own);
	if (strategy->slots && settings->cpu_work_us > 0)
		workers *= 1 + (double)settings->offload;
	return fmin(workers, (double)limits_processors());
}

static void find_limits(const struct summary *summary,
			struct summary_row *row, double *room)
{
	const struct settings *settings = summary->experiment->settings;
	const struct combination *combination = row->combination;
	double machine = median_of(summary, combination, machine_of, room);

	row->cpu_share /= usable_processors(settings, combination);
	if (settings->gil && !combination->strategy->processes)
		row->cpu_share = fmax(row->cpu_share,
				      median_of(summary, combination, lock_of,
						room));
	row->client_limited = row->cpu_share >= limited;
	row->machine_limited =
		machine >= limited * (double)limits_processors();
}

double summary_ideal(double entries, double jobs, double latency_s,
		     double work_s, double processors)
{
	double turns = ceil(entries / jobs) * (latency_s + work_s);
	double computing = latency_s +
			   entries / fmin(jobs, processors) * work_s;

	return fmax(turns, work_s > 0 ? computing : 0);
}

static void find_ideal(const struct summary *summary, struct summary_row *row)
{
	const struct workload *workload = summary->experiment->workload;
	const struct settings *settings = summary->experiment->settings;
	double latency = (double)workload->latency_us / 1e6;
	double work = (double)settings->cpu_work_us / 1e6;

	row->ideal_s = NAN;
	row->reached = NAN;
	/* A failed entry may end sooner, and no work is done for it. */
	if (!workload->latency_known || latency + work <= 0 ||
	    row->short_of || row->failed > 0)
		return;
	row->ideal_s = summary_ideal((double)workload->entries,
				     (double)row->combination->jobs, latency,
				     work, (double)limits_processors());
	row->reached = row->ideal_s / row->wall_s;
}

/* ---- rows ---- */

static void note_extremes(const struct summary *summary,
			  struct summary_row *row)
{
	for (size_t i = 0; i < summary->experiment->blocks; i++) {
		const struct trial *trial = &row->combination->trials[i];
		const struct measure_record *record =
			&trial->sample.measure.record;

		if (trial->fault[0] != '\0')
			continue;
		row->http_10 |= record->http_10;
		row->http_11 |= record->http_11;
		row->http_2 |= record->http_2;
		row->short_of |= record->totals.short_of;
		row->deaths += record->totals.deaths;
		if (row->failure == NULL && record->failure[0] != '\0')
			row->failure = record->failure;
	}
}

static void make_row(const struct summary *summary, struct summary_row *row,
		     double *room)
{
	row->runs = collect(summary, row->combination, wall_of, room);
	row->mean_s = stats_mean(room, row->runs);
	row->deviation_s = row->runs > 0 ? stats_deviation(room, row->runs)
					  : NAN;
	stats_sort(room, row->runs);
	row->least_s = row->runs > 0 ? room[0] : NAN;
	row->most_s = row->runs > 0 ? room[row->runs - 1] : NAN;
	row->wall = stats_median_interval(room, row->runs);
	for (size_t i = 0; i < sizeof(medians) / sizeof(*medians); i++) {
		double median = median_of(summary, row->combination,
					  medians[i].of, room);

		memcpy((char *)row + medians[i].offset, &median,
		       sizeof(median));
	}
	row->user_mean_s = mean_of(summary, row->combination, user_of, room);
	row->system_mean_s = mean_of(summary, row->combination, system_of,
				     room);
	row->urls_per_s = row->entries / row->wall_s;
	row->bytes_per_s = row->bytes / row->wall_s;
	flag_outliers(summary, row, room);
	find_limits(summary, row, room);
	note_extremes(summary, row);
	find_ideal(summary, row);
}

/* The ratios of the baseline's wall time to ROW's own, block by block. */
static size_t pair_up(const struct summary *summary,
		      const struct summary_row *row, double *ratios)
{
	const struct combination *base = summary->baseline->combination;
	size_t count = 0;

	for (size_t i = 0; i < summary->experiment->blocks; i++) {
		double own, other;

		if (!is_valid(base, i) || !is_valid(row->combination, i))
			continue;
		own = wall_of(&row->combination->trials[i].sample);
		other = wall_of(&base->trials[i].sample);
		if (own > 0)
			ratios[count++] = other / own;
	}
	return count;
}

static void find_speedup(const struct summary *summary,
			 struct summary_row *row, struct random *random,
			 double *room)
{
	size_t count = pair_up(summary, row, room);
	struct interval *interval = &row->speedup_interval;

	stats_sort(room, count);
	*interval = stats_bootstrap_median(room, count, random);
	row->speedup = stats_median(room, count);
	/* To the three decimals shown: 1.000 is no difference. */
	row->faster = interval->known && interval->low >= 1.0005;
	row->slower = interval->known && interval->high < 0.9995;
}

void summary_make(struct summary *summary, const struct experiment *experiment)
{
	double *room = memory_alloc((experiment->blocks + 1) * sizeof(*room));
	struct random random = random_from(experiment->seed);

	*summary = (struct summary){
		.experiment = experiment,
		.count = experiment->count,
		.rows = memory_zeroed(experiment->count *
				      sizeof(*summary->rows)),
	};
	summary->baseline = &summary->rows[experiment->baseline];
	for (size_t i = 0; i < summary->count; i++) {
		summary->rows[i].combination = &experiment->combinations[i];
		make_row(summary, &summary->rows[i], room);
	}
	for (size_t i = 0; i < summary->count; i++)
		find_speedup(summary, &summary->rows[i], &random, room);
	free(room);
	verdict_say(summary);
}

void summary_free(struct summary *summary)
{
	for (size_t i = 0; i < summary->count; i++)
		free(summary->rows[i].far_out);
	free(summary->rows);
}
