/* When the phases of a transfer were over, as libcurl noted it. */
#ifndef PFETCH_TRANSFER_PHASES_H
#define PFETCH_TRANSFER_PHASES_H

#include <curl/curl.h>

#include "base/result.h"

/* EASY's transfer has ended: fills in the phases of RESULT, its connections
 * and the moment of its end; when it began is known already. */
void phases_measure(CURL *easy, struct result *result);

#endif
