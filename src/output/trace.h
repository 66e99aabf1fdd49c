/*
 * A trace of a run, for Perfetto (ui.perfetto.dev) and other viewers of the
 * Chrome trace event format, in its array form: one event a line, written as
 * they come; the array may lack its end, so a trace that is cut is still one.
 *
 * A lane (a "thread" to the viewer) is a worker, or a slot of a loop.  Each
 * job that came back is an event in its lane, with its phases nested in it;
 * counters tell how many are in flight and how many wait.
 */
#ifndef PFETCH_OUTPUT_TRACE_H
#define PFETCH_OUTPUT_TRACE_H

#include "output/listener.h"
#include "output/outlet.h"
#include "strategy/strategy.h"

/* A listener that writes the trace to OUT, which stays the caller's, as do the
 * others.  The core's thread only. */
struct listener trace_new(struct outlet *out, const struct strategy *strategy,
			  const struct settings *settings);

#endif
