/*
 * Metrics of a run for Prometheus, in its text format, version 0.0.4, as
 * node_exporter's textfile collector reads it.
 */
#ifndef PFETCH_OUTPUT_METRICS_H
#define PFETCH_OUTPUT_METRICS_H

#include "base/settings.h"
#include "output/listener.h"

/* A listener that writes the file which SETTINGS name every ten seconds and at
 * the end; each time, it is replaced as a whole.  If that fails at the end,
 * ON_ERROR is called with the error number.  The caller keeps ownership of the
 * arguments. */
struct listener metrics_new(const struct settings *settings,
			    void (*on_error)(void *context, int error),
			    void *context);

#endif
