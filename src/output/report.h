/*
 * The report for people: a line for each result, and a summary.
 *
 * The lines look like those of well-known web-scraping examples, so that they
 * are easy to compare:
 *     Read 1256 from https://host/path
 *     Downloaded 50 sites in 2.31 seconds
 * All text from outside is escaped when it is written.
 */
#ifndef PFETCH_OUTPUT_REPORT_H
#define PFETCH_OUTPUT_REPORT_H

#include <stdbool.h>

#include "base/settings.h"
#include "output/listener.h"
#include "output/outlet.h"

/* A listener that writes successes and the summary to MAIN, and failures and
 * messages to ERRORS, which may be the same outlet.  TERSE: successes are
 * written elsewhere, in another form.  The caller keeps ownership of the
 * arguments. */
struct listener report_new(const struct settings *settings,
			   struct outlet *main, struct outlet *errors,
			   bool terse);

#endif
