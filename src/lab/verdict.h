/* The conclusion of a comparison, in words. */
#ifndef PFETCH_LAB_VERDICT_H
#define PFETCH_LAB_VERDICT_H

#include "lab/summary.h"

/* Finds what to use and fills in `best`, `verdict` and `reason`.
 *
 * Of all that come within 5 % of the fastest median, the one with the fewest
 * jobs; of those, the one with the least CPU time. */
void verdict_say(struct summary *summary);

#endif
