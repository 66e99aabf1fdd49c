/* Charts for a terminal: bars of the wall times, and time lines. */
#ifndef PFETCH_PRESENT_CHART_H
#define PFETCH_PRESENT_CHART_H

#include <stdio.h>

#include "lab/summary.h"

/* COLUMNS: how wide a line may be. */
void chart_print(const struct summary *summary, int columns, FILE *out);

#endif
