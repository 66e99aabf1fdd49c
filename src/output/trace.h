/*
 * A trace of a run, for Perfetto (ui.perfetto.dev) and other viewers of the
 * Chrome trace event format.  It is in the format's array form, one event per
 * line, written as events occur.  The closing bracket is optional, so the
 * whole lines of a truncated trace can still be read.
 *
 * A lane (a "thread" to the viewer) is a worker, or a slot of a loop.  Each job
 * that came back is an event in its lane, with its phases nested inside;
 * counters show how many jobs are in flight and how many are waiting.
 */
#ifndef PFETCH_OUTPUT_TRACE_H
#define PFETCH_OUTPUT_TRACE_H

#include "output/listener.h"
#include "output/outlet.h"
#include "strategy/strategy.h"

/* A listener that writes the trace to OUT.  The caller keeps ownership of all
 * three arguments.  For the core's thread only. */
struct listener trace_new(struct outlet *out, const struct strategy *strategy,
			  const struct settings *settings);

#endif
