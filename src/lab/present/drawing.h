/*
 * The pictures of the report: SVG and HTML, styled by the page that they are
 * in.  Each has a name and words for those who do not see it.
 */
#ifndef PFETCH_PRESENT_DRAWING_H
#define PFETCH_PRESENT_DRAWING_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/summary.h"

/* Bars, a row for each combination.  VALUE and SECOND (NULL: none; stacked on
 * the first) give a bar's parts; INTERVAL (NULL: none) its whiskers; MARK
 * (NULL: none; NaN: not here) a line across; TEXT what is written behind. */
struct bars {
	const char *title, *words;
	const char *parts[2];    /* their names, for the legend; or NULL */
	bool (*shown)(const struct summary *summary,
		      const struct summary_row *row); /* NULL: all */
	double (*value)(const struct summary_row *row);
	double (*second)(const struct summary_row *row);
	const struct interval *(*interval)(const struct summary_row *row);
	double (*mark)(const struct summary_row *row);
	void (*text)(const struct summary *summary,
		     const struct summary_row *row, char *text, size_t room);
};
void drawing_bars(const struct summary *summary, const struct bars *bars,
		  FILE *out);

/* The speed-up against the number of jobs, with the ideal, or, where that is
 * not known, with the limit that the number of jobs is. */
void drawing_speedup(const struct summary *summary, FILE *out);

/* How the service times of each combination are distributed: a strip each. */
void drawing_distributions(const struct summary *summary, FILE *out);

/* A strategy's time line; nothing when there is none. */
void drawing_lanes(const struct summary *summary,
		   const struct strategy *strategy, FILE *out);

/* The place of STRATEGY in the table, from 0: its colour's number. */
size_t drawing_colour(const struct strategy *strategy);

#endif
