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

#include "output/outlet.h"
#include "output/report.h"
#include "strategy/strategy.h"

struct trace;

/* OUT stays the caller's, as do the others.  The core's thread only. */
struct trace *trace_new(struct outlet *out, const struct strategy *strategy,
			const struct settings *settings);

/* Writes the array's end. */
void trace_free(struct trace *trace);

/* A job has come back: one try of one hop. */
void trace_attempt(struct trace *trace, const struct report_item *item);

/* So many are in flight and so many wait for a worker, from now on. */
void trace_load(struct trace *trace, uint64_t in_flight, uint64_t waiting);

#endif
