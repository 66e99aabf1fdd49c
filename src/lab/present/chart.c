/*
 * Charts for a terminal; see chart.h.  They are plain ASCII, as they also end
 * up in mails and logs.
 */
#include "config.h"

#include "lab/present/chart.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "lab/present/lanes.h"
#include "lab/present/tables.h"

/* The columns of a line beside its bar or lane, and the limits of its width. */
enum { BAR_REST = 30, LANE_REST = 20, WIDTH_MIN = 10, WIDTH_MAX = 400 };

static size_t width_in(int columns, int rest)
{
	int width = columns - rest;

	if (width < WIDTH_MIN)
		return WIDTH_MIN;
	return width < WIDTH_MAX ? (size_t)width : WIDTH_MAX;
}

/* ---- bars ---- */

/* The longest wall time to be drawn; never 0. */
static double longest(const struct summary *summary)
{
	double most = 0;

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		most = fmax(most, row->wall.known ? row->wall.high
						  : row->wall_s);
	}
	return most > 0 ? most : 1;
}

/* The last column of a bar for VALUE if a bar for SCALE has WIDTH columns. */
static size_t column(double value, double scale, size_t width)
{
	return (size_t)lround(value / scale * (double)(width - 1));
}

/* Draws '#' up to the median, '[' and ']' at the ends of the interval, and '|'
 * at the ideal. */
static void draw_bar(const struct summary_row *row, double scale,
		     size_t width, char bar[WIDTH_MAX + 1])
{
	size_t low = column(row->wall.low, scale, width);
	size_t high = column(row->wall.high, scale, width);

	memset(bar, ' ', width);
	bar[width] = '\0';
	memset(bar, '#', column(row->wall_s, scale, width) + 1);
	if (row->wall.known && high > low) {
		bar[low] = '[';
		bar[high] = ']';
	}
	if (!isnan(row->ideal_s) && row->ideal_s <= scale)
		bar[column(row->ideal_s, scale, width)] = '|';
}

static void print_bars(const struct summary *summary, int columns, FILE *out)
{
	size_t width = width_in(columns, BAR_REST);
	double scale = longest(summary);

	fputs("Wall time (#: median, [ ]: 95 % interval, |: ideal)\n", out);
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		char bar[WIDTH_MAX + 1], text[TABLES_TIME_ROOM];

		tables_time(summary, row->wall_s, text);
		if (row->runs > 0)
			draw_bar(row, scale, width, bar);
		fprintf(out, "%-10s %5s  %s %s%s\n",
			row->combination->strategy->name,
			row->combination->label,
			row->runs > 0 ? bar : "no valid run",
			row->runs > 0 ? text : "", row->runs > 0 ? " s" : "");
	}
	putc('\n', out);
}

/* ---- time lines ---- */

/* The time spent on each activity in each cell of a lane, in microseconds. */
struct cells {
	size_t count;
	uint64_t spent[WIDTH_MAX][3];
};

static const char signs[] = ".=#";

static uint64_t cell_start(const struct cells *cells,
			   const struct lanes *lanes, size_t cell)
{
	return cell * lanes->end_us / cells->count;
}

static void add_span(struct cells *cells, const struct lanes *lanes,
		     uint64_t from_us, uint64_t to_us, int what)
{
	size_t cell = (size_t)(from_us * cells->count / lanes->end_us);

	for (; cell < cells->count && from_us < to_us; cell++) {
		uint64_t end = cell_start(cells, lanes, cell + 1);
		uint64_t to = to_us < end ? to_us : end;

		if (to > from_us)
			cells->spent[cell][what] += to - from_us;
		from_us = to > from_us ? to : from_us;
	}
}

/* The sign of the activity that took most of a cell; ' ' if there was none. */
static char sign_of(const uint64_t spent[3])
{
	size_t most = 0;

	for (size_t i = 1; i < 3; i++) {
		if (spent[i] > spent[most])
			most = i;
	}
	return spent[most] > 0 ? signs[most] : ' ';
}

static void print_lane(const struct lanes *lanes, size_t lane, size_t width,
		       FILE *out)
{
	struct cells cells = { .count = width };

	for (size_t i = 0; i < lanes->span_count; i++) {
		const struct measure_span *span = &lanes->spans[i];

		if (lanes_index(lanes, span) != (int)lane)
			continue;
		add_span(&cells, lanes, span->begun_us, span->first_us, 0);
		add_span(&cells, lanes, span->first_us, span->ended_us, 1);
		add_span(&cells, lanes, span->compute_us, span->computed_us,
			 2);
	}
	fprintf(out, "%16s |", lanes->names[lane]);
	for (size_t cell = 0; cell < width; cell++)
		putc(sign_of(cells.spent[cell]), out);
	fputs("|\n", out);
}

static void print_lanes(const struct summary *summary,
			const struct strategy *strategy, int columns,
			FILE *out)
{
	size_t width = width_in(columns, LANE_REST);
	struct lanes lanes;

	if (!lanes_make(&lanes, summary->experiment, strategy))
		return;
	fprintf(out, "%s -j %s, 0 to %.4f s%s\n", strategy->name,
		lanes.combination->label, (double)lanes.end_us / 1e6,
		lanes.cut ? ", the first transfers only" : "");
	for (size_t i = 0; i < lanes.count; i++)
		print_lane(&lanes, i, width, out);
	putc('\n', out);
}

void chart_print(const struct summary *summary, int columns, FILE *out)
{
	print_bars(summary, columns, out);
	fputs("Time lines (.: waiting, =: receiving, #: computing)\n", out);
	for (const struct strategy *const *at = strategies; *at; at++)
		print_lanes(summary, *at, columns, out);
}
