/*
 * The report of a comparison for people who would rather look: one HTML page
 * that needs nothing else, no network and no script, light or dark as the
 * reader's system is.  Each picture's figures are in a table too.
 */
#ifndef PFETCH_PRESENT_PAGE_H
#define PFETCH_PRESENT_PAGE_H

#include <stdio.h>

#include "lab/summary.h"

void page_write(const struct summary *summary, FILE *out);

#endif
