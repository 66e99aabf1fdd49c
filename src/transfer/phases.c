/* The phases of a transfer; see phases.h. */
#include "config.h"

#include "transfer/phases.h"

#include "base/clock.h"

/* One of CURLINFO_*_TIME_T, in microseconds. */
static uint64_t time_info(CURL *easy, CURLINFO info)
{
	curl_off_t value = 0;

	curl_easy_getinfo(easy, info, &value);
	return value > 0 ? (uint64_t)value : 0;
}

static uint64_t span(uint64_t from, uint64_t to)
{
	return to > from ? to - from : 0;
}

/* The transfer may have ended while its loop was busy computing on another
 * response, so libcurl's own record is used when it is earlier. */
static void note_end(struct result *result)
{
	struct moments *moments = &result->moments;
	uint64_t by_libcurl = moments->begun_us + result->phases.total_us;

	moments->ended_us = clock_now_us();
	if (result->phases.total_us > 0 && by_libcurl < moments->ended_us)
		moments->ended_us = by_libcurl;
}

void phases_measure(CURL *easy, struct result *result)
{
	struct phases *phases = &result->phases;
	uint64_t sent = time_info(easy, CURLINFO_PRETRANSFER_TIME_T);
	uint64_t first = time_info(easy, CURLINFO_STARTTRANSFER_TIME_T);
	long connections = 0;

	phases->total_us = time_info(easy, CURLINFO_TOTAL_TIME_T);
	note_end(result);
	curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
	result->connections = (unsigned)connections;
	if (connections > 0) {
		uint64_t named = time_info(easy, CURLINFO_NAMELOOKUP_TIME_T);
		uint64_t joined = time_info(easy, CURLINFO_CONNECT_TIME_T);
		uint64_t secured = time_info(easy, CURLINFO_APPCONNECT_TIME_T);

		phases->dns_us = named;
		phases->connect_us = span(named, joined);
		phases->tls_us = span(joined, secured);
	}
	if (first == 0)
		return;
	phases->wait_us = span(sent, first);
	phases->receive_us = span(first, phases->total_us);
}
