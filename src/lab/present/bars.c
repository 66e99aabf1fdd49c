/* Bar charts in HTML; see drawing.h.  They reflow to fit small screens. */
#include "config.h"

#include <inttypes.h>
#include <math.h>

#include "lab/present/drawing.h"
#include "lab/present/grid.h"

enum { TEXT_ROOM = 96 };

size_t drawing_colour(const struct strategy *strategy)
{
	size_t place = 0;

	while (strategies[place] != strategy)
		place++;
	return place;
}

static double end_of(const struct bars *bars, const struct summary_row *row)
{
	double end = bars->value(row);

	if (bars->second != NULL)
		end += bars->second(row);
	if (bars->interval != NULL && bars->interval(row)->known)
		end = fmax(end, bars->interval(row)->high);
	return end;
}

static double find_scale(const struct summary *summary,
			 const struct bars *bars)
{
	double scale = 0;

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->runs > 0 && (bars->shown == NULL ||
				      bars->shown(summary, row)))
			scale = fmax(scale, end_of(bars, row));
	}
	return scale > 0 ? scale : 1;
}

static void draw_part(const char *kind, double from, double width,
		      double scale, FILE *out)
{
	fprintf(out, "<i class=\"%s\" style=\"left:%.2f%%;width:%.2f%%\"></i>",
		kind, 100 * from / scale, 100 * width / scale);
}

static void draw_row(const struct summary *summary, const struct bars *bars,
		     const struct summary_row *row, double scale, FILE *out)
{
	const struct interval *interval =
		bars->interval != NULL ? bars->interval(row) : NULL;
	double mark = bars->mark != NULL ? bars->mark(row) : NAN;
	double value = bars->value(row);
	char text[TEXT_ROOM];

	bars->text(summary, row, text, sizeof(text));
	fprintf(out, "<li class=\"c%zu\"><span class=\"name\">%s <b>%s"
		"</b></span><span class=\"track\" aria-hidden=\"true\">",
		drawing_colour(row->combination->strategy),
		row->combination->strategy->name, row->combination->label);
	if (row->runs > 0) {
		draw_part("bar", 0, value, scale, out);
		if (bars->second != NULL)
			draw_part("bar two", value, bars->second(row), scale,
				  out);
		if (interval != NULL && interval->known)
			draw_part("ci", interval->low,
				  interval->high - interval->low, scale, out);
		if (!isnan(mark) && mark <= scale)
			draw_part("mark", mark, 0, scale, out);
	}
	fputs("</span><span class=\"value\">", out);
	grid_html_text(row->runs > 0 ? text : "no valid run", out);
	fputs("</span></li>\n", out);
}

static void draw_legend(const struct bars *bars, FILE *out)
{
	fputs("<figcaption>", out);
	grid_html_text(bars->words, out);
	for (int i = 0; i < 2 && bars->parts[i] != NULL; i++) {
		fprintf(out, " <span class=\"key\"><i class=\"bar%s\"></i>",
			i == 1 ? " two" : "");
		grid_html_text(bars->parts[i], out);
		fputs("</span>", out);
	}
	fputs("</figcaption>", out);
}

void drawing_bars(const struct summary *summary, const struct bars *bars,
		  FILE *out)
{
	double scale = find_scale(summary, bars);
	const struct strategy *before = NULL;

	fputs("<section><h2>", out);
	grid_html_text(bars->title, out);
	fputs("</h2>\n<figure>", out);
	draw_legend(bars, out);
	fputs("\n<ul class=\"bars\">\n", out);
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (bars->shown != NULL && !bars->shown(summary, row))
			continue;
		if (before != NULL && bars->shown == NULL &&
		    row->combination->strategy != before)
			fputs("</ul>\n<ul class=\"bars\">\n", out);
		before = row->combination->strategy;
		draw_row(summary, bars, row, scale, out);
	}
	fputs("</ul></figure></section>\n", out);
}
