/*
 * What pfetch says: a line for each result and a summary.
 *
 * The lines follow the scraping examples that people compare with:
 *     Read 1256 from https://host/path
 *     Downloaded 50 sites in 2.31 seconds
 * Everything that comes from outside is escaped on its way out.
 */
#ifndef PFETCH_OUTPUT_REPORT_H
#define PFETCH_OUTPUT_REPORT_H

#include "base/settings.h"
#include "output/listener.h"
#include "output/outlet.h"

/* A listener that prints: MAIN takes what went well and the summary, ERRORS
 * the rest and messages; both stay the caller's and may be the same, as do the
 * SETTINGS. */
struct listener report_new(const struct settings *settings,
			   struct outlet *main, struct outlet *errors);

#endif
