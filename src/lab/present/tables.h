/*
 * The tables of a comparison, a row for each combination.
 */
#ifndef PFETCH_PRESENT_TABLES_H
#define PFETCH_PRESENT_TABLES_H

#include "lab/present/grid.h"
#include "lab/summary.h"

/* One of the tables that people read: what it is called, what its columns
 * mean, and how it is made; the caller frees the grid. */
struct table {
	const char *title;
	const char *note;
	struct grid *(*make)(const struct summary *summary);
};

/* Makes the grid of TABLE without the columns that would be empty. */
struct grid *tables_make(const struct table *table,
			 const struct summary *summary);

extern const struct table tables[]; /* a NULL title ends it */

/* The one table that says most, in 100 columns: what was tried, how long it
 * took and what it cost.  The combination to use is marked with ">", those that
 * are as fast within 5 % with "*". */
struct grid *tables_overview(const struct summary *summary);

/* What could not be shown for want of runs, and how many runs it takes: a
 * line for each, or "".  ALL: in any table, not in the overview alone.  The
 * caller frees it. */
char *tables_needs(const struct summary *summary, bool all);

/* All figures in one, for programs: plain numbers in SI units. */
struct grid *tables_figures(const struct summary *summary);

/* "pool -j 5" */
enum { TABLES_NAME_ROOM = 64 };
void tables_name(const struct combination *combination,
		 char name[TABLES_NAME_ROOM]);

/* Writes SECONDS with as many digits as the shortest time of SUMMARY needs. */
enum { TABLES_TIME_ROOM = 32 };
void tables_time(const struct summary *summary, double seconds,
		 char text[TABLES_TIME_ROOM]);

/* A ratio with as many digits as matter: "43.3", "4.942", "0.998". */
enum { TABLES_RATIO_ROOM = 32 };
void tables_ratio(double ratio, char text[TABLES_RATIO_ROOM]);

/* What the experiment was, in a line or some; the caller frees it. */
char *tables_describe(const struct summary *summary);

/* The quantiles that are reported. */
struct quantile {
	const char *name;
	double share;
};
extern const struct quantile quantiles[]; /* a NULL name ends it */

#endif
