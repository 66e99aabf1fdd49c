/*
 * Exports the results of a comparison to files, for other programs.
 */
#ifndef PFETCH_PRESENT_EXPORT_H
#define PFETCH_PRESENT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/summary.h"

/* Writes SUMMARY to FILE ("-": standard output) with WRITE; does nothing if
 * FILE is NULL.  Returns false, after a message on stderr, if that fails. */
bool export_write(const char *file,
		  void (*write)(const struct summary *summary, FILE *out),
		  const struct summary *summary);

/* JSON in the format of hyperfine's --export-json, so that its readers can read
 * this too, with additional fields: the measurements of each run, the
 * intervals, the machine, the versions, the list's SHA-256, the options. */
void export_json(const struct summary *summary, FILE *out);

/* One line per combination; the first columns are hyperfine's. */
void export_csv(const struct summary *summary, FILE *out);

/* The conclusion, then the tables. */
void export_markdown(const struct summary *summary, FILE *out);

#endif
