/*
 * The progress of a run, on standard error: a display at the foot of a
 * terminal that is redrawn, or a line now and then.
 */
#ifndef PFETCH_OUTPUT_PROGRESS_H
#define PFETCH_OUTPUT_PROGRESS_H

#include <stdbool.h>

#include "base/settings.h"
#include "output/listener.h"
#include "output/outlet.h"

enum progress_kind { PROGRESS_NONE, PROGRESS_BAR, PROGRESS_PLAIN };

/* What SETTINGS ask for on standard error.  SHARED: bodies go to the same
 * terminal. */
enum progress_kind progress_kind(const struct settings *settings, bool shared);

/* A listener that shows progress of KIND, which is not PROGRESS_NONE, on
 * ERRORS.  The caller keeps ownership of both. */
struct listener progress_new(enum progress_kind kind, struct outlet *errors,
			     const struct settings *settings);

/* Writes to LINE what PROGRESS says in at most COLUMNS columns; of what does
 * not fit, the least important is left out.  RATE is in bytes per second,
 * PER_SECOND in entries.  Pure. */
enum { PROGRESS_LINE_ROOM = 256 };
void progress_line(char line[PROGRESS_LINE_ROOM], int columns,
		   const struct run_progress *progress, double rate,
		   double per_second);

#endif
