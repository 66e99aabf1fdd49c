/*
 * The tables of a comparison, with a row for each combination.
 */
#ifndef PFETCH_PRESENT_TABLES_H
#define PFETCH_PRESENT_TABLES_H

#include "lab/present/grid.h"
#include "lab/summary.h"

/* One of the tables for people: its title, a note on what its columns mean, and
 * the function that makes it; the caller frees the grid. */
struct table {
	const char *title;
	const char *note;
	struct grid *(*make)(const struct summary *summary);
};

/* Makes the grid of TABLE without empty columns. */
struct grid *tables_make(const struct table *table,
			 const struct summary *summary);

extern const struct table tables[]; /* ends with a NULL title */

/* The main table, in 100 columns: what was tried, how long it took and what it
 * cost.  The combination to use is marked with ">", and those that are as fast
 * within 5 % with "*". */
struct grid *tables_overview(const struct summary *summary);

/* What can't be shown for lack of runs, and how many runs it would take: a line
 * for each item, or "".  If ALL, this covers all tables, not just the overview.
 * The caller frees it. */
char *tables_needs(const struct summary *summary, bool all);

/* All figures in one table, for programs: plain numbers in SI units. */
struct grid *tables_figures(const struct summary *summary);

/* "pool -j 5" */
enum { TABLES_NAME_ROOM = 64 };
void tables_name(const struct combination *combination,
		 char name[TABLES_NAME_ROOM]);

/* Formats SECONDS with as many decimals as SUMMARY's shortest time needs. */
enum { TABLES_TIME_ROOM = 32 };
void tables_time(const struct summary *summary, double seconds,
		 char text[TABLES_TIME_ROOM]);

/* Formats a ratio with a sensible precision: "43.3", "4.942", "0.998". */
enum { TABLES_RATIO_ROOM = 32 };
void tables_ratio(double ratio, char text[TABLES_RATIO_ROOM]);

/* A description of the experiment, in a few lines; the caller frees it. */
char *tables_describe(const struct summary *summary);

/* The quantiles that are reported. */
struct quantile {
	const char *name;
	double share;
};
extern const struct quantile quantiles[]; /* ends with a NULL name */

#endif
