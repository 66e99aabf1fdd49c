/* Requests as libcurl options; see apply.h. */
#include "config.h"

#include "transfer/apply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "transfer/decode.h"

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

static void add_field(struct applied *applied, const char *name,
		      const char *value)
{
	char *line = memory_format("%s: %s", name, value);

	add_line(applied, line);
	free(line);
}

/* Adds the fields that are sent to every origin. */
static void add_open_fields(struct applied *applied,
			    const struct request *request,
			    const struct settings *settings)
{
	/* A part of a coded body could not be decoded. */
	applied->offered = settings->net.compressed && request->from == 0 &&
			   request->to == 0;
	if (applied->offered)
		add_field(applied, "Accept-Encoding", DECODE_OFFER);
	if (request->terms->accept != NULL)
		add_field(applied, "Accept", request->terms->accept);
	if (settings->net.no_keepalive)
		add_field(applied, "Connection", "close");
}

static void apply_headers(struct applied *applied,
			  const struct request *request,
			  const struct settings *settings, bool in_scope)
{
	const struct request_terms *terms = request->terms;

	curl_slist_free_all(applied->lines);
	applied->lines = NULL;
	for (size_t i = 0; in_scope && i < terms->header_count; i++)
		add_line(applied, terms->headers[i]);
	add_open_fields(applied, request, settings);
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

static bool is_plain(const struct request *request,
		     const struct settings *settings)
{
	return request_is_bare(request) && request->from == 0 &&
	       request->to == 0 && !settings->net.compressed &&
	       !settings->net.no_keepalive;
}

void apply_text(CURL *easy, CURLoption option, const char *text)
{
	if (curl_easy_setopt(easy, option, text) != CURLE_OK)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

static bool has_own_login(const char *url)
{
	return host_of(url).name[-1] == '@';
}

bool apply_has_login(const struct request *request)
{
	return request->host_login != NULL || request->terms->login != NULL ||
	       has_own_login(request->url);
}

/* The login of the URL comes first, with its password from netrc perhaps, and
 * then that of the terms. */
static void apply_login(CURL *easy, const struct request *request,
			bool in_scope)
{
	const char *login = in_scope ? request->terms->login : NULL;

	if (login == NULL || has_own_login(request->url))
		login = request->host_login;
	apply_text(easy, CURLOPT_USERPWD, login);
}

/* All cookies go into one field (RFC 6265, 5.4). */
static void apply_cookies(CURL *easy, const struct request *request,
			  bool in_scope)
{
	const char *own = in_scope ? request->terms->cookie : NULL;
	const char *host = request->host_cookie;
	char *both = own == NULL || host == NULL
		? NULL : memory_format("%s; %s", host, own);

	apply_text(easy, CURLOPT_COOKIE, both != NULL ? both
				       : own != NULL ? own : host);
	free(both);
}

void apply(CURL *easy, struct applied *applied, const struct request *request,
	   const struct settings *settings)
{
	bool in_scope = request_in_scope(request);

	apply_text(easy, CURLOPT_URL, request->url);
	if (is_plain(request, settings) && !applied->special)
		return;
	applied->special = !is_plain(request, settings);
	apply_headers(applied, request, settings, in_scope);
	SET(CURLOPT_HTTPHEADER, applied->lines);
	apply_method(easy, request, in_scope);
	apply_login(easy, request, in_scope);
	apply_cookies(easy, request, in_scope);
}

void applied_release(struct applied *applied)
{
	curl_slist_free_all(applied->lines);
	applied->lines = NULL;
}
