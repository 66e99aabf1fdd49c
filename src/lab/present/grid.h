/*
 * A grid of text: built once, printed as a table for terminals, as Markdown,
 * CSV or HTML.
 */
#ifndef PFETCH_PRESENT_GRID_H
#define PFETCH_PRESENT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct grid;

/* HEADINGS: COUNT of them; one that begins with '<' is a column of text, kept
 * to the left; without that it is one of numbers, kept to the right.  What
 * follows a '|' is the heading in full, for those who hear the table. */
struct grid *grid_new(const char *const *headings, size_t count);
void grid_free(struct grid *grid);

/* Adds the next cell, row after row: printf into it. */
void grid_add(struct grid *grid, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The row that is being added stands out: GRID_BEST more than GRID_GOOD. */
enum grid_style { GRID_PLAIN, GRID_GOOD, GRID_BEST };
void grid_mark(struct grid *grid, enum grid_style style);

/* Leaves out each column that has nothing but "-" or nothing at all in it. */
void grid_drop_empty(struct grid *grid);

/* Whether a column of the heading HEADING is there and was not dropped. */
bool grid_has(const struct grid *grid, const char *heading);

/* COLOURED: rows that stand out do so by colour too (ECMA-48, 8.3.117). */
void grid_print(const struct grid *grid, bool coloured, FILE *out);
void grid_print_markdown(const struct grid *grid, FILE *out);
void grid_print_csv(const struct grid *grid, FILE *out);
/* NAME says in a word what it is, CAPTION what its figures mean. */
void grid_print_html(const struct grid *grid, const char *name,
		     const char *caption, FILE *out);

/* Prints TEXT with what HTML would take for its own replaced, and what is not
 * printable text as U+FFFD. */
void grid_html_text(const char *text, FILE *out);

#endif
