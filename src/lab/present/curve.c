/* The speed-up curve, as SVG; see drawing.h.  Both axes are logarithmic, so
 * that linear speed-up is a straight line. */
#include "config.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "lab/present/drawing.h"

enum {
	WIDTH = 480, HEIGHT = 300,
	LEFT = 40, RIGHT = 84, TOP = 14, BOTTOM = 38,
	LABEL_GAP = 13, STRATEGIES_MAX = 16,
};

struct curve {
	const struct summary *summary;
	double least_jobs, most_jobs, least, most; /* of the axes */
	bool ideal;  /* known for all rows; drawn as the broken line */
};

/* ---- axes ---- */

static double place(double value, double least, double most)
{
	return most > least ? log(value / least) / log(most / least) : 0.5;
}

static double x_of(const struct curve *curve, double jobs)
{
	return LEFT + (WIDTH - LEFT - RIGHT) *
		      place(jobs, curve->least_jobs, curve->most_jobs);
}

static double y_of(const struct curve *curve, double speedup)
{
	return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) *
				 place(speedup, curve->least, curve->most);
}

/* A row whose number of jobs was found out by the run has no place on the
 * axis. */
static bool is_drawn(const struct summary_row *row)
{
	return row->combination->jobs != SETTINGS_AUTO && row->runs > 0 &&
	       !isnan(row->speedup) && row->speedup > 0;
}

static bool is_ideal_known(const struct summary *summary)
{
	bool known = !isnan(summary->baseline->ideal_s);

	for (size_t i = 0; i < summary->count; i++)
		known = known && (!is_drawn(&summary->rows[i]) ||
				  !isnan(summary->rows[i].ideal_s));
	return known;
}

/* The maximum number of entries that ROW can have in flight. */
static double most_at_once(const struct curve *curve,
			   const struct summary_row *row)
{
	return fmin((double)row->combination->jobs,
		    (double)curve->summary->experiment->workload->entries);
}

/* The best speed-up possible with ROW's number of jobs: that of the ideals, if
 * known; otherwise the ratio of the possible numbers of entries in flight. */
static double limit_of(const struct curve *curve,
		       const struct summary_row *row)
{
	const struct summary_row *base = curve->summary->baseline;

	if (curve->ideal)
		return base->ideal_s / row->ideal_s;
	return most_at_once(curve, row) / most_at_once(curve, base);
}

static void find_axes(struct curve *curve)
{
	curve->least_jobs = INFINITY;
	curve->least = 1;
	curve->most = 1;
	for (size_t i = 0; i < curve->summary->count; i++) {
		const struct summary_row *row = &curve->summary->rows[i];
		double jobs = (double)row->combination->jobs;

		if (!is_drawn(row))
			continue;
		curve->least_jobs = fmin(curve->least_jobs, jobs);
		curve->most_jobs = fmax(curve->most_jobs, jobs);
		curve->least = fmin(curve->least, row->speedup);
		curve->most = fmax(curve->most, row->speedup);
		curve->most = fmax(curve->most, limit_of(curve, row));
	}
	curve->least *= 0.95;
	curve->most *= 1.05;
}

/* ---- drawing ---- */

static void draw_speedup_ticks(const struct curve *curve, FILE *out)
{
	static const double ticks[] = {
		0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000
	};

	for (size_t i = 0; i < sizeof(ticks) / sizeof(*ticks); i++) {
		double y = y_of(curve, ticks[i]);

		if (ticks[i] < curve->least || ticks[i] > curve->most)
			continue;
		fprintf(out, "<path class=\"grid\" d=\"M%d %.1fH%d\"/>"
			"<text x=\"%d\" y=\"%.1f\" class=\"end\">%g</text>\n",
			LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 3.5, ticks[i]);
	}
}

static bool is_new_tick(const struct summary *summary, size_t row)
{
	for (size_t i = 0; i < row; i++) {
		if (summary->rows[i].combination->jobs ==
		    summary->rows[row].combination->jobs)
			return false;
	}
	return true;
}

static void draw_jobs_ticks(const struct curve *curve, FILE *out)
{
	for (size_t i = 0; i < curve->summary->count; i++) {
		uint64_t jobs = curve->summary->rows[i].combination->jobs;

		if (is_new_tick(curve->summary, i) &&
		    is_drawn(&curve->summary->rows[i]))
			fprintf(out, "<text x=\"%.1f\" y=\"%d\" "
				"class=\"mid\">%" PRIu64 "</text>\n",
				x_of(curve, (double)jobs),
				HEIGHT - BOTTOM + 15, jobs);
	}
	fprintf(out, "<text x=\"%d\" y=\"%d\" class=\"mid\">jobs in flight (-j)"
		"</text>\n", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6);
}

/* The row of STRATEGY with the fewest jobs above AFTER, or NULL. */
static const struct summary_row *
next_row(const struct summary *summary, const struct strategy *strategy,
	 uint64_t after)
{
	const struct summary_row *next = NULL;

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		uint64_t jobs = row->combination->jobs;

		if ((strategy == NULL ||
		     row->combination->strategy == strategy) &&
		    jobs > after && is_drawn(row) &&
		    (next == NULL || jobs < next->combination->jobs))
			next = row;
	}
	return next;
}

static void draw_limit(const struct curve *curve, FILE *out)
{
	const struct summary_row *row = next_row(curve->summary, NULL, 0);
	char move = 'M';

	fputs("<path class=\"ideal\" d=\"", out);
	for (; row != NULL; row = next_row(curve->summary, NULL,
					   row->combination->jobs)) {
		fprintf(out, "%c%.1f %.1f", move,
			x_of(curve, (double)row->combination->jobs),
			y_of(curve, limit_of(curve, row)));
		move = 'L';
	}
	fputs("\"/>\n", out);
}

static void draw_points(const struct curve *curve,
			const struct strategy *strategy, FILE *out)
{
	const struct summary_row *row = next_row(curve->summary, strategy, 0);

	for (; row != NULL; row = next_row(curve->summary, strategy,
					   row->combination->jobs)) {
		const struct interval *interval = &row->speedup_interval;
		double x = x_of(curve, (double)row->combination->jobs);

		if (interval->known && row != curve->summary->baseline)
			fprintf(out, "<path d=\"M%.1f %.1fV%.1f\"/>", x,
				y_of(curve, fmax(interval->low, curve->least)),
				y_of(curve, fmin(interval->high,
						 curve->most)));
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", x,
			y_of(curve, row->speedup));
	}
}

static void draw_line(const struct curve *curve,
		      const struct strategy *strategy, FILE *out)
{
	const struct summary_row *row = next_row(curve->summary, strategy, 0);
	char move = 'M';

	if (row == NULL)
		return;
	fprintf(out, "<g class=\"line c%zu\"><path d=\"",
		drawing_colour(strategy));
	for (; row != NULL; row = next_row(curve->summary, strategy,
					   row->combination->jobs)) {
		fprintf(out, "%c%.1f %.1f", move,
			x_of(curve, (double)row->combination->jobs),
			y_of(curve, row->speedup));
		move = 'L';
	}
	fputs("\"/>", out);
	draw_points(curve, strategy, out);
	fputs("</g>\n", out);
}

/* ---- labels at the ends of the lines, spread apart ---- */

struct label {
	const struct strategy *strategy; /* NULL: the limit */
	double x, y, at;                 /* the line's end; the label's y */
};

static const struct summary_row *last_row(const struct summary *summary,
					  const struct strategy *strategy)
{
	const struct summary_row *row = next_row(summary, strategy, 0);
	const struct summary_row *last = NULL;

	while (row != NULL) {
		last = row;
		row = next_row(summary, strategy, row->combination->jobs);
	}
	return last;
}

static void insert_label(struct label *labels, size_t count,
			 struct label label)
{
	for (; count > 0 && labels[count - 1].y > label.y; count--)
		labels[count] = labels[count - 1];
	labels[count] = label;
}

static size_t collect_labels(const struct curve *curve,
			     struct label labels[STRATEGIES_MAX + 1])
{
	const struct summary_row *last = last_row(curve->summary, NULL);
	size_t count = 0;

	if (last != NULL)
		insert_label(labels, count++, (struct label){
			.x = x_of(curve, (double)last->combination->jobs),
			.y = y_of(curve, limit_of(curve, last)),
		});
	for (const struct strategy *const *at = strategies;
	     *at && count < STRATEGIES_MAX; at++) {
		last = last_row(curve->summary, *at);
		if (last != NULL)
			insert_label(labels, count++, (struct label){
				.strategy = *at,
				.x = x_of(curve,
					  (double)last->combination->jobs),
				.y = y_of(curve, last->speedup),
			});
	}
	return count;
}

static void spread_labels(struct label *labels, size_t count)
{
	double low = TOP;

	for (size_t i = 0; i < count; i++) {
		labels[i].at = fmax(labels[i].y, low);
		low = labels[i].at + LABEL_GAP;
	}
	/* Labels below the bottom edge are moved up and push others up. */
	low = HEIGHT - BOTTOM;
	for (size_t i = count; i-- > 0;) {
		labels[i].at = fmin(labels[i].at, low);
		low = labels[i].at - LABEL_GAP;
	}
}

static void draw_labels(const struct curve *curve, FILE *out)
{
	struct label labels[STRATEGIES_MAX + 1];
	size_t count = collect_labels(curve, labels);

	spread_labels(labels, count);
	for (size_t i = 0; i < count; i++) {
		const struct label *label = &labels[i];
		int x = WIDTH - RIGHT + 12;

		fprintf(out, "<path class=\"lead\" d=\"M%.1f %.1fL%d %.1f\"/>",
			label->x + 4, label->y, x - 3, label->at);
		if (label->strategy == NULL)
			fprintf(out, "<text x=\"%d\" y=\"%.1f\">%s</text>\n", x,
				label->at + 3.5,
				curve->ideal ? "ideal" : "limit");
		else
			fprintf(out, "<text x=\"%d\" y=\"%.1f\" "
				"class=\"label c%zu\">%s</text>\n", x,
				label->at + 3.5,
				drawing_colour(label->strategy),
				label->strategy->name);
	}
}

void drawing_speedup(const struct summary *summary, FILE *out)
{
	struct curve curve = {
		.summary = summary,
		.ideal = is_ideal_known(summary),
	};

	find_axes(&curve);
	fprintf(out, "<section><h2>Speed-up</h2>\n<figure><figcaption>"
		"Speed-up over %s: the median of the paired ratios with its "
		"95 %% interval, against the number of jobs in flight; both "
		"scales are logarithmic. The broken line is %s.</figcaption>\n"
		"<svg class=\"fit\" viewBox=\"0 0 %d %d\" "
		"role=\"img\" aria-labelledby=\"curve\"><title id=\"curve\">"
		"Speed-up by jobs in flight, a line for each strategy; the "
		"figures are in the table of times</title>\n",
		summary->baseline->combination->strategy->name,
		curve.ideal ? "the ideal" : "the limit, as many times as "
		"there are jobs or entries", WIDTH, HEIGHT);
	if (curve.most_jobs > 0) {
		draw_speedup_ticks(&curve, out);
		draw_jobs_ticks(&curve, out);
		draw_limit(&curve, out);
		for (const struct strategy *const *at = strategies; *at; at++)
			draw_line(&curve, *at, out);
		draw_labels(&curve, out);
	}
	fputs("</svg></figure></section>\n", out);
}
