/* The overview, and what would need more runs; see tables.h. */
#include "config.h"

#include <inttypes.h>
#include <math.h>

#include "base/fatal.h"
#include "base/units.h"
#include "lab/present/tables.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static enum grid_style style_of(const struct summary *summary,
				const struct summary_row *row)
{
	if (row == summary->best)
		return GRID_BEST;
	return summary_as_fast(summary, row) ? GRID_GOOD : GRID_PLAIN;
}

/* "0.0553 ± 0.0004": the interval need not be symmetric, so this shows the
 * distance to its farther end. */
static void add_wall(struct grid *grid, const struct summary *summary,
		     const struct summary_row *row)
{
	const struct interval *interval = &row->wall;
	char wall[TABLES_TIME_ROOM], spread[TABLES_TIME_ROOM];

	tables_time(summary, row->wall_s, wall);
	if (!interval->known) {
		grid_add(grid, "%s", wall);
		return;
	}
	tables_time(summary, fmax(row->wall_s - interval->low,
				  interval->high - row->wall_s), spread);
	grid_add(grid, "%s ± %s", wall, spread);
}

static void add_speedup(struct grid *grid, const struct summary *summary,
			const struct summary_row *row)
{
	char ratio[TABLES_RATIO_ROOM];

	tables_ratio(row->speedup, ratio);
	if (row == summary->baseline && row->runs > 0)
		grid_add(grid, "baseline");
	else
		grid_add(grid, "%s", ratio);
}

static void add_cost(struct grid *grid, const struct summary_row *row)
{
	char memory[UNITS_ROOM];

	if (row->runs == 0) {
		for (int i = 0; i < 3; i++)
			grid_add(grid, "-");
		return;
	}
	units_format_bytes(memory, row->memory_sum);
	grid_add(grid, "%.3f", row->user_s + row->system_s);
	grid_add(grid, "%s", memory);
	grid_add(grid, "%.0f", row->connections);
}

/* There is room for one remark only: the most important one. */
static void add_remark(struct grid *grid, const struct summary *summary,
		       const struct summary_row *row)
{
	size_t left_out = summary->experiment->blocks - row->runs;
	bool unclear = row != summary->baseline &&
		       row->speedup_interval.known && !row->faster &&
		       !row->slower;

	if (left_out > 0)
		grid_add(grid, "%zu run%s left out", left_out,
			 left_out > 1 ? "s" : "");
	else if (unclear)
		grid_add(grid, "no clear difference");
	else if (row->outliers > 0)
		grid_add(grid, "%zu outlier%s", row->outliers,
			 row->outliers > 1 ? "s" : "");
	else
		grid_add(grid, "%s", "");
}

struct grid *tables_overview(const struct summary *summary)
{
	static const char *const headings[] = {
		"<", "<strategy", "-j", "wall time s", "speed-up", "CPU s",
		"memory", "connections", "<"
	};
	static const char *const marks[] = { "", "*", ">" };
	struct grid *grid = grid_new(headings, COUNT(headings));

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		enum grid_style style = style_of(summary, row);

		grid_add(grid, "%s", marks[style]);
		grid_mark(grid, style);
		grid_add(grid, "%s", row->combination->strategy->name);
		grid_add(grid, "%s", row->combination->label);
		add_wall(grid, summary, row);
		add_speedup(grid, summary, row);
		add_cost(grid, row);
		add_remark(grid, summary, row);
	}
	grid_drop_empty(grid);
	return grid;
}

/* ---- what needs more runs ---- */

static bool has_intervals(const struct summary *summary)
{
	for (size_t i = 0; i < summary->count; i++) {
		if (summary->rows[i].wall.known)
			return true;
	}
	return false;
}

static bool has_quantile(const struct summary *summary, double share)
{
	for (size_t i = 0; i < summary->count; i++) {
		if (histogram_supports(summary->rows[i].combination->service,
				       share))
			return true;
	}
	return false;
}

/* How many runs it takes to support the quantile for SHARE; NaN if no number
 * does. */
static double runs_for(const struct summary *summary, double share)
{
	const struct summary_row *row = summary->baseline;
	double values = ceil(HISTOGRAM_SUPPORT / (1 - share) - 1e-6);
	double each = row->entries - row->failed;

	return each > 0 ? ceil(values / each) : NAN;
}

static void tell_quantiles(const struct summary *summary, FILE *out)
{
	for (const struct quantile *at = quantiles; at->name; at++) {
		double runs = runs_for(summary, at->share);

		if (!has_quantile(summary, at->share) && runs > 0)
			fprintf(out, "The %s latencies need at least %.0f runs "
				"of this list.\n", at->name, runs);
	}
}

char *tables_needs(const struct summary *summary, bool all)
{
	char *text = NULL;
	size_t length;
	FILE *memory = open_memstream(&text, &length);

	if (memory != NULL && !has_intervals(summary))
		fprintf(memory, "Intervals need at least %d valid runs.\n",
			STATS_INTERVAL_MIN);
	if (memory != NULL && all)
		tell_quantiles(summary, memory);
	if (memory == NULL || fclose(memory) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return text;
}
