/* What a web archive says of an exchange; see warc-capture.h. */
#include "config.h"

#include "output/warc-capture.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"

void warc_write_dates(uint64_t wall_us, char date[WARC_DATE_ROOM],
		      char stamp[WARC_STAMP_ROOM])
{
	time_t time = (time_t)(wall_us / 1000000);
	struct tm parts;

	memset(&parts, 0, sizeof(parts));
	gmtime_r(&time, &parts);
	strftime(date, WARC_DATE_ROOM, "%Y-%m-%dT%H:%M:%SZ", &parts);
	strftime(stamp, WARC_STAMP_ROOM, "%Y%m%d%H%M%S", &parts);
}

/* What a field or an index may hold: no blanks, no line ends, no brackets. */
static char *one_word(const char *text, size_t length)
{
	char *word = memory_copy(text, length);

	for (char *at = word; *at != '\0'; at++) {
		if ((unsigned char)*at <= ' ' || *at == 0x7f || *at == '<' ||
		    *at == '>')
			*at = '_';
	}
	return word;
}

/* URL as it was sent: a login in it is not part of that. */
static char *without_login(const char *url)
{
	const char *host = strstr(url, "//");
	size_t before, login = 0;

	must(host != NULL);
	host += 2;
	before = (size_t)(host - url);
	for (size_t i = 0; i < strcspn(host, "/?#"); i++) {
		if (host[i] == '@')
			login = i + 1;
	}
	return memory_format("%.*s%s", (int)before, url, host + login);
}

void warc_capture_note(struct warc_capture *capture,
		       const struct listener_item *item)
{
	const struct result *result = item->result;
	uint64_t now_us = clock_now_us();
	uint64_t begun_us = result->moments.begun_us;
	const char *type = result->facts.content_type;
	char *url = without_login(item->requested);

	free(capture->url);
	free(capture->mime);
	capture->url = one_word(url, strlen(url));
	capture->mime = *type == '\0' ? memory_string("-")
				   : one_word(type, strcspn(type, "; \t"));
	free(url);
	memcpy(capture->remote_ip, result->facts.remote_ip,
	       sizeof(capture->remote_ip));
	capture->chunked = result->proof == PROOF_CHUNKED;
	capture->http2 = result->http_version == 20;
	capture->status = result->http_status;
	warc_write_dates(clock_read_us(CLOCK_REALTIME) -
		    (now_us > begun_us ? now_us - begun_us : 0),
		    capture->date, capture->stamp);
}

void warc_capture_release(struct warc_capture *capture)
{
	free(capture->url);
	free(capture->mime);
}
