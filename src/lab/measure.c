/* What a run measures about itself; see measure.h. */
#include "config.h"

#include "lab/measure.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/files.h"
#include "base/memory.h"
#include "output/escape.h"

struct recorder {
	const struct strategy *strategy;
	const struct settings *settings;
	struct measure_record record;
	struct histogram *service, *sojourn;
	struct measure_span *spans;
	struct digest *digest;
	bool *seen;              /* for each worker's number */
	size_t seen_count;
	bool ended;
};

/* ---- recording ---- */

static void see_worker(struct recorder *recorder, unsigned worker)
{
	size_t count = recorder->seen_count;

	if (worker >= count) {
		recorder->seen_count = worker + 64;
		recorder->seen = memory_resize(recorder->seen,
					       recorder->seen_count);
		memset(recorder->seen + count, 0,
		       recorder->seen_count - count);
	}
	recorder->record.workers += !recorder->seen[worker];
	recorder->seen[worker] = true;
}

static void add_span(struct recorder *recorder, const struct result *result,
		     const struct timeline *times)
{
	struct measure_record *record = &recorder->record;

	if (record->spans == MEASURE_SPANS_MAX)
		return;
	/* These times are absolute until recorder_summary(). */
	recorder->spans[record->spans++] = (struct measure_span){
		.begun_us = times->begun_us,
		.first_us = times->first_us,
		.ended_us = times->ended_us,
		.compute_us = times->compute_us,
		.computed_us = times->computed_us,
		.worker = result->worker,
		.slot = result->slot,
		.lane = strategy_lane(recorder->strategy, recorder->settings,
				      result),
	};
}

static void recorder_ended(void *context, const struct listener_item *item)
{
	struct recorder *recorder = context;
	struct measure_record *record = &recorder->record;
	const struct result *result = item->result;
	struct timeline times;
	uint64_t end;

	if (result->moments.begun_us == 0)
		return;
	result_timeline(result, &times);
	end = times.computed_us > 0 ? times.computed_us : times.ended_us;
	record->busy_us += end - times.begun_us;
	record->waiting_us += times.first_us - times.begun_us;
	record->receiving_us += times.ended_us - times.first_us;
	record->computing_us += times.computed_us - times.compute_us;
	record->http_10 |= result->http_version == 10;
	record->http_11 |= result->http_version == 11;
	record->http_2 |= result->http_version == 20;
	see_worker(recorder, result->worker);
	add_span(recorder, result, &times);
}

static void note_failure(struct measure_record *record,
			 const struct listener_item *item)
{
	const struct place_in_list *place = &item->place;

	char *url, *detail;

	if (record->failure[0] != '\0')
		return;
	url = escape_string(item->url);
	detail = escape_string(item->result->detail);
	snprintf(record->failure, sizeof(record->failure),
		 "%s (%s %" PRIu64 "): %s: %s", url,
		 place->source != NULL ? "line" : "argument", place->line,
		 cause_table[item->result->cause].name, detail);
	free(url);
	free(detail);
}

/* Digests what is the same in all runs that fetch the same bodies: the entry's
 * number, and the length and the bytes of its body. */
static void add_digest(struct recorder *recorder,
		       const struct listener_item *item)
{
	const struct result *result = item->result;
	uint64_t numbers[] = { item->number, result->bytes };
	uint8_t value[DIGEST_BYTES];

	digest_begin(recorder->digest);
	digest_add(recorder->digest, numbers, sizeof(numbers));
	digest_add(recorder->digest, result->digest, sizeof(result->digest));
	digest_end(recorder->digest, value);
	digest_sum(recorder->record.digest, value);
}

static void recorder_final(void *context, const struct listener_item *item)
{
	struct recorder *recorder = context;
	uint64_t ended_us = item->result->moments.ended_us;

	if (item->result->outcome == OUTCOME_FAILED) {
		note_failure(&recorder->record, item);
		return;
	}
	recorder->record.good++;
	add_digest(recorder, item);
	histogram_add(recorder->service, ended_us - item->begun_us);
	histogram_add(recorder->sojourn, ended_us - item->read_us);
}

/* The peak resident memory of this process since it executed pfetch.
 * getrusage(2), the fallback, also covers the time before. */
static uint64_t peak_memory(void)
{
	struct rusage usage;
	char line[128];
	uint64_t kib = 0;
	FILE *status = fopen("/proc/self/status", "re");

	while (status != NULL && kib == 0 &&
	       fgets(line, sizeof(line), status) != NULL)
		sscanf(line, "VmHWM: %" SCNu64, &kib);
	if (status != NULL)
		fclose(status);
	if (kib == 0 && getrusage(RUSAGE_SELF, &usage) == 0)
		kib = (uint64_t)usage.ru_maxrss;
	return kib * 1024;
}

static void subtract(uint64_t *moment_us, uint64_t first_us)
{
	*moment_us = *moment_us > first_us ? *moment_us - first_us : 0;
}

/* Makes the times of SPAN relative to FIRST_US. */
static void count_from(struct measure_span *span, uint64_t first_us)
{
	subtract(&span->begun_us, first_us);
	subtract(&span->first_us, first_us);
	subtract(&span->ended_us, first_us);
	subtract(&span->compute_us, first_us);
	subtract(&span->computed_us, first_us);
}

static void recorder_summary(void *context, const struct run_totals *totals)
{
	struct recorder *recorder = context;

	/* If workers did not end in time, their figures are missing. */
	if (totals->abandoned)
		return;
	for (uint64_t i = 0; i < recorder->record.spans; i++)
		count_from(&recorder->spans[i], totals->first_us);
	recorder->record.totals = *totals;
	recorder->ended = true;
}

struct recorder *recorder_new(const struct strategy *strategy,
			      const struct settings *settings)
{
	struct recorder *recorder = memory_zeroed(sizeof(*recorder));

	recorder->strategy = strategy;
	recorder->settings = settings;
	recorder->service = histogram_new();
	recorder->sojourn = histogram_new();
	recorder->spans = memory_zeroed(MEASURE_SPANS_MAX *
					sizeof(*recorder->spans));
	recorder->digest = digest_new(DIGEST_SHA256);
	return recorder;
}

static const struct listener_kind recorder_kind = {
	.ended = recorder_ended,
	.final = recorder_final,
	.summary = recorder_summary,
};

struct listener recorder_listener(struct recorder *recorder)
{
	return (struct listener){ &recorder_kind, recorder };
}

/* ---- writing ---- */

/* The non-empty cells of HISTOGRAM; the caller frees them. */
static struct measure_cell *cells_of(const struct histogram *histogram,
				     uint64_t *count)
{
	struct measure_cell *cells =
		memory_alloc(HISTOGRAM_CELLS * sizeof(*cells));

	*count = 0;
	for (size_t i = 0; i < HISTOGRAM_CELLS; i++) {
		if (histogram->cells[i] == 0)
			continue;
		cells[*count].cell = i;
		cells[(*count)++].count = histogram->cells[i];
	}
	return cells;
}

static void write_measure(struct recorder *recorder, int fd)
{
	struct measure_record *record = &recorder->record;
	struct measure_cell *service =
		cells_of(recorder->service, &record->service_cells);
	struct measure_cell *sojourn =
		cells_of(recorder->sojourn, &record->sojourn_cells);

	/* An error means that compare is gone, so there is no one to tell. */
	(void)(files_write_all(fd, record, sizeof(*record)) == 0 &&
	       files_write_all(fd, service, record->service_cells *
					    sizeof(*service)) == 0 &&
	       files_write_all(fd, sojourn, record->sojourn_cells *
					    sizeof(*sojourn)) == 0 &&
	       files_write_all(fd, recorder->spans, record->spans *
				   sizeof(*recorder->spans)) == 0);
	free(service);
	free(sojourn);
}

void recorder_finish(struct recorder *recorder, int fd, int status)
{
	struct measure_record *record = &recorder->record;

	record->size = sizeof(*record);
	record->status = status;
	record->memory = peak_memory();
	if (recorder->ended)
		write_measure(recorder, fd);
	digest_free(recorder->digest);
	free(recorder->service);
	free(recorder->sojourn);
	free(recorder->spans);
	free(recorder->seen);
	free(recorder);
}

/* ---- reading ---- */

/* Copies COUNT items of SIZE bytes from *BYTES, so that they are aligned, and
 * advances *BYTES past them. */
static void *take(const char **bytes, uint64_t count, size_t size)
{
	void *copy = memory_copy(*bytes, (size_t)count * size);

	*bytes += count * size;
	return copy;
}

static bool cells_are_sound(const struct measure_cell *cells, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		if (cells[i].cell >= HISTOGRAM_CELLS)
			return false;
	}
	return true;
}

bool measure_read(struct measure *measure, const char *bytes, size_t length)
{
	struct measure_record *record = &measure->record;

	if (length < sizeof(*record))
		return false;
	memcpy(record, bytes, sizeof(*record));
	if (record->size != sizeof(*record) ||
	    record->service_cells > HISTOGRAM_CELLS ||
	    record->sojourn_cells > HISTOGRAM_CELLS ||
	    record->spans > MEASURE_SPANS_MAX ||
	    length != sizeof(*record) +
		      (record->service_cells + record->sojourn_cells) *
			      sizeof(struct measure_cell) +
		      record->spans * sizeof(struct measure_span))
		return false;
	record->failure[MEASURE_FAILURE_ROOM - 1] = '\0';
	bytes += sizeof(*record);
	measure->service = take(&bytes, record->service_cells,
				sizeof(struct measure_cell));
	measure->sojourn = take(&bytes, record->sojourn_cells,
				sizeof(struct measure_cell));
	measure->spans = take(&bytes, record->spans,
			      sizeof(struct measure_span));
	if (cells_are_sound(measure->service, record->service_cells) &&
	    cells_are_sound(measure->sojourn, record->sojourn_cells))
		return true;
	measure_release(measure);
	return false;
}

void measure_release(struct measure *measure)
{
	free(measure->service);
	free(measure->sojourn);
	free(measure->spans);
	measure->service = measure->sojourn = NULL;
	measure->spans = NULL;
}
