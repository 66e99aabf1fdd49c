/*
 * The results of a comparison as files, for other programs.
 */
#ifndef PFETCH_PRESENT_EXPORT_H
#define PFETCH_PRESENT_EXPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "lab/summary.h"

/* Writes SUMMARY to FILE ("-": standard output) by WRITE; nothing when FILE is
 * NULL.  Returns false, after a message on stderr, when that can't be done. */
bool export_write(const char *file,
		  void (*write)(const struct summary *summary, FILE *out),
		  const struct summary *summary);

/* JSON in the shape of hyperfine's --export-json, so that what reads that
 * reads this, with more beside it: each run as it was measured, the intervals,
 * the machine, the versions, the list's SHA-256, the options. */
void export_json(const struct summary *summary, FILE *out);

/* A line for each combination; the first columns are hyperfine's. */
void export_csv(const struct summary *summary, FILE *out);

/* The tables, with the conclusion first. */
void export_markdown(const struct summary *summary, FILE *out);

#endif
