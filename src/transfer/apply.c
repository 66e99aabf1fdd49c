/* Requests as libcurl options; see apply.h. */
#include "config.h"

#include "transfer/apply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"

#define SET(option, value) \
	must(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static void add_line(struct applied *applied, const char *line)
{
	struct curl_slist *list = curl_slist_append(applied->lines, line);

	if (list == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	applied->lines = list;
}

/* libcurl's own resume option accepts a range other than the one requested,
 * but the verdict does not, so we set these header lines ourselves. */
static void add_range(struct applied *applied, const struct request *request)
{
	char line[64];
	char *condition;

	if (request->from == 0 && request->to == 0)
		return;
	if (request->to == 0)
		snprintf(line, sizeof(line), "Range: bytes=%" PRIu64 "-",
			 request->from);
	else
		snprintf(line, sizeof(line), "Range: bytes=%" PRIu64
			 "-%" PRIu64, request->from, request->to - 1);
	add_line(applied, line);
	if (request->validator == NULL)
		return;
	condition = memory_format("If-Range: %s", request->validator);
	add_line(applied, condition);
	free(condition);
}

static void apply_headers(struct applied *applied,
			  const struct request *request, bool in_scope)
{
	const struct request_terms *terms = request->terms;

	curl_slist_free_all(applied->lines);
	applied->lines = NULL;
	for (size_t i = 0; in_scope && i < terms->header_count; i++)
		add_line(applied, terms->headers[i]);
	add_range(applied, request);
	/* Without this, libcurl waits up to a second for the server's consent
	 * (100 Continue) before it sends large content. */
	if (terms->content != NULL)
		add_line(applied, "Expect:");
}

static void apply_method(CURL *easy, const struct request *request,
			 bool in_scope)
{
	const struct request_terms *terms = request->terms;
	bool sends = terms->content != NULL && in_scope;
	const char *method = request_method(request);

	SET(CURLOPT_HTTPGET, 1L);       /* clears the previous method */
	SET(CURLOPT_NOBODY, (long)(strcmp(method, "HEAD") == 0));
	if (sends) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)terms->content_length);
		SET(CURLOPT_POSTFIELDS, terms->content);
	}
	if (strcmp(method, "GET") != 0 || sends)
		SET(CURLOPT_CUSTOMREQUEST, method);
	else
		SET(CURLOPT_CUSTOMREQUEST, NULL);
}

static bool is_plain(const struct request *request)
{
	return request_is_bare(request) && request->from == 0 &&
	       request->to == 0;
}

static void set_text(CURL *easy, CURLoption option, const char *text)
{
	if (curl_easy_setopt(easy, option, text) != CURLE_OK)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

void apply(CURL *easy, struct applied *applied, const struct request *request)
{
	bool in_scope = request_in_scope(request);

	set_text(easy, CURLOPT_URL, request->url);
	if (is_plain(request) && !applied->special)
		return;
	applied->special = !is_plain(request);
	apply_headers(applied, request, in_scope);
	SET(CURLOPT_HTTPHEADER, applied->lines);
	apply_method(easy, request, in_scope);
	set_text(easy, CURLOPT_USERPWD,
		 in_scope ? request->terms->login : NULL);
}

void applied_release(struct applied *applied)
{
	curl_slist_free_all(applied->lines);
	applied->lines = NULL;
}
