/*
 * The distribution of service times, as SVG; see drawing.h.
 *
 * There is a strip for each combination along one logarithmic time axis: the
 * higher a cell, the more transfers took that long.  Lines mark the median and
 * the 99th percentile.
 */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "lab/present/drawing.h"
#include "lab/present/tables.h"

enum {
	WIDTH = 480, LEFT = 84, RIGHT = 8, ROW = 15, HIGHEST = 12, BOTTOM = 20,
	CELLS = 97, TICKS_MAX = 12,
};

/* The axis, from LEAST to MOST microseconds. */
struct axis {
	double least, most;
};

/* The share of a combination's transfers that falls into each cell. */
struct strip {
	double shares[CELLS], highest;
};

static void find_axis(const struct summary *summary, struct axis *axis)
{
	*axis = (struct axis){ INFINITY, 0 };
	for (size_t i = 0; i < summary->count; i++) {
		const struct histogram *service =
			summary->rows[i].combination->service;

		if (service->count == 0)
			continue;
		axis->least = fmin(axis->least,
				   (double)histogram_quantile(service, 1e-9));
		axis->most = fmax(axis->most, (double)service->largest_us);
	}
	axis->least = fmax(axis->least, 1) * 0.95;
	axis->most = fmax(axis->most, axis->least) * 1.05;
}

/* The position of VALUE_US on the axis, from 0 to 1. */
static double place(const struct axis *axis, double value_us)
{
	return log(fmax(value_us, axis->least) / axis->least) /
	       log(axis->most / axis->least);
}

static double x_of(const struct axis *axis, double value_us)
{
	return LEFT + (WIDTH - LEFT - RIGHT) * place(axis, value_us);
}

static void fill_strip(const struct axis *axis,
		       const struct histogram *service, struct strip *strip)
{
	memset(strip, 0, sizeof(*strip));
	for (size_t i = 0; i < HISTOGRAM_CELLS; i++) {
		size_t cell;

		if (service->cells[i] == 0)
			continue;
		cell = (size_t)(place(axis, (double)histogram_value(i)) *
				(CELLS - 1));
		strip->shares[cell] += (double)service->cells[i] /
				       (double)service->count;
		strip->highest = fmax(strip->highest, strip->shares[cell]);
	}
}

static void draw_tick(const struct axis *axis,
		      const struct histogram *service, double share, int top,
		      FILE *out)
{
	double x = x_of(axis, (double)histogram_quantile(service, share));

	if (histogram_supports(service, share))
		fprintf(out, "<path class=\"tick\" d=\"M%.1f %dv%d\"/>", x,
			top, ROW - 2);
}

static void draw_strip(const struct axis *axis,
		       const struct combination *combination, size_t row,
		       FILE *out)
{
	const double width = (double)(WIDTH - LEFT - RIGHT) / CELLS;
	int top = (int)row * ROW;
	struct strip strip;

	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"end\">%s %s"
		"</text><g class=\"c%zu\">", LEFT - 6, top + 11,
		combination->strategy->name, combination->label,
		drawing_colour(combination->strategy));
	fill_strip(axis, combination->service, &strip);
	for (size_t i = 0; i < CELLS; i++) {
		double height = HIGHEST * strip.shares[i] / strip.highest;

		/* Even the rarest durations must remain visible. */
		if (strip.shares[i] > 0)
			fprintf(out, "<path class=\"strip\" d=\"M%.2f %dv-%.2f"
				"h%.2fv%.2fz\"/>", LEFT + (double)i * width,
				top + ROW - 2, fmax(height, 1), width,
				fmax(height, 1));
	}
	fputs("</g>", out);
	draw_tick(axis, combination->service, 0.5, top, out);
	draw_tick(axis, combination->service, 0.99, top, out);
	putc('\n', out);
}

/* Draws ticks at 1, 2 and 5 times the powers of ten that are on the axis, or at
 * the powers alone if that would be too many. */
static void draw_axis(const struct axis *axis, size_t rows, FILE *out)
{
	static const double steps[] = { 1, 2, 5 };
	bool wide = log10(axis->most / axis->least) * 3 > TICKS_MAX;
	int bottom = (int)rows * ROW;

	for (int power = 0; power < 12; power++) {
		for (size_t i = 0; i < (wide ? 1 : 3); i++) {
			double value = steps[i] * pow(10, power);
			double x = x_of(axis, value);

			if (value < axis->least || value > axis->most)
				continue;
			fprintf(out, "<path class=\"grid\" d=\"M%.1f 0V%d\"/>"
				"<text x=\"%.1f\" y=\"%d\" class=\"%s\">%g"
				"</text>\n", x, bottom, x, bottom + 13,
				x > WIDTH - 2 * RIGHT ? "end" : "mid",
				value / 1e3);
		}
	}
}

static size_t count_rows(const struct summary *summary)
{
	size_t rows = 0;

	for (size_t i = 0; i < summary->count; i++)
		rows += summary->rows[i].combination->service->count > 0;
	return rows;
}

void drawing_distributions(const struct summary *summary, FILE *out)
{
	size_t rows = count_rows(summary), row = 0;
	struct axis axis;

	if (rows == 0)
		return;
	find_axis(summary, &axis);
	fprintf(out, "<section><h2>Service times</h2>\n<figure><figcaption>How "
		"the times from dispatch to the last byte are distributed, "
		"in milliseconds on a logarithmic scale: the higher, the more "
		"transfers took that long. Lines mark the median and the 99th "
		"percentile.</figcaption>\n<div class=\"scroll\" "
		"tabindex=\"0\" role=\"region\" aria-labelledby=\"service\">"
		"<svg viewBox=\"0 0 %d %zu\" role=\"img\" "
		"aria-labelledby=\"service\"><title id=\"service\">"
		"Distribution of service times, a strip for each combination; "
		"the percentiles are in the table of latencies</title>\n",
		WIDTH, rows * ROW + BOTTOM);
	draw_axis(&axis, rows, out);
	for (size_t i = 0; i < summary->count; i++) {
		const struct combination *combination =
			summary->rows[i].combination;

		if (combination->service->count > 0)
			draw_strip(&axis, combination, row++, out);
	}
	fputs("</svg></div></figure></section>\n", out);
}
