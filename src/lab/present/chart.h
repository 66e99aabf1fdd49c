/* Charts for a terminal: bars of the wall times, and time lines. */
#ifndef PFETCH_PRESENT_CHART_H
#define PFETCH_PRESENT_CHART_H

#include <stdio.h>

#include "lab/summary.h"

void chart_print(const struct summary *summary, FILE *out);

#endif
