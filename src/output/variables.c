/* What is known of an entry; see variables.h. */
#include "config.h"

#include "output/variables.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "output/escape.h"

#define GETTER(name) \
	static struct variable_value name(struct variable_source *source)

static struct variable_value text_of(const char *text)
{
	return (struct variable_value){
		text != NULL ? VARIABLE_TEXT : VARIABLE_UNKNOWN, text, 0,
	};
}

/* An empty text that stands for one that is not known. */
static struct variable_value text_if_any(const char *text)
{
	return text_of(*text != '\0' ? text : NULL);
}

static struct variable_value count_of(uint64_t number)
{
	return (struct variable_value){ VARIABLE_COUNT, NULL, number };
}

static struct variable_value seconds_of(uint64_t microseconds)
{
	return (struct variable_value){ VARIABLE_SECONDS, NULL, microseconds };
}

static struct variable_value unknown(void)
{
	return (struct variable_value){ VARIABLE_UNKNOWN, NULL, 0 };
}

static bool has_begun(const struct variable_source *source)
{
	return source->item->result->moments.begun_us != 0;
}

/* The exchange has facts only if a worker took the job. */
static struct variable_value count_if_begun(
	const struct variable_source *source, uint64_t number)
{
	return has_begun(source) ? count_of(number) : unknown();
}

static const struct phases *phases_of(const struct variable_source *source)
{
	return &source->item->result->phases;
}

static struct variable_value seconds_if_begun(
	const struct variable_source *source, uint64_t microseconds)
{
	return has_begun(source) ? seconds_of(microseconds) : unknown();
}

/* ---- the entry ---- */

GETTER(get_n)
{
	return count_of(source->item->number);
}

GETTER(get_urlnum)
{
	return count_of(source->item->number - 1);
}

GETTER(get_url)
{
	return text_of(source->item->url);
}

GETTER(get_tag)
{
	return text_of(source->item->tag);
}

GETTER(get_list)
{
	return text_of(source->item->place.source);
}

GETTER(get_line)
{
	return count_of(source->item->place.line);
}

GETTER(get_out)
{
	return text_of(source->item->name);
}

GETTER(get_filename_effective)
{
	const char *name = source->item->name;
	const char *directory = source->settings->directory;

	if (name == NULL)
		return unknown();
	if (settings_bodies(source->settings) != BODIES_NOWHERE ||
	    strcmp(directory, ".") == 0)
		return text_of(name);
	free(source->path);
	source->path = memory_format("%s/%s", directory, name);
	return text_of(source->path);
}

/* ---- the result ---- */

GETTER(get_verdict)
{
	return text_of(outcome_name(source->item->result->outcome));
}

GETTER(get_complete)
{
	return text_of(proof_name(source->item->result));
}

static bool has_failed(const struct variable_source *source)
{
	return source->item->result->outcome == OUTCOME_FAILED;
}

GETTER(get_class)
{
	return text_of(has_failed(source)
		? cause_table[source->item->result->cause].name : NULL);
}

GETTER(get_errormsg)
{
	return text_of(has_failed(source) ? source->item->result->detail
					  : NULL);
}

GETTER(get_exitcode)
{
	return count_of(has_failed(source)
		? (uint64_t)cause_table[source->item->result->cause]
			.exit_status : 0);
}

GETTER(get_attempts)
{
	return count_of(source->item->tries);
}

GETTER(get_hops)
{
	return count_of(source->item->redirects);
}

GETTER(get_strategy)
{
	return text_of(source->settings->strategy);
}

GETTER(get_worker)
{
	return count_if_begun(source, source->item->result->worker);
}

GETTER(get_insecure)
{
	return (struct variable_value){
		VARIABLE_BOOL, NULL, source->item->result->insecure,
	};
}

/* ---- the exchange ---- */

GETTER(get_method)
{
	return text_of(source->item->method);
}

GETTER(get_scheme)
{
	const char *url = source->item->requested;

	if (url == NULL)
		return unknown();
	return text_of(strncmp(url, "https:", 6) == 0 ? "HTTPS" : "HTTP");
}

GETTER(get_url_effective)
{
	if (source->item->requested == NULL)
		return unknown();
	free(source->path);
	source->path = escape_mask_login(source->item->requested,
					 ESCAPE_PARSED);
	return text_of(source->path);
}

GETTER(get_http_code)
{
	return count_of((uint64_t)source->item->result->http_status);
}

GETTER(get_http_version)
{
	int version = source->item->result->http_version;

	if (version == 20)
		return text_of("2");
	if (version != 10 && version != 11)
		return text_of("0");
	return text_of(version == 11 ? "1.1" : "1.0");
}

GETTER(get_content_type)
{
	return text_if_any(source->item->result->facts.content_type);
}

GETTER(get_remote_ip)
{
	return text_if_any(source->item->result->facts.remote_ip);
}

GETTER(get_remote_port)
{
	return count_of(source->item->result->facts.remote_port);
}

GETTER(get_local_ip)
{
	return text_if_any(source->item->result->facts.local_ip);
}

GETTER(get_local_port)
{
	return count_of(source->item->result->facts.local_port);
}

GETTER(get_num_connects)
{
	return count_of(source->item->result->connections);
}

GETTER(get_num_headers)
{
	return count_of(source->item->result->facts.header_lines);
}

GETTER(get_size_download)
{
	return count_of(source->item->result->bytes);
}

GETTER(get_size_header)
{
	return count_of(source->item->result->facts.header_bytes);
}

GETTER(get_size_request)
{
	return count_of(source->item->result->facts.request_bytes);
}

GETTER(get_speed_download)
{
	uint64_t total_us = phases_of(source)->total_us;
	double bytes = (double)source->item->result->bytes;

	if (total_us == 0)
		return count_of(0);
	return count_of((uint64_t)(bytes * 1e6 / (double)total_us));
}

/* ---- times ---- */

/* When the last request began, by the wall clock. */
GETTER(get_start)
{
	uint64_t begun_us = source->item->result->moments.begun_us;
	uint64_t now_us = clock_now_us();

	if (begun_us == 0)
		return unknown();
	return seconds_of(clock_read_us(CLOCK_REALTIME) -
			  (now_us > begun_us ? now_us - begun_us : 0));
}

/* From reading the entry to its first try. */
GETTER(get_time_queue)
{
	const struct listener_item *item = source->item;

	if (item->begun_us == 0)
		return unknown();
	return seconds_of(item->begun_us > item->read_us
			  ? item->begun_us - item->read_us : 0);
}

GETTER(get_time_namelookup)
{
	return seconds_if_begun(source, phases_of(source)->dns_us);
}

GETTER(get_time_connect)
{
	const struct phases *phases = phases_of(source);

	return seconds_if_begun(source, phases->dns_us + phases->connect_us);
}

GETTER(get_time_appconnect)
{
	const struct phases *phases = phases_of(source);

	return seconds_if_begun(source, phases->tls_us == 0 ? 0
		: phases->dns_us + phases->connect_us + phases->tls_us);
}

static uint64_t before(uint64_t total, uint64_t rest)
{
	return total > rest ? total - rest : 0;
}

GETTER(get_time_pretransfer)
{
	const struct phases *phases = phases_of(source);

	return seconds_if_begun(source, before(
		phases->total_us, phases->wait_us + phases->receive_us));
}

GETTER(get_time_starttransfer)
{
	const struct phases *phases = phases_of(source);

	return seconds_if_begun(source, before(phases->total_us,
					       phases->receive_us));
}

GETTER(get_time_total)
{
	return seconds_if_begun(source, phases_of(source)->total_us);
}

/* ---- all of them ---- */

#define ROW(name, recorded, get) \
	{ name, ",\"" name "\":", sizeof(",\"" name "\":") - 1, recorded, get }

const struct variable variables[] = {
	ROW("n", true, get_n),
	ROW("url", true, get_url),
	ROW("tag", true, get_tag),
	ROW("list", true, get_list),
	ROW("line", true, get_line),
	ROW("verdict", true, get_verdict),
	ROW("complete", true, get_complete),
	ROW("class", true, get_class),
	ROW("errormsg", true, get_errormsg),
	ROW("exitcode", true, get_exitcode),
	ROW("out", true, get_out),
	ROW("filename_effective", true, get_filename_effective),
	ROW("attempts", true, get_attempts),
	ROW("hops", true, get_hops),
	ROW("strategy", true, get_strategy),
	ROW("worker", true, get_worker),
	ROW("method", true, get_method),
	ROW("scheme", true, get_scheme),
	ROW("url_effective", true, get_url_effective),
	ROW("http_version", true, get_http_version),
	ROW("http_code", true, get_http_code),
	ROW("content_type", true, get_content_type),
	ROW("insecure", true, get_insecure),
	ROW("remote_ip", true, get_remote_ip),
	ROW("remote_port", true, get_remote_port),
	ROW("local_ip", true, get_local_ip),
	ROW("local_port", true, get_local_port),
	ROW("num_connects", true, get_num_connects),
	ROW("num_headers", true, get_num_headers),
	ROW("size_download", true, get_size_download),
	ROW("size_header", true, get_size_header),
	ROW("size_request", true, get_size_request),
	ROW("speed_download", true, get_speed_download),
	ROW("start", true, get_start),
	ROW("time_queue", true, get_time_queue),
	ROW("time_namelookup", true, get_time_namelookup),
	ROW("time_connect", true, get_time_connect),
	ROW("time_appconnect", true, get_time_appconnect),
	ROW("time_pretransfer", true, get_time_pretransfer),
	ROW("time_starttransfer", true, get_time_starttransfer),
	ROW("time_total", true, get_time_total),
	/* Other names that curl has for the same. */
	ROW("num_redirects", false, get_hops),
	ROW("response_code", false, get_http_code),
	ROW("urlnum", false, get_urlnum),
	{ NULL, NULL, 0, false, NULL },
};

const struct variable *variable_find(const char *name, size_t length)
{
	for (const struct variable *at = variables; at->name != NULL; at++) {
		if (strlen(at->name) == length &&
		    memcmp(at->name, name, length) == 0)
			return at;
	}
	return NULL;
}
