/* What pfetch says; see report.h. */
#include "config.h"

#include "output/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/units.h"
#include "output/escape.h"

struct report {
	const struct settings *settings;
	struct outlet *main, *errors;
};

struct report *report_new(const struct settings *settings,
			  struct outlet *main, struct outlet *errors)
{
	struct report *report = memory_zeroed(sizeof(*report));

	report->settings = settings;
	report->main = main;
	report->errors = errors;
	return report;
}

void report_free(struct report *report)
{
	free(report);
}

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

/* The second line of a result with --verbose. */
static void add_phases(struct evbuffer *out, const struct report_item *item)
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
		result->connections > 0 ? "new" : "kept");
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
	if (item->redirects > 0)
		evbuffer_add_printf(out, "; redirects %" PRIu64,
				    item->redirects);
	if (item->name != NULL) {
		evbuffer_add_printf(out, "; file ");
		add_escaped(out, item->name);
	}
	evbuffer_add(out, "\n", 1);
}

static void add_success(struct evbuffer *out, const struct report_item *item)
{
	evbuffer_add_printf(out, "Read %" PRIu64 " from ",
			    item->result->bytes);
	add_escaped(out, item->url);
	if (item->result->outcome == OUTCOME_UNVERIFIED)
		evbuffer_add_printf(out, " (unverified: its end was not "
					 "announced)");
	evbuffer_add(out, "\n", 1);
}

static void add_failure(struct evbuffer *out, const struct report_item *item)
{
	evbuffer_add_printf(out, "Failed ");
	add_escaped(out, item->url);
	evbuffer_add_printf(out, " (");
	add_place(out, &item->place);
	evbuffer_add_printf(out, "): %s: ",
			    cause_table[item->result->cause].name);
	add_escaped(out, item->result->detail);
	if (item->tries > 1)
		evbuffer_add_printf(out, ", after %" PRIu64 " tries",
				    item->tries);
	evbuffer_add(out, "\n", 1);
}

void report_item(struct report *report, const struct report_item *item)
{
	bool failed = item->result->outcome == OUTCOME_FAILED;
	struct outlet *outlet = failed ? report->errors : report->main;
	struct evbuffer *out = outlet_buffer(outlet);

	if (report->settings->silent ||
	    (report->settings->quiet && !failed))
		return;
	if (failed)
		add_failure(out, item);
	else
		add_success(out, item);
	if (report->settings->verbose && item->tries > 0)
		add_phases(out, item);
	outlet_touch(outlet);
}

static void add_details(struct evbuffer *out,
			const struct report_totals *totals)
{
	double seconds = (double)totals->elapsed_us / 1e6;
	char bytes[UNITS_ROOM], rate[UNITS_ROOM];

	units_format_bytes(bytes, (double)totals->bytes);
	units_format_bytes(rate, seconds > 0
				 ? (double)totals->bytes / seconds : 0);
	evbuffer_add_printf(out, "  %" PRIu64 " bytes (%s), %s/s\n",
			    totals->bytes, bytes, rate);
	evbuffer_add_printf(out, "  %" PRIu64 " connections opened, %" PRIu64
			    " retries\n",
			    totals->connections, totals->retries);
	evbuffer_add_printf(out, "  at most %" PRIu64 " jobs waiting in the "
			    "queue, list held back for %.2f seconds\n",
			    totals->most_waiting,
			    (double)totals->held_us / 1e6);
}

void report_totals(struct report *report, const struct report_totals *totals)
{
	struct evbuffer *out = outlet_buffer(report->main);
	double seconds = (double)totals->elapsed_us / 1e6;

	if (report->settings->silent || report->settings->quiet)
		return;
	if (totals->failed == 0)
		evbuffer_add_printf(out, "Downloaded %" PRIu64 " sites in "
				    "%.2f seconds", totals->entries, seconds);
	else
		evbuffer_add_printf(out, "Downloaded %" PRIu64 " of %" PRIu64
				    " sites in %.2f seconds (%" PRIu64
				    " failed)",
				    totals->entries - totals->failed,
				    totals->entries, seconds, totals->failed);
	if (totals->unverified > 0)
		evbuffer_add_printf(out, " (%" PRIu64 " unverified)",
				    totals->unverified);
	evbuffer_add_printf(out, totals->signal != 0 ? ", interrupted\n"
						     : "\n");
	if (report->settings->verbose)
		add_details(out, totals);
	outlet_touch(report->main);
}

void report_message(struct report *report, const char *format, ...)
{
	struct evbuffer *out = outlet_buffer(report->errors);
	char message[512];
	va_list arguments;

	if (report->settings->silent)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	evbuffer_add_printf(out, "pfetch: ");
	add_escaped(out, message);
	evbuffer_add(out, "\n", 1);
	outlet_touch(report->errors);
}
