/* Metrics of a run; see metrics.h. */
#include "config.h"

#include "output/metrics.h"

#include <event2/buffer.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"

enum { INTERVAL_US = 10 * 1000 * 1000 };

/* Upper bounds of the buckets of durations, in microseconds. */
static const uint64_t bounds[] = {
	5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000,
	5000000, 10000000, 30000000, 60000000, 300000000,
};
enum { BOUNDS = sizeof(bounds) / sizeof(*bounds) };

struct metrics {
	const struct settings *settings;
	uint64_t verdicts[OUTCOME_FAILED + 1];
	uint64_t causes[CAUSE_COUNT];
	uint64_t buckets[BOUNDS + 1];
	uint64_t timed, sum_us;
	uint64_t bytes, retries;
	uint64_t written_us;     /* when the file was last written, or 0 */
	void (*on_error)(void *context, int error);
	void *context;
};

static void metrics_final(void *state, const struct listener_item *item)
{
	struct metrics *metrics = state;
	const struct result *result = item->result;
	uint64_t total_us = result->phases.total_us;
	size_t bucket = 0;

	metrics->verdicts[result->outcome]++;
	if (result->outcome == OUTCOME_FAILED)
		metrics->causes[result->cause]++;
	else
		metrics->bytes += result->bytes;
	metrics->retries += item->tries > 1 ? item->tries - 1 : 0;
	if (total_us == 0)
		return;
	while (bucket < BOUNDS && total_us > bounds[bucket])
		bucket++;
	metrics->buckets[bucket]++;
	metrics->timed++;
	metrics->sum_us += total_us;
}

static void add_head(struct evbuffer *out, const char *name, const char *type,
		     const char *help)
{
	evbuffer_add_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help,
			    name, type);
}

static void add_verdicts(struct evbuffer *out, const struct metrics *metrics)
{
	static const enum outcome outcomes[] = {
		OUTCOME_OK, OUTCOME_UNVERIFIED, OUTCOME_SKIPPED,
		OUTCOME_FAILED,
	};

	add_head(out, "pfetch_entries_total", "counter",
		 "Entries of the list with a final result, by verdict.");
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++)
		evbuffer_add_printf(
			out, "pfetch_entries_total{strategy=\"%s\","
			"verdict=\"%s\"} %" PRIu64 "\n",
			metrics->settings->strategy,
			outcome_name(outcomes[i]),
			metrics->verdicts[outcomes[i]]);
	add_head(out, "pfetch_failures_total", "counter",
		 "Entries that failed, by class.");
	for (int cause = CAUSE_NONE + 1; cause < CAUSE_COUNT; cause++)
		evbuffer_add_printf(
			out, "pfetch_failures_total{strategy=\"%s\","
			"class=\"%s\"} %" PRIu64 "\n",
			metrics->settings->strategy, cause_table[cause].name,
			metrics->causes[cause]);
}

static void add_durations(struct evbuffer *out, const struct metrics *metrics)
{
	static const char name[] = "pfetch_request_duration_seconds";
	const char *strategy = metrics->settings->strategy;
	uint64_t sum = 0;

	add_head(out, name, "histogram", "Duration of the last request of "
		 "each entry.");
	for (size_t i = 0; i < BOUNDS; i++) {
		sum += metrics->buckets[i];
		evbuffer_add_printf(out, "%s_bucket{strategy=\"%s\","
				    "le=\"%g\"} %" PRIu64 "\n", name, strategy,
				    (double)bounds[i] / 1e6, sum);
	}
	evbuffer_add_printf(out, "%s_bucket{strategy=\"%s\",le=\"+Inf\"} %"
			    PRIu64 "\n", name, strategy, metrics->timed);
	evbuffer_add_printf(out, "%s_sum{strategy=\"%s\"} %.6f\n", name,
			    strategy, (double)metrics->sum_us / 1e6);
	evbuffer_add_printf(out, "%s_count{strategy=\"%s\"} %" PRIu64 "\n",
			    name, strategy, metrics->timed);
}

static void add_single(struct evbuffer *out, const struct metrics *metrics,
		       const char *name, const char *type, const char *help,
		       double value)
{
	add_head(out, name, type, help);
	evbuffer_add_printf(out, "%s{strategy=\"%s\"} %.15g\n", name,
			    metrics->settings->strategy, value);
}

/* Returns 0 or an error number. */
static int write_file(struct metrics *metrics, uint64_t in_flight)
{
	struct evbuffer *out = evbuffer_new();
	size_t length;
	int error;

	if (out == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	add_verdicts(out, metrics);
	add_single(out, metrics, "pfetch_received_bytes_total", "counter",
		   "Bytes of the bodies of entries with a final result.",
		   (double)metrics->bytes);
	add_single(out, metrics, "pfetch_retries_total", "counter",
		   "Tries after the first one.", (double)metrics->retries);
	add_single(out, metrics, "pfetch_in_flight", "gauge",
		   "Transfers in flight.", (double)in_flight);
	add_single(out, metrics, "pfetch_last_write_time_seconds", "gauge",
		   "When this file was written, since the epoch.",
		   (double)(clock_read_us(CLOCK_REALTIME) / 1000000));
	add_durations(out, metrics);
	length = evbuffer_get_length(out);
	error = files_replace(metrics->settings->out.metrics,
			      (const char *)evbuffer_pullup(out, -1), length,
			      0644);
	evbuffer_free(out);
	metrics->written_us = clock_now_us();
	return error;
}

static void metrics_tick(void *state, const struct run_progress *progress)
{
	struct metrics *metrics = state;

	if (clock_now_us() >= metrics->written_us + INTERVAL_US)
		write_file(metrics, progress->in_flight);
}

static void metrics_summary(void *state, const struct run_totals *totals)
{
	struct metrics *metrics = state;
	int error = write_file(metrics, 0);

	(void)totals;
	if (error != 0)
		metrics->on_error(metrics->context, error);
}

static const struct listener_kind metrics_kind = {
	.final = metrics_final,
	.tick = metrics_tick,
	.summary = metrics_summary,
	.free = free,
};

struct listener metrics_new(const struct settings *settings,
			    void (*on_error)(void *context, int error),
			    void *context)
{
	struct metrics *metrics = memory_zeroed(sizeof(*metrics));

	metrics->settings = settings;
	metrics->on_error = on_error;
	metrics->context = context;
	metrics->written_us = clock_now_us();
	return (struct listener){ &metrics_kind, metrics };
}
