/* The durations of a transfer's phases, as measured by libcurl. */
#ifndef PFETCH_TRANSFER_PHASES_H
#define PFETCH_TRANSFER_PHASES_H

#include <curl/curl.h>

#include "base/result.h"

/* Call when EASY's transfer has ended: fills in RESULT's phases, number of
 * connections and end time.  The start time must already be set. */
void phases_measure(CURL *easy, struct result *result);

#endif
