/* The conclusion of a comparison, in words. */
#ifndef PFETCH_LAB_VERDICT_H
#define PFETCH_LAB_VERDICT_H

#include "lab/summary.h"

/* Finds what to use and fills in `best`, `verdict` and `reason`.
 *
 * What counts is the baseline and what is clearly faster than it, or as long
 * as there are too few runs to be clear, everything.  Of that, when the
 * baseline's median is within 5 % of the fastest, the baseline; else, of all
 * that are, the one with the fewest jobs; of those, the one with the least CPU
 * time. */
void verdict_say(struct summary *summary);

#endif
