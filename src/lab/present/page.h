/*
 * The report of a comparison with charts: a self-contained HTML page without
 * scripts or network access, light or dark according to the reader's system.
 * The figures of every picture are also in a table.
 */
#ifndef PFETCH_PRESENT_PAGE_H
#define PFETCH_PRESENT_PAGE_H

#include <stdio.h>

#include "lab/summary.h"

void page_write(const struct summary *summary, FILE *out);

#endif
