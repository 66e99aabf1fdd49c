/* A strategy's time line, as SVG; see drawing.h.  Activities differ in colour
 * and in height, for readers who can't tell the colours apart. */
#include "config.h"

#include <inttypes.h>

#include "lab/present/drawing.h"
#include "lab/present/lanes.h"

enum { WIDTH = 480, LEFT = 84, ROW = 15, BOTTOM = 18 };

static const struct kind {
	const char *name;
	int height;
} waiting = { "w", 4 }, receiving = { "r", 8 }, queued = { "k q", 2 },
  computing = { "k", 11 };

static double x_of(const struct lanes *lanes, uint64_t moment_us)
{
	return LEFT + (double)(WIDTH - LEFT - 4) * (double)moment_us /
		      (double)lanes->end_us;
}

static void draw_part(const struct lanes *lanes, int lane,
		      const struct kind *kind, uint64_t from_us,
		      uint64_t to_us, FILE *out)
{
	double from = x_of(lanes, from_us), to = x_of(lanes, to_us);

	if (to_us <= from_us)
		return;
	/* A narrow gap keeps adjacent parts distinguishable. */
	fprintf(out, "<path class=\"%s\" d=\"M%.2f %dh%.2fv%dh-%.2fz\"/>",
		kind->name, from, lane * ROW + (ROW - kind->height) / 2,
		to - from > 0.8 ? to - from - 0.4 : to - from, kind->height,
		to - from > 0.8 ? to - from - 0.4 : to - from);
}

static void draw_spans(const struct lanes *lanes, FILE *out)
{
	for (size_t i = 0; i < lanes->span_count; i++) {
		const struct measure_span *span = &lanes->spans[i];
		int lane = lanes_index(lanes, span);

		if (lane < 0)
			continue;
		draw_part(lanes, lane, &waiting, span->begun_us,
			  span->first_us, out);
		draw_part(lanes, lane, &receiving, span->first_us,
			  span->ended_us, out);
		draw_part(lanes, lane, &queued, span->ended_us,
			  span->compute_us, out);
		draw_part(lanes, lane, &computing, span->compute_us,
			  span->computed_us, out);
		putc('\n', out);
	}
}

static void draw_frame(const struct lanes *lanes, FILE *out)
{
	int bottom = (int)lanes->count * ROW;

	for (size_t i = 0; i < lanes->count; i++)
		fprintf(out, "<text x=\"%d\" y=\"%zu\" class=\"end\">%s"
			"</text>\n", LEFT - 6, i * ROW + 11, lanes->names[i]);
	for (int i = 0; i <= 4; i++) {
		uint64_t moment = lanes->end_us * (uint64_t)i / 4;
		double x = x_of(lanes, moment);

		fprintf(out, "<path class=\"grid\" d=\"M%.1f 0V%d\"/>"
			"<text x=\"%.1f\" y=\"%d\" class=\"%s\">%.*f%s"
			"</text>\n",
			x, bottom, x, bottom + 13,
			i == 0 ? "" : i == 4 ? "end" : "mid",
			lanes->end_us < 100000 ? 3 : 2,
			(double)moment / 1e6, i == 4 ? " s" : "");
	}
}

static void draw_words(const struct lanes *lanes, FILE *out)
{
	const struct combination *combination = lanes->combination;

	fprintf(out, "<h3>%s -j %s</h3><figure><figcaption>%zu "
		"transfers in %.3f s; in total, %.2f s waiting, %.2f s "
		"receiving, %.2f s computing.%s%s</figcaption>",
		combination->strategy->name, combination->label,
		lanes->span_count, (double)lanes->end_us / 1e6,
		(double)lanes->waiting_us / 1e6,
		(double)lanes->receiving_us / 1e6,
		(double)lanes->computing_us / 1e6,
		lanes->cut ? " Only the first transfers are shown." : "",
		lanes->hidden > 0 ? " Further lanes are not shown." : "");
}

void drawing_lanes(const struct summary *summary,
		   const struct strategy *strategy, FILE *out)
{
	struct lanes lanes;

	if (!lanes_make(&lanes, summary->experiment, strategy))
		return;
	draw_words(&lanes, out);
	fprintf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		"aria-labelledby=\"lanes-%s\"><svg viewBox=\"0 0 %d %zu\" "
		"role=\"img\" aria-labelledby=\"lanes-%s\"><title "
		"id=\"lanes-%s\">Time line of %s, %zu lanes</title>\n",
		strategy->name, WIDTH, lanes.count * ROW + BOTTOM,
		strategy->name, strategy->name, strategy->name, lanes.count);
	draw_frame(&lanes, out);
	draw_spans(&lanes, out);
	fputs("</svg></div></figure>\n", out);
}
