/* A trace of a run; see trace.h. */
#include "config.h"

#include "output/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "output/escape.h"
#include "output/json.h"

enum { PROCESS = 1, NAME_ROOM = 64 };

struct trace {
	struct outlet *out;
	struct json json;
	const struct strategy *strategy;
	const struct settings *settings;
	uint64_t origin_us;      /* where the trace's clock starts */
	struct listener_load load; /* as last written */
	bool *named;             /* whether each lane has been named */
	size_t named_count;
};

/* Opens an event with the fields that all events have. */
static void open_event(struct trace *trace, const char *name,
		       const char *phase, unsigned lane)
{
	struct json *json = &trace->json;

	evbuffer_add(json->out, json->more[0] ? ",\n" : "\n",
		     json->more[0] ? 2 : 1);
	json->more[0] = true;
	json->keyed = true; /* the comma is already there */
	json_open(json, '{');
	json_key_string(json, "name", name);
	json_key_string(json, "ph", phase);
	json_key_uint(json, "pid", PROCESS);
	json_key_uint(json, "tid", lane + 1);
}

static void close_event(struct trace *trace)
{
	json_close(&trace->json, '}');
}

/* Names a lane, or the whole process if WHAT is "process_name". */
static void add_name(struct trace *trace, const char *what, unsigned lane,
		     const char *name)
{
	struct json *json = &trace->json;

	open_event(trace, what, "M", lane);
	json_key(json, "args");
	json_open(json, '{');
	json_key_string(json, "name", name);
	json_close(json, '}');
	close_event(trace);
}

static void add_order(struct trace *trace, unsigned lane)
{
	struct json *json = &trace->json;

	open_event(trace, "thread_sort_index", "M", lane);
	json_key(json, "args");
	json_open(json, '{');
	json_key_uint(json, "sort_index", lane + 1);
	json_close(json, '}');
	close_event(trace);
}

static void name_lane(struct trace *trace, unsigned lane,
		      const struct result *result)
{
	char name[STRATEGY_LANE_ROOM];

	if (lane >= trace->named_count) {
		size_t count = lane + 64;

		trace->named = memory_resize(trace->named,
					     count * sizeof(*trace->named));
		memset(trace->named + trace->named_count, 0,
		       (count - trace->named_count) * sizeof(*trace->named));
		trace->named_count = count;
	}
	if (trace->named[lane])
		return;
	trace->named[lane] = true;
	strategy_lane_name(trace->strategy, result->worker, result->slot,
			   name);
	add_name(trace, "thread_name", lane, name);
	add_order(trace, lane);
}

static void open_span(struct trace *trace, const char *name, unsigned lane,
		      uint64_t from_us, uint64_t to_us)
{
	struct json *json = &trace->json;

	open_event(trace, name, "X", lane);
	json_key_string(json, "cat", "fetch");
	json_key_uint(json, "ts", from_us > trace->origin_us
				  ? from_us - trace->origin_us : 0);
	json_key_uint(json, "dur", to_us > from_us ? to_us - from_us : 0);
}

static void add_span(struct trace *trace, const char *name, unsigned lane,
		     uint64_t from_us, uint64_t to_us)
{
	if (to_us <= from_us)
		return;
	open_span(trace, name, lane, from_us, to_us);
	close_event(trace);
}

static void add_arguments(struct trace *trace, const struct listener_item *item)
{
	struct json *json = &trace->json;
	const struct result *result = item->result;
	char *url = escape_mask_login(item->requested, ESCAPE_PARSED);

	json_key(json, "args");
	json_open(json, '{');
	json_key_uint(json, "entry", item->number);
	json_key_string(json, "url", url);
	json_key_uint(json, "try", item->tries);
	json_key_uint(json, "redirects", item->redirects);
	json_key_uint(json, "status", (uint64_t)result->http_status);
	json_key_uint(json, "bytes", result->bytes);
	json_key_string(json, "outcome", result->outcome == OUTCOME_FAILED
			? cause_table[result->cause].name
			: outcome_name(result->outcome));
	json_key_bool(json, "new_connection", result->connections > 0);
	json_close(json, '}');
	free(url);
}

static void add_phases(struct trace *trace, unsigned lane,
		       const struct result *result)
{
	struct timeline times;

	result_timeline(result, &times);
	add_span(trace, "dns", lane, times.begun_us, times.named_us);
	add_span(trace, "connect", lane, times.named_us, times.connected_us);
	add_span(trace, "tls", lane, times.connected_us, times.secured_us);
	add_span(trace, "wait", lane, times.sent_us, times.first_us);
	add_span(trace, "receive", lane, times.first_us, times.ended_us);
	add_span(trace, "compute", lane, times.compute_us,
		 times.computed_us);
}

static void add_attempt(struct trace *trace, const struct listener_item *item)
{
	const struct result *result = item->result;
	const struct moments *moments = &result->moments;
	unsigned lane = strategy_lane(trace->strategy, trace->settings,
				      result);
	uint64_t end_us = moments->computed_us > 0 ? moments->computed_us
						   : moments->ended_us;

	if (moments->begun_us == 0) /* it never ran */
		return;
	name_lane(trace, lane, result);
	open_span(trace, item->url, lane, moments->begun_us, end_us);
	add_arguments(trace, item);
	close_event(trace);
	add_phases(trace, lane, result);
	outlet_touch(trace->out);
}

static void add_counter(struct trace *trace, const char *name, uint64_t now_us,
			uint64_t value)
{
	struct json *json = &trace->json;

	open_event(trace, name, "C", 0);
	json_key_uint(json, "ts", now_us - trace->origin_us);
	json_key(json, "args");
	json_open(json, '{');
	json_key_uint(json, "jobs", value);
	json_close(json, '}');
	close_event(trace);
}

static void add_load(struct trace *trace, const struct listener_load *load)
{
	uint64_t now_us = clock_now_us();

	if (load->in_flight != trace->load.in_flight)
		add_counter(trace, "in flight", now_us, load->in_flight);
	if (load->waiting != trace->load.waiting)
		add_counter(trace, "queue", now_us, load->waiting);
	trace->load = *load;
}

static void trace_load(void *state, const struct listener_item *item)
{
	struct trace *trace = state;

	add_load(trace, &item->load);
	outlet_touch(trace->out);
}

static void trace_ended(void *state, const struct listener_item *item)
{
	add_attempt(state, item);
	trace_load(state, item);
}

/* Closes the array. */
static void trace_summary(void *state, const struct run_totals *totals)
{
	struct trace *trace = state;

	(void)totals;
	add_load(trace, &(struct listener_load){ 0 });
	evbuffer_add(trace->json.out, "\n]\n", 3);
	outlet_flush(trace->out);
}

static bool trace_full(void *state)
{
	return outlet_pending(((struct trace *)state)->out) >= OUTLET_FULL;
}

static bool trace_pending(void *state)
{
	return outlet_pending(((struct trace *)state)->out) > 0;
}

static void trace_free(void *state)
{
	struct trace *trace = state;

	free(trace->named);
	free(trace);
}

static const struct listener_kind trace_kind = {
	.entry = trace_load,
	.begun = trace_load,
	.ended = trace_ended,
	.summary = trace_summary,
	.full = trace_full,
	.pending = trace_pending,
	.free = trace_free,
};

struct listener trace_new(struct outlet *out, const struct strategy *strategy,
			  const struct settings *settings)
{
	struct trace *trace = memory_zeroed(sizeof(*trace));
	char name[NAME_ROOM];

	trace->out = out;
	trace->json = json_to(outlet_buffer(out));
	trace->strategy = strategy;
	trace->settings = settings;
	trace->origin_us = clock_now_us();
	evbuffer_add(trace->json.out, "[", 1);
	snprintf(name, sizeof(name), "pfetch -s %s -j %llu", strategy->name,
		 (unsigned long long)settings->jobs);
	add_name(trace, "process_name", 0, name);
	outlet_touch(out);
	return (struct listener){ &trace_kind, trace };
}
