/* The report for people; see report.h. */
#include "config.h"

#include "output/report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/units.h"
#include "output/escape.h"

struct report {
	const struct settings *settings;
	struct outlet *main, *errors;
	bool terse;              /* successes are left out */
};

static void add_escaped(struct evbuffer *out, const char *text)
{
	escape_add(out, text, strlen(text));
}

static void add_place(struct evbuffer *out, const struct place_in_list *place)
{
	if (place->source == NULL) {
		evbuffer_add_printf(out, "argument %" PRIu64, place->line);
		return;
	}
	add_escaped(out, place->source);
	evbuffer_add_printf(out, ", line %" PRIu64, place->line);
}

static void add_digest(struct evbuffer *out, const char *name,
		       const struct result *result)
{
	enum digest_kind kind = digest_find(name);
	char hex[DIGEST_HEX_ROOM];

	digest_hex(kind, result->digest, hex);
	evbuffer_add_printf(out, "; %s %s", name, hex);
}

/* Adds the second line of a result under --verbose. */
static void add_phases(const struct report *report, struct evbuffer *out,
		       const struct listener_item *item)
{
	const struct result *result = item->result;
	const struct phases *phases = &result->phases;

	evbuffer_add_printf(
		out, "  dns %.1f, connect %.1f, tls %.1f, wait %.1f, "
		"receive %.1f, total %.1f ms; %s connection; ",
		(double)phases->dns_us / 1e3, (double)phases->connect_us / 1e3,
		(double)phases->tls_us / 1e3, (double)phases->wait_us / 1e3,
		(double)phases->receive_us / 1e3,
		(double)phases->total_us / 1e3,
		result->connections > 0 ? "new" : "reused");
	if (result->http_version == 20)
		evbuffer_add_printf(out, "HTTP/2");
	else if (result->http_version >= 10)
		evbuffer_add_printf(out, "HTTP/1.%d",
				    result->http_version - 10);
	else
		evbuffer_add_printf(out, "no response");
	if (result->http_status != 0)
		evbuffer_add_printf(out, " %d", result->http_status);
	evbuffer_add_printf(out, "; tries %" PRIu64, item->tries);
	if (result->insecure)
		evbuffer_add_printf(out, "; certificate not checked");
	if (item->redirects > 0)
		evbuffer_add_printf(out, "; redirects %" PRIu64,
				    item->redirects);
	if (report->settings->digest != NULL &&
	    result->outcome != OUTCOME_FAILED)
		add_digest(out, report->settings->digest, result);
	if (item->tag != NULL) {
		evbuffer_add_printf(out, "; tag ");
		add_escaped(out, item->tag);
	}
	if (item->name != NULL) {
		evbuffer_add_printf(out, "; file ");
		add_escaped(out, item->name);
	}
	evbuffer_add(out, "\n", 1);
}

static void add_success(struct evbuffer *out, const struct listener_item *item)
{
	if (item->result->outcome == OUTCOME_SKIPPED) {
		evbuffer_add_printf(out, "Skipped ");
		add_escaped(out, item->url);
		evbuffer_add_printf(out, " (%s)\n",
				    item->result->http_status == 304
					    ? "not modified"
					    : item->result->detail);
		return;
	}
	evbuffer_add_printf(out, "Read %" PRIu64 " from ",
			    item->result->bytes);
	add_escaped(out, item->url);
	if (item->result->outcome == OUTCOME_UNVERIFIED)
		evbuffer_add_printf(out, " (unverified: the server did not "
					 "announce its length)");
	evbuffer_add(out, "\n", 1);
}

static void add_failure(struct evbuffer *out, const struct listener_item *item)
{
	evbuffer_add_printf(out, "Failed ");
	add_escaped(out, item->url);
	evbuffer_add_printf(out, *item->url != '\0' ? " (" : "(");
	add_place(out, &item->place);
	evbuffer_add_printf(out, "): %s: ",
			    cause_table[item->result->cause].name);
	add_escaped(out, item->result->detail);
	if (item->tries > 1)
		evbuffer_add_printf(out, ", after %" PRIu64 " tries",
				    item->tries);
	evbuffer_add(out, "\n", 1);
}

static void report_final(void *state, const struct listener_item *item)
{
	struct report *report = state;
	bool failed = item->result->outcome == OUTCOME_FAILED;
	struct outlet *outlet = failed ? report->errors : report->main;
	struct evbuffer *out = outlet_buffer(outlet);

	/* The reader is gone: end quietly, as filters do. */
	if (item->signal == SIGPIPE ||
	    ((report->settings->quiet || report->terse) && !failed))
		return;
	if (failed)
		add_failure(out, item);
	else
		add_success(out, item);
	if (report->settings->verbose && item->tries > 0)
		add_phases(report, out, item);
	outlet_touch(outlet);
}

/* Adds a line for each of the worst hosts, unless there is only one and nothing
 * is wrong with it. */
static void add_hosts(struct evbuffer *out, const struct run_totals *totals)
{
	const struct listener_host *first = totals->worst;

	if (totals->worst_count == 0 ||
	    (totals->worst_count == 1 && first->failed + first->refused == 0))
		return;
	for (size_t i = 0; i < totals->worst_count; i++) {
		const struct listener_host *host = &totals->worst[i];

		evbuffer_add_printf(out, "  host ");
		add_escaped(out, host->name);
		evbuffer_add_printf(
			out, ": %" PRIu64 " %s, %" PRIu64 " failed, %" PRIu64
			" refused, %.2f seconds each, cooled down for %.2f "
			"seconds\n", host->tries,
			host->tries == 1 ? "try" : "tries", host->failed,
			host->refused,
			(double)host->time_us / 1e6 / (double)host->tries,
			(double)host->cooled_us / 1e6);
	}
}

static void add_details(struct evbuffer *out,
			const struct run_totals *totals)
{
	double seconds = (double)totals->elapsed_us / 1e6;
	char bytes[UNITS_ROOM], rate[UNITS_ROOM];

	units_format_bytes(bytes, (double)totals->bytes);
	units_format_bytes(rate, seconds > 0
				 ? (double)totals->bytes / seconds : 0);
	evbuffer_add_printf(out, "  %" PRIu64 " bytes (%s), %s/s\n",
			    totals->bytes, bytes, rate);
	evbuffer_add_printf(out, "  %" PRIu64 " %s opened, %" PRIu64 " %s\n",
			    totals->connections,
			    totals->connections == 1 ? "connection"
						     : "connections",
			    totals->retries,
			    totals->retries == 1 ? "retry" : "retries");
	evbuffer_add_printf(out, "  longest queue: %" PRIu64 " %s; list held "
			    "back for %.2f seconds\n", totals->most_waiting,
			    totals->most_waiting == 1 ? "job" : "jobs",
			    (double)totals->held_us / 1e6);
	if (totals->settled_jobs > 0)
		evbuffer_add_printf(out, "  jobs: settled on %" PRIu64 "\n",
				    totals->settled_jobs);
	add_hosts(out, totals);
}

/* The wording is always the same, so that it can be searched for. */
static void add_count(struct evbuffer *out, const struct run_totals *totals)
{
	double seconds = (double)totals->elapsed_us / 1e6;
	uint64_t rest = totals->failed + totals->skipped;
	const char *before = " (";
	const struct { uint64_t count; const char *what; } asides[] = {
		{ totals->failed, "failed" },
		{ totals->skipped, "skipped" },
		{ totals->unverified, "unverified" },
		{ totals->repeats, totals->repeats == 1 ? "repeat skipped"
						: "repeats skipped" },
	};

	if (rest == 0)
		evbuffer_add_printf(out, "Downloaded %" PRIu64 " sites in "
				    "%.2f seconds", totals->entries, seconds);
	else
		evbuffer_add_printf(out, "Downloaded %" PRIu64 " of %" PRIu64
				    " sites in %.2f seconds",
				    totals->entries - rest, totals->entries,
				    seconds);
	for (size_t i = 0; i < sizeof(asides) / sizeof(*asides); i++) {
		if (asides[i].count == 0)
			continue;
		evbuffer_add_printf(out, "%s%" PRIu64 " %s", before,
				    asides[i].count, asides[i].what);
		before = ", ";
	}
	if (*before == ',')
		evbuffer_add(out, ")", 1);
}

static void report_summary(void *state, const struct run_totals *totals)
{
	struct report *report = state;
	struct evbuffer *out = outlet_buffer(report->main);

	/* The reader is gone: end quietly, as filters do. */
	if (report->settings->quiet || totals->signal == SIGPIPE)
		return;
	add_count(out, totals);
	evbuffer_add_printf(out, totals->signal != 0 ? ", interrupted\n"
						     : "\n");
	if (totals->kept > 0)
		evbuffer_add_printf(out, "Kept %" PRIu64 " incomplete %s: run "
				    "again with %s to resume\n",
				    totals->kept,
				    totals->kept == 1 ? "file" : "files",
				    report->settings->journal.file != NULL
					    ? "--resume" : "--continue");
	if (report->settings->verbose)
		add_details(out, totals);
	outlet_touch(report->main);
}

/* Answers the question what is in flight. */
static void report_asked(void *state, const struct run_progress *progress)
{
	struct report *report = state;
	struct evbuffer *out = outlet_buffer(report->errors);

	evbuffer_add_printf(out, "pfetch: %" PRIu64 " of %" PRIu64 "%s done, %"
			    PRIu64 " failed, %" PRIu64 " retrying, %" PRIu64
			    " parked, %" PRIu64 " in flight\n",
			    progress->ended, progress->total,
			    progress->total_known ? "" : "+",
			    progress->totals->failed, progress->retrying,
			    progress->parked, progress->in_flight);
	if (progress->pause != NULL)
		evbuffer_add_printf(out, "  %s\n", progress->pause);
	for (size_t i = 0; i < progress->flight_count; i++) {
		const struct listener_flight *flight = &progress->flights[i];

		evbuffer_add_printf(out, "  %.1f s, %s, %" PRIu64 " bytes, ",
				    (double)flight->age_us / 1e6,
				    flight->phase, flight->bytes);
		add_escaped(out, flight->url);
		evbuffer_add(out, "\n", 1);
	}
	outlet_touch(report->errors);
}

static void report_message(void *state, const char *text)
{
	struct report *report = state;
	struct evbuffer *out = outlet_buffer(report->errors);

	evbuffer_add_printf(out, "pfetch: ");
	add_escaped(out, text);
	evbuffer_add(out, "\n", 1);
	outlet_touch(report->errors);
}

static bool report_full(void *state)
{
	const struct report *report = state;

	return outlet_pending(report->main) >= OUTLET_FULL ||
	       outlet_pending(report->errors) >= OUTLET_FULL;
}

static bool report_pending(void *state)
{
	const struct report *report = state;

	return outlet_pending(report->main) > 0 ||
	       outlet_pending(report->errors) > 0;
}

static void report_flush(void *state)
{
	struct report *report = state;

	outlet_flush(report->main);
	outlet_flush(report->errors);
}

static const struct listener_kind report_kind = {
	.final = report_final,
	.summary = report_summary,
	.asked = report_asked,
	.message = report_message,
	.full = report_full,
	.pending = report_pending,
	.flush = report_flush,
	.free = free,
};

struct listener report_new(const struct settings *settings,
			   struct outlet *main, struct outlet *errors,
			   bool terse)
{
	struct report *report = memory_zeroed(sizeof(*report));

	report->settings = settings;
	report->main = main;
	report->errors = errors;
	report->terse = terse;
	return (struct listener){ &report_kind, report };
}
