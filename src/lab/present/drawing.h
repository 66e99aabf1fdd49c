/*
 * The pictures of the report: SVG and HTML, styled by the page around them.
 * Each has a title and a text alternative for readers who can't see it.
 */
#ifndef PFETCH_PRESENT_DRAWING_H
#define PFETCH_PRESENT_DRAWING_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/summary.h"

/* A bar chart with a row for each combination.  VALUE and SECOND (NULL: none)
 * give the parts of a bar, stacked; INTERVAL (NULL: none) gives its whiskers,
 * MARK (NULL: none; NaN: not in this row) a line across it, and TEXT the label
 * after it. */
struct bars {
	const char *title, *words;
	const char *parts[2];    /* their names in the legend, or NULL */
	bool (*shown)(const struct summary *summary,
		      const struct summary_row *row); /* NULL: all rows */
	double (*value)(const struct summary_row *row);
	double (*second)(const struct summary_row *row);
	const struct interval *(*interval)(const struct summary_row *row);
	double (*mark)(const struct summary_row *row);
	void (*text)(const struct summary *summary,
		     const struct summary_row *row, char *text, size_t room);
};
void drawing_bars(const struct summary *summary, const struct bars *bars,
		  FILE *out);

/* The speed-up against the number of jobs, with the ideal or, if that is
 * unknown, with the limit set by the number of jobs. */
void drawing_speedup(const struct summary *summary, FILE *out);

/* The distribution of the service times: a strip for each combination. */
void drawing_distributions(const struct summary *summary, FILE *out);

/* A strategy's time line, if there is one. */
void drawing_lanes(const struct summary *summary,
		   const struct strategy *strategy, FILE *out);

/* The number of STRATEGY's colour: its place in the table, from 0. */
size_t drawing_colour(const struct strategy *strategy);

#endif
