/* Records; see records.h. */
#include "config.h"

#include "output/records.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/histogram.h"
#include "base/memory.h"
#include "output/escape.h"
#include "output/json.h"
#include "output/variables.h"

struct records {
	struct outlet *out;
	const struct settings *settings;
	struct histogram *times;     /* time_total of all that succeeded */
};

/* Whether json_string() keeps all of TEXT: control characters are escaped, but
 * what isn't valid, printable UTF-8 is replaced. */
static bool is_kept(const char *text)
{
	const char *end = text + strlen(text);

	while (text < end) {
		size_t length = 0;

		if ((unsigned char)*text >= 0x80)
			length = escape_printable(text, (size_t)(end - text));
		if (length == 0 && (unsigned char)*text >= 0x80)
			return false;
		text += length > 0 ? length : 1;
	}
	return true;
}

static void add_base64(struct json *json, const char *key, const char *text)
{
	size_t length = strlen(text);
	char *coded = memory_alloc((length + 2) / 3 * 4 + 1);

	EVP_EncodeBlock((unsigned char *)coded, (const unsigned char *)text,
			(int)length);
	json_key_string(json, key, coded);
	free(coded);
}

static void add_value(struct json *json, const struct variable *variable,
		      const struct variable_value *value)
{
	json_key_quoted(json, variable->key, variable->key_length);
	switch (value->kind) {
	case VARIABLE_UNKNOWN:
		json_string(json, NULL);
		break;
	case VARIABLE_TEXT:
		json_string(json, value->text);
		break;
	case VARIABLE_COUNT:
		json_uint(json, value->number);
		break;
	case VARIABLE_SECONDS:
		json_seconds(json, value->number);
		break;
	case VARIABLE_BOOL:
		json_bool(json, value->number != 0);
		break;
	}
}

static void add_digests(struct json *json, const struct listener_item *item,
			const struct settings *settings)
{
	const struct result *result = item->result;
	char hex[DIGEST_HEX_ROOM];

	json_key(json, "digests");
	json_open(json, '{');
	if (settings->digest != NULL &&
	    (result->outcome == OUTCOME_OK ||
	     result->outcome == OUTCOME_UNVERIFIED)) {
		digest_hex(digest_find(settings->digest), result->digest, hex);
		json_key_string(json, settings->digest, hex);
	}
	json_close(json, '}');
}

void records_add(struct evbuffer *buffer, const struct listener_item *item,
		 const struct settings *settings)
{
	struct variable_source source = { .item = item,
					  .settings = settings };
	struct json json = json_to(buffer);

	json_open(&json, '{');
	json_key_string(&json, "record", "entry");
	for (const struct variable *at = variables; at->name != NULL; at++) {
		struct variable_value value;

		if (!at->recorded)
			continue;
		value = at->get(&source);
		add_value(&json, at, &value);
	}
	if (!is_kept(item->url))
		add_base64(&json, "url_b64", item->url);
	add_digests(&json, item, settings);
	json_close(&json, '}');
	free(source.path);
}

static void records_final(void *state, const struct listener_item *item)
{
	struct records *records = state;
	const struct result *result = item->result;

	if (result->outcome != OUTCOME_FAILED && result->phases.total_us > 0)
		histogram_add(records->times, result->phases.total_us);
	records_add(outlet_buffer(records->out), item, records->settings);
	evbuffer_add(outlet_buffer(records->out), "\n", 1);
	outlet_touch(records->out);
}

static void add_failures(struct json *json, const struct run_totals *totals)
{
	json_key(json, "failed_by_class");
	json_open(json, '{');
	for (int cause = 0; cause < CAUSE_COUNT; cause++) {
		if (totals->causes[cause] > 0)
			json_key_uint(json, cause_table[cause].name,
				      totals->causes[cause]);
	}
	json_close(json, '}');
}

/* Only quantiles that are supported by enough values mean anything. */
static void add_quantiles(struct json *json, const struct histogram *times)
{
	static const struct { const char *name; double share; } quantiles[] = {
		{ "p50", 0.5 }, { "p90", 0.9 }, { "p95", 0.95 },
		{ "p99", 0.99 }, { "p99.9", 0.999 },
	};

	json_key(json, "time_total");
	json_open(json, '{');
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(*quantiles); i++) {
		json_key(json, quantiles[i].name);
		if (histogram_supports(times, quantiles[i].share))
			json_seconds(json, histogram_quantile(
				times, quantiles[i].share));
		else
			json_string(json, NULL);
	}
	json_key(json, "max");
	if (times->count > 0)
		json_seconds(json, times->largest_us);
	else
		json_string(json, NULL);
	json_close(json, '}');
}

static void add_counts(struct json *json, const struct run_totals *totals)
{
	uint64_t rest = totals->failed + totals->skipped + totals->unverified;

	json_key_uint(json, "entries", totals->entries);
	json_key_uint(json, "ok", totals->entries - rest);
	json_key_uint(json, "unverified", totals->unverified);
	json_key_uint(json, "skipped", totals->skipped);
	json_key_uint(json, "failed", totals->failed);
	add_failures(json, totals);
	json_key_uint(json, "repeats", totals->repeats);
	json_key_uint(json, "attempts", totals->submitted);
	json_key_uint(json, "retries", totals->retries);
	json_key_uint(json, "hops", totals->redirects);
	json_key_uint(json, "num_connects", totals->connections);
	json_key_uint(json, "size_download", totals->bytes);
}

static void records_summary(void *state, const struct run_totals *totals)
{
	struct records *records = state;
	struct evbuffer *buffer = outlet_buffer(records->out);
	const struct settings *settings = records->settings;
	struct json json = json_to(buffer);

	json_open(&json, '{');
	json_key_string(&json, "record", "summary");
	json_key_string(&json, "strategy", settings->strategy);
	json_key_uint(&json, "jobs", settings->jobs);
	add_counts(&json, totals);
	json_key_seconds(&json, "time_wall", totals->elapsed_us);
	add_quantiles(&json, records->times);
	json_key_uint(&json, "queue_max", totals->most_waiting);
	json_key_seconds(&json, "time_held_back", totals->held_us);
	json_key(&json, "signal");
	if (totals->signal != 0)
		json_uint(&json, (uint64_t)totals->signal);
	else
		json_string(&json, NULL);
	json_close(&json, '}');
	evbuffer_add(buffer, "\n", 1);
	outlet_touch(records->out);
}

static bool records_full(void *state)
{
	return outlet_pending(((struct records *)state)->out) >= OUTLET_FULL;
}

static bool records_pending(void *state)
{
	return outlet_pending(((struct records *)state)->out) > 0;
}

static void records_flush(void *state)
{
	outlet_flush(((struct records *)state)->out);
}

static void records_free(void *state)
{
	struct records *records = state;

	free(records->times);
	free(records);
}

static const struct listener_kind records_kind = {
	.final = records_final,
	.summary = records_summary,
	.full = records_full,
	.pending = records_pending,
	.flush = records_flush,
	.free = records_free,
};

struct listener records_new(struct outlet *out,
			    const struct settings *settings)
{
	struct records *records = memory_zeroed(sizeof(*records));

	records->out = out;
	records->settings = settings;
	records->times = histogram_new();
	return (struct listener){ &records_kind, records };
}
