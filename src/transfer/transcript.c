/* What was said before a body; see transcript.h. */
#include "config.h"

#include "transfer/transcript.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fatal.h"
#include "base/memory.h"

/* Fields of requests whose values are no secrets. */
static const char *const open_fields[] = {
	"Host", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language",
	"Range", "If-Range", "If-None-Match", "If-Modified-Since",
	"Connection", "Content-Type", "Content-Length", "Cache-Control",
	"Pragma", "TE", "Upgrade", "HTTP2-Settings",
};

static void add(struct transcript_part *part, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	if (part->length + length > part->room) {
		part->room = 2 * (part->length + length);
		part->bytes = memory_resize(part->bytes, part->room);
	}
	memcpy(part->bytes + part->length, bytes, length);
	part->length += length;
}

void transcript_release(struct transcript *transcript)
{
	free(transcript->request.bytes);
	free(transcript->response.bytes);
}

void transcript_begin(struct transcript *transcript)
{
	transcript->request.length = transcript->response.length = 0;
	transcript->answered = false;
}

static bool is_open(const char *line, size_t length)
{
	for (size_t i = 0; i < sizeof(open_fields) / sizeof(*open_fields);
	     i++) {
		if (strlen(open_fields[i]) == length &&
		    strncasecmp(line, open_fields[i], length) == 0)
			return true;
	}
	return false;
}

/* Adds a first line.  What HTTP/2 has instead is written as HTTP/1.1, which is
 * what readers of archives know. */
static void add_first(struct transcript_part *part, const char *line,
		      size_t length)
{
	static const char version[] = "HTTP/2";
	const char *found = memmem(line, length, version, sizeof(version) - 1);
	const char *after = found != NULL ? found + sizeof(version) - 1 : line;

	if (found == NULL || (*after != ' ' && *after != '\r')) {
		add(part, line, length);
		return;
	}
	add(part, line, (size_t)(found - line));
	add(part, "HTTP/1.1", 8);
	add(part, after, length - (size_t)(after - line));
}

/* Adds a line of a request, with its end.  The first one may have a login in
 * it, if it goes to a proxy, but is made from the URL that is masked
 * elsewhere. */
static void add_field(struct transcript *transcript, const char *line,
		      size_t length)
{
	const char *colon = memchr(line, ':', length);
	bool first = transcript->request.length == 0;

	if (first) {
		add_first(&transcript->request, line, length);
		return;
	}
	if (colon == NULL || is_open(line, (size_t)(colon - line))) {
		add(&transcript->request, line, length);
		return;
	}
	add(&transcript->request, line, (size_t)(colon - line));
	add(&transcript->request, ": ***\r\n", 7);
}

static bool ends_header(const struct transcript_part *part)
{
	return part->length >= 4 &&
	       memcmp(part->bytes + part->length - 4, "\r\n\r\n", 4) == 0;
}

/* CURLOPT_DEBUGDATA(3) is the transcript. */
static int on_debug(CURL *easy, curl_infotype kind, char *bytes, size_t length,
		    void *context)
{
	struct transcript *transcript = context;
	const char *end = bytes + length;

	(void)easy;
	if (kind != CURLINFO_HEADER_OUT)
		return 0;
	/* The header before, to a proxy perhaps, has come to its end. */
	if (transcript->answered || ends_header(&transcript->request))
		transcript_begin(transcript);
	while (bytes < end) {
		char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t line = newline != NULL ? (size_t)(newline - bytes) + 1
					      : (size_t)(end - bytes);

		add_field(transcript, bytes, line);
		bytes += line;
	}
	return 0;
}

void transcript_watch(CURL *easy, struct transcript *transcript)
{
	must(curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) ==
	     CURLE_OK);
	must(curl_easy_setopt(easy, CURLOPT_DEBUGDATA, transcript) ==
	     CURLE_OK);
	must(curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L) == CURLE_OK);
}

void transcript_line(struct transcript *transcript, const char *line,
		     size_t length)
{
	transcript->answered = true;
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		transcript->response.length = 0;
		add_first(&transcript->response, line, length);
		return;
	}
	add(&transcript->response, line, length);
}
