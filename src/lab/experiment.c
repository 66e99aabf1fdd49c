/* An experiment; see experiment.h. */
#include "config.h"

#include "lab/experiment.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "core/stop.h"
#include "lab/progress.h"
#include "lab/statistics/random.h"
#include "lab/statistics/stats.h"

enum { PATH_ROOM = 128 };

void experiment_open(struct experiment *experiment,
		     const struct settings *settings,
		     struct workload *workload, char *const *options)
{
	const struct compare_settings *compare = &settings->compare;

	*experiment = (struct experiment){
		.settings = settings,
		.workload = workload,
		.options = options,
		.seed = compare->seed != SETTINGS_UNSET
				? compare->seed
				: siphash_random() % 1000000,
	};
	experiment->combinations = combinations_make(
		compare->strategies, compare->jobs, &experiment->count);
	experiment->baseline = combinations_baseline(experiment->combinations,
						     experiment->count);
	experiment->gate.entries = workload->entries;
	experiment->gate.counted = workload->origin.pid != 0;
}

void experiment_close(struct experiment *experiment)
{
	combinations_free(experiment->combinations, experiment->count);
}

static uint64_t blocks_wanted(const struct experiment *experiment)
{
	const struct compare_settings *compare = &experiment->settings->compare;

	if (compare->runs != SETTINGS_UNSET)
		return compare->runs;
	return compare->max_runs < EXPERIMENT_BLOCKS_MIN
		       ? compare->max_runs : EXPERIMENT_BLOCKS_MIN;
}

static uint64_t blocks_at_most(const struct experiment *experiment)
{
	const struct compare_settings *compare = &experiment->settings->compare;

	if (compare->runs != SETTINGS_UNSET)
		return compare->runs;
	return compare->max_runs != SETTINGS_UNSET ? compare->max_runs
						   : EXPERIMENT_BLOCKS_MAX;
}

/* Whether COMBINATION is run once more: for a trace, every one is; for the time
 * lines, only those that are shown. */
static bool wants_picture(const struct experiment *experiment,
			  const struct combination *combination)
{
	const struct compare_settings *compare = &experiment->settings->compare;

	if (compare->trace != NULL)
		return true;
	return (compare->chart || compare->report != NULL) &&
	       combination == combinations_shown(experiment->combinations,
						 experiment->count,
						 combination->strategy);
}

uint64_t experiment_requests(const struct experiment *experiment,
			     uint64_t entries, bool most)
{
	uint64_t blocks = most ? blocks_at_most(experiment)
			       : blocks_wanted(experiment);
	uint64_t runs = experiment->count * (blocks + 1);

	for (size_t i = 0; i < experiment->count; i++)
		runs += wants_picture(experiment, &experiment->combinations[i]);
	return entries * runs;
}

/* ---- a run ---- */

/* The option that tells a run where to keep its bodies. */
static char *make_keep_directory(const struct experiment *experiment,
				 const struct combination *combination,
				 const char *block)
{
	return memory_format("--directory-prefix=%s/%s-j%s/%s",
			     experiment->settings->compare.keep,
			     combination->strategy->name, combination->label,
			     block);
}

/* Runs COMBINATION once.  BLOCK names the run's directory for --keep; TRACE is
 * a file name or NULL.  Returns false if a signal cut it short. */
static bool run_once(struct experiment *experiment,
		     const struct combination *combination, const char *block,
		     const char *trace, int stop_fd, struct sample *sample)
{
	const struct workload *workload = experiment->workload;
	const struct compare_settings *compare = &experiment->settings->compare;
	char *options[80] = { NULL };
	size_t own = 0, count;
	struct launch launch = {
		.workload = workload,
		.options = options,
		.stop_fd = stop_fd,
	};
	bool whole;

	options[own++] = memory_format("--strategy=%s",
				       combination->strategy->name);
	options[own++] = memory_format("--jobs=%s", combination->label);
	options[own++] = compare->keep != NULL
		? make_keep_directory(experiment, combination, block)
		: memory_string("--discard");
	options[own++] = memory_format("--origin-port=%u",
				       workload->origin.port);
	if (workload->remote == 0 && !compare->yes)
		options[own++] = memory_string("--stay");
	if (trace != NULL)
		options[own++] = memory_format("--trace=%s", trace);
	count = own;
	for (size_t i = 0; experiment->options[i] != NULL; i++) {
		must(count + 1 < sizeof(options) / sizeof(*options));
		options[count++] = experiment->options[i];
	}
	whole = launch_run(&launch, sample);
	for (size_t i = 0; i < own; i++)
		free(options[i]);
	return whole;
}

/* ---- blocks ---- */

static void take_cells(struct histogram *histogram,
		       const struct measure_cell *cells, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		histogram_add_cell(histogram, (size_t)cells[i].cell,
				   cells[i].count);
}

/* Adds a valid run to the histograms, or warns that the run is left out. */
static void take_in(struct experiment *experiment,
		    struct combination *combination, struct trial *trial,
		    size_t block)
{
	struct measure *measure = &trial->sample.measure;

	if (trial->fault[0] != '\0') {
		experiment->left_out++;
		progress_clear();
		fatal_warn("block %zu, %s -j %s: left out: %s", block,
			   combination->strategy->name, combination->label,
			   trial->fault);
		return;
	}
	take_cells(combination->service, measure->service,
		   measure->record.service_cells);
	take_cells(combination->sojourn, measure->sojourn,
		   measure->record.sojourn_cells);
}

static void release_trials(const struct experiment *experiment,
			   struct trial **trials)
{
	for (size_t i = 0; i < experiment->count; i++) {
		if (trials[i]->sample.complete)
			measure_release(&trials[i]->sample.measure);
	}
}

/* Runs each combination once, in random order, and judges the runs.  BLOCK
 * counts from 1; 0 is the warm-up.  Returns false if a signal cut it short. */
static bool run_block(struct experiment *experiment, struct random *random,
		      size_t block, struct trial **trials, int stop_fd)
{
	size_t order[COMBINATIONS_MAX];
	char name[PATH_ROOM];

	for (size_t i = 0; i < experiment->count; i++)
		order[i] = i;
	random_shuffle(random, order, experiment->count);
	snprintf(name, sizeof(name), "block-%zu", block);
	for (size_t i = 0; i < experiment->count; i++) {
		struct combination *combination =
			&experiment->combinations[order[i]];

		progress_show(block, blocks_wanted(experiment), i,
			      experiment->count);
		if (!run_once(experiment, combination, name, NULL, stop_fd,
			      &trials[order[i]]->sample))
			return false;
	}
	gate_block(&experiment->gate, trials, experiment->count);
	return true;
}

static bool warm_up(struct experiment *experiment, struct random *random,
		    int stop_fd)
{
	struct trial *warm = memory_zeroed(experiment->count * sizeof(*warm));
	struct trial *trials[COMBINATIONS_MAX];
	bool whole;

	for (size_t i = 0; i < experiment->count; i++)
		trials[i] = &warm[i];
	whole = run_block(experiment, random, 0, trials, stop_fd);
	release_trials(experiment, trials);
	free(warm);
	return whole;
}

static bool measure_block(struct experiment *experiment, struct random *random,
			  int stop_fd)
{
	struct trial *trials[COMBINATIONS_MAX];
	size_t block = experiment->blocks;
	bool whole;

	for (size_t i = 0; i < experiment->count; i++) {
		struct combination *combination = &experiment->combinations[i];

		combination->trials = memory_resize(
			combination->trials,
			(block + 1) * sizeof(*combination->trials));
		trials[i] = &combination->trials[block];
		memset(trials[i], 0, sizeof(*trials[i]));
	}
	whole = run_block(experiment, random, block + 1, trials, stop_fd);
	for (size_t i = 0; whole && i < experiment->count; i++) {
		take_in(experiment, &experiment->combinations[i], trials[i],
			block + 1);
		experiment->measured_us += trials[i]->sample.total_us;
	}
	release_trials(experiment, trials);
	if (whole)
		experiment->blocks++;
	return whole;
}

/* Whether both ends of the interval are within GOAL (thousandths of a percent)
 * of the median wall time.  True without a valid run, since waiting for a
 * combination that never has one would be pointless. */
static bool is_narrow(const struct experiment *experiment,
		      const struct combination *combination, uint64_t goal)
{
	double *walls = memory_alloc(experiment->blocks * sizeof(*walls));
	struct interval interval;
	size_t count = 0;
	double median;

	for (size_t i = 0; i < experiment->blocks; i++) {
		if (combination->trials[i].fault[0] == '\0')
			walls[count++] =
				(double)combination->trials[i].sample.wall_us;
	}
	stats_sort(walls, count);
	median = stats_median(walls, count);
	interval = stats_median_interval(walls, count);
	free(walls);
	if (count == 0)
		return true;
	return interval.known &&
	       fmax(median - interval.low, interval.high - median) <=
		       median * (double)goal / 1e5;
}

static bool all_are_narrow(const struct experiment *experiment)
{
	uint64_t goal = experiment->settings->compare.until_ci;

	for (size_t i = 0; i < experiment->count; i++) {
		if (!is_narrow(experiment, &experiment->combinations[i], goal))
			return false;
	}
	return true;
}

static bool has_valid_run(const struct experiment *experiment)
{
	for (size_t i = 0; i < experiment->count; i++) {
		for (size_t j = 0; j < experiment->blocks; j++) {
			if (experiment->combinations[i].trials[j].fault[0] ==
			    '\0')
				return true;
		}
	}
	return false;
}

/* --runs is an exact number.  Otherwise, the minimum number of blocks, the
 * minimum time and the goal for the intervals must all be reached, but never
 * with more blocks than --max-runs. */
static bool is_enough(struct experiment *experiment)
{
	const struct compare_settings *compare = &experiment->settings->compare;

	bool narrow = compare->until_ci > 0 && all_are_narrow(experiment);

	experiment->narrow = narrow && has_valid_run(experiment);
	if (experiment->blocks >= blocks_at_most(experiment))
		return true;
	return compare->runs == SETTINGS_UNSET &&
	       experiment->blocks >= EXPERIMENT_BLOCKS_MIN &&
	       experiment->measured_us >= EXPERIMENT_US_MIN &&
	       (compare->until_ci == 0 || narrow);
}

/* ---- pictures ---- */

/* Warns about a run for pictures that failed.  No figure depends on it, but its
 * time line is not drawn or its trace is incomplete. */
static void check_picture(struct experiment *experiment,
			  const struct combination *combination)
{
	const struct trial *trial = &combination->picture;
	int error = trial->sample.complete
		? trial->sample.measure.record.totals.trace_error : 0;

	progress_clear();
	if (trial->fault[0] != '\0')
		fatal_warn("time line of %s -j %s not drawn: %s",
			   combination->strategy->name, combination->label,
			   trial->fault);
	if (error != 0)
		fatal_warn("cannot write trace of %s -j %s: %s",
			   combination->strategy->name, combination->label,
			   strerror(error));
	experiment->unwritten = experiment->unwritten || error != 0;
}

char *experiment_trace_name(const struct experiment *experiment,
			    const struct combination *combination)
{
	const char *directory = experiment->settings->compare.trace;

	return directory == NULL ? NULL : memory_format(
		"%s/%s-j%s.json", directory,
		combination->strategy->name, combination->label);
}

static bool take_picture(struct experiment *experiment,
			 struct combination *combination, int stop_fd)
{
	char *trace = experiment_trace_name(experiment, combination);
	bool whole = run_once(experiment, combination, "pictures", trace,
			      stop_fd, &combination->picture.sample);

	free(trace);
	return whole;
}

static bool take_pictures(struct experiment *experiment, int stop_fd)
{
	struct trial *trials[COMBINATIONS_MAX] = { NULL };
	size_t count = 0;
	bool whole = true;

	for (size_t i = 0; i < experiment->count; i++) {
		struct combination *combination = &experiment->combinations[i];

		if (!wants_picture(experiment, combination))
			continue;
		experiment->pictured = true;
		trials[count++] = &combination->picture;
		whole = whole && take_picture(experiment, combination, stop_fd);
	}
	/* This also marks runs that were cut short or never begun as faulty. */
	gate_block(&experiment->gate, trials, count);
	for (size_t i = 0; whole && i < experiment->count; i++)
		check_picture(experiment, &experiment->combinations[i]);
	return whole;
}

void experiment_run(struct experiment *experiment, int stop_fd)
{
	struct random random = random_from(experiment->seed);
	bool whole;

	progress_begin();
	whole = warm_up(experiment, &random, stop_fd);
	while (whole && !is_enough(experiment))
		whole = measure_block(experiment, &random, stop_fd);
	if (whole)
		whole = take_pictures(experiment, stop_fd);
	progress_clear();
	if (!whole)
		experiment->signal = stop_signal;
}
