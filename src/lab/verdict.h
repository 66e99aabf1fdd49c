/* The conclusion of a comparison, in words. */
#ifndef PFETCH_LAB_VERDICT_H
#define PFETCH_LAB_VERDICT_H

#include "lab/summary.h"

/* Decides what to use, and fills in `best`, `verdict` and `reason`.
 *
 * The candidates are the baseline and all combinations that are clearly faster
 * than it, or whose speed-up has no interval yet for lack of runs.  The
 * baseline is chosen if its median is within 5 % of the fastest candidate's.
 * Otherwise, among the candidates within 5 % of the fastest, it is the one with
 * the fewest jobs and, of those, the least CPU time. */
void verdict_say(struct summary *summary);

#endif
