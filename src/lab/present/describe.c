/* The description of an experiment and the table of all its figures; see
 * tables.h. */
#include "config.h"

#include <inttypes.h>
#include <math.h>

#include "base/fatal.h"
#include "lab/present/tables.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool has_loops(const struct experiment *experiment)
{
	for (size_t i = 0; i < experiment->count; i++) {
		if (experiment->combinations[i].strategy->slots)
			return true;
	}
	return false;
}

static void describe_work(const struct experiment *experiment, FILE *out)
{
	const struct settings *settings = experiment->settings;

	if (settings->cpu_work_us == 0)
		return;
	fprintf(out, "Synthetic work: %g ms of CPU time for each body%s",
		(double)settings->cpu_work_us / 1e3,
		settings->gil ? ", one body at a time in each process" : "");
	if (settings->offload > 0 && has_loops(experiment))
		fprintf(out, ", in %" PRIu64 " thread%s beside each event "
			"loop", settings->offload,
			settings->offload == 1 ? "" : "s");
	fputs(".\n", out);
}

static void describe_keeping(const struct compare_settings *compare, FILE *out)
{
	if (compare->keep != NULL)
		fputs("Each run saves its bodies, which takes time.\n", out);
}

static void describe_end(const struct summary *summary, FILE *out)
{
	const struct experiment *experiment = summary->experiment;
	const struct compare_settings *compare = &experiment->settings->compare;

	if (compare->until_ci > 0)
		fprintf(out, "Intervals within %g %% of the median: %s.\n",
			(double)compare->until_ci / 1e3,
			experiment->narrow ? "reached" : "not reached");
	if (experiment->signal != 0)
		fputs(experiment->pictured
		      ? "Interrupted before all time lines were recorded.\n"
		      : "Interrupted: only complete blocks count.\n", out);
	if (experiment->left_out > 0)
		fprintf(out, "%zu run%s did not do the same work as the others "
			"and %s left out.\n", experiment->left_out,
			experiment->left_out > 1 ? "s" : "",
			experiment->left_out > 1 ? "were" : "was");
}

static void describe_failures(const struct summary *summary, FILE *out)
{
	const struct summary_row *row = summary->baseline;

	if (row->failed > 0)
		fprintf(out, "%.0f of %.0f entries failed in every run. "
			"The first: %s\n", row->failed, row->entries,
			row->failure != NULL ? row->failure : "?");
	for (size_t i = 0; i < summary->count; i++) {
		row = &summary->rows[i];
		if (row->short_of)
			fprintf(out, "%s -j %s ran out of "
				"descriptors, threads or processes and "
				"continued with fewer.\n",
				row->combination->strategy->name,
				row->combination->label);
		if (row->deaths > 0)
			fprintf(out, "%" PRIu64 " worker processes died under "
				"%s -j %s.\n", row->deaths,
				row->combination->strategy->name,
				row->combination->label);
	}
}

static void describe(const struct summary *summary, FILE *out)
{
	const struct experiment *experiment = summary->experiment;

	fprintf(out, "%" PRIu64 " URL%s, %zu combination%s, %zu block%s of "
		"runs after a warm-up (--seed=%" PRIu64 ").\nEach run is a "
		"separate process; the order of each block is random.\n",
		experiment->workload->entries,
		experiment->workload->entries == 1 ? "" : "s",
		experiment->count,
		experiment->count == 1 ? "" : "s", experiment->blocks,
		experiment->blocks == 1 ? "" : "s", experiment->seed);
	describe_work(experiment, out);
	describe_keeping(&experiment->settings->compare, out);
	describe_end(summary, out);
	describe_failures(summary, out);
}

char *tables_describe(const struct summary *summary)
{
	char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);

	if (memory != NULL)
		describe(summary, memory);
	if (memory == NULL || fclose(memory) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return text;
}

static void add_number(struct grid *grid, double value)
{
	if (isfinite(value))
		grid_add(grid, "%.9g", value);
	else
		grid_add(grid, "%s", "");
}

static void add_bounds(struct grid *grid, const struct interval *interval)
{
	add_number(grid, interval->known ? interval->low : NAN);
	add_number(grid, interval->known ? interval->high : NAN);
}

static void add_quantiles(struct grid *grid, const struct histogram *histogram)
{
	for (const struct quantile *at = quantiles; at->name; at++)
		add_number(grid, histogram_supports(histogram, at->share)
				 ? (double)histogram_quantile(histogram,
							      at->share) / 1e6
				 : NAN);
	add_number(grid, histogram->count > 0
			 ? (double)histogram->largest_us / 1e6 : NAN);
}

static void add_rest(struct grid *grid, const struct summary_row *row)
{
	const double rest[] = {
		row->ideal_s, row->reached, row->urls_per_s,
		row->bytes_per_s, row->memory_largest, row->memory_sum,
		row->switches, row->faults, row->workers, row->connections,
		row->lookups, row->retries, row->redirects, row->failed,
		row->unverified, row->in_flight, row->held_s,
		row->queue_most, row->cpu_share, row->client_limited,
		row->machine_limited,
	};

	for (size_t i = 0; i < COUNT(rest); i++)
		add_number(grid, rest[i]);
}

static void add_figures(struct grid *grid, const struct summary_row *row)
{
	char name[TABLES_NAME_ROOM];

	tables_name(row->combination, name);
	grid_add(grid, "pfetch -s %s", name);
	add_number(grid, row->mean_s);
	add_number(grid, row->deviation_s);
	add_number(grid, row->wall_s);
	add_number(grid, row->user_mean_s);
	add_number(grid, row->system_mean_s);
	add_number(grid, row->least_s);
	add_number(grid, row->most_s);
	grid_add(grid, "%s", row->combination->strategy->name);
	grid_add(grid, "%s", row->combination->label);
	grid_add(grid, "%zu", row->runs);
	grid_add(grid, "%zu", row->outliers);
	add_bounds(grid, &row->wall);
	add_number(grid, row->startup_s);
	add_number(grid, row->speedup);
	add_bounds(grid, &row->speedup_interval);
	add_rest(grid, row);
	add_quantiles(grid, row->combination->service);
	add_quantiles(grid, row->combination->sojourn);
}

struct grid *tables_figures(const struct summary *summary)
{
	/* The first eight are hyperfine's columns. */
	static const char *const headings[] = {
		"<command", "mean", "stddev", "median", "user", "system",
		"min", "max", "<strategy", "jobs", "runs", "outliers",
		"wall_low_s", "wall_high_s", "startup_s", "speedup",
		"speedup_low", "speedup_high", "ideal_s", "ideal_reached",
		"urls_per_s", "bytes_per_s", "memory_largest_bytes",
		"memory_sum_bytes", "context_switches", "page_faults",
		"workers", "connections", "lookups", "retries", "redirects",
		"failed", "unverified", "in_flight", "held_s", "queue_most",
		"cpu_share", "client_limited", "machine_limited",
		"service_p50_s", "service_p90_s", "service_p99_s",
		"service_p999_s", "service_max_s", "sojourn_p50_s",
		"sojourn_p90_s", "sojourn_p99_s", "sojourn_p999_s",
		"sojourn_max_s",
	};
	struct grid *grid = grid_new(headings, COUNT(headings));

	for (size_t i = 0; i < summary->count; i++)
		add_figures(grid, &summary->rows[i]);
	return grid;
}
