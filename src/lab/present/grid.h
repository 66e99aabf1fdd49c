/*
 * A grid of text: built once, then printed as a table for terminals, or as
 * Markdown, CSV or HTML.
 */
#ifndef PFETCH_PRESENT_GRID_H
#define PFETCH_PRESENT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct grid;

/* There are COUNT HEADINGS.  One that begins with '<' heads a column of text,
 * aligned left; any other heads a column of numbers, aligned right.  A '|'
 * separates a short heading from its full form for screen readers. */
struct grid *grid_new(const char *const *headings, size_t count);
void grid_free(struct grid *grid);

/* Adds the next cell, row by row, formatted as by printf(3). */
void grid_add(struct grid *grid, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Highlights the row being added: GRID_BEST more than GRID_GOOD. */
enum grid_style { GRID_PLAIN, GRID_GOOD, GRID_BEST };
void grid_mark(struct grid *grid, enum grid_style style);

/* Drops each column whose cells are all empty or "-". */
void grid_drop_empty(struct grid *grid);

/* If COLOURED, highlighted rows are shown in colour (ECMA-48, 8.3.117). */
void grid_print(const struct grid *grid, bool coloured, FILE *out);
void grid_print_markdown(const struct grid *grid, FILE *out);
void grid_print_csv(const struct grid *grid, FILE *out);
/* NAME is a short title for screen readers; CAPTION explains the figures. */
void grid_print_html(const struct grid *grid, const char *name,
		     const char *caption, FILE *out);

/* Prints TEXT with HTML's special characters escaped and unprintable bytes
 * replaced by U+FFFD. */
void grid_html_text(const char *text, FILE *out);

#endif
