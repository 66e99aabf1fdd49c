/* Charts for a terminal: bars for the wall times, and time lines. */
#ifndef PFETCH_PRESENT_CHART_H
#define PFETCH_PRESENT_CHART_H

#include <stdio.h>

#include "lab/summary.h"

/* COLUMNS is the maximum width of a line. */
void chart_print(const struct summary *summary, int columns, FILE *out);

#endif
