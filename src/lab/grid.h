/*
 * A grid of text: built once, printed as a table for terminals, as Markdown,
 * CSV or HTML.
 */
#ifndef PFETCH_LAB_GRID_H
#define PFETCH_LAB_GRID_H

#include <stddef.h>
#include <stdio.h>

struct grid;

/* HEADINGS: COUNT of them; one that begins with '<' is a column of text, kept
 * to the left; without that it is one of numbers, kept to the right. */
struct grid *grid_new(const char *const *headings, size_t count);
void grid_free(struct grid *grid);

/* Adds the next cell, row after row: printf into it. */
void grid_add(struct grid *grid, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void grid_print(const struct grid *grid, FILE *out);
void grid_print_markdown(const struct grid *grid, FILE *out);
void grid_print_csv(const struct grid *grid, FILE *out);
/* With CAPTION, for those who do not see the table. */
void grid_print_html(const struct grid *grid, const char *caption, FILE *out);

/* Prints TEXT with what HTML would take for its own replaced, and what is not
 * printable text as U+FFFD. */
void grid_html_text(const char *text, FILE *out);

#endif
