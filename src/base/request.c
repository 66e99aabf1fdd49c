/* A request; see request.h. */
#include "config.h"

#include "base/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"

struct request_terms *request_terms_new(enum sink_kind sink)
{
	struct request_terms *terms = memory_zeroed(sizeof(*terms));

	terms->holders = 1;
	terms->expected.size = -1;
	terms->sink = sink;
	return terms;
}

struct request_terms *request_terms_hold(struct request_terms *terms)
{
	terms->holders++;
	return terms;
}

void request_terms_release(struct request_terms *terms)
{
	must(terms->holders > 0);
	if (--terms->holders > 0)
		return;
	for (size_t i = 0; i < terms->header_count; i++)
		free(terms->headers[i]);
	free(terms->headers);
	free(terms->method);
	free(terms->content);
	free(terms->login);
	free(terms->cookie);
	free(terms->accept);
	free(terms->expected.digests);
	free(terms);
}

static char *copy_text(const char *text)
{
	return text != NULL ? memory_string(text) : NULL;
}

static void copy_headers(struct request_terms *copy,
			 const struct request_terms *terms)
{
	copy->headers = memory_zeroed((terms->header_count + 1) *
				      sizeof(*copy->headers));
	for (size_t i = 0; i < terms->header_count; i++)
		copy->headers[i] = memory_string(terms->headers[i]);
	copy->header_count = terms->header_count;
}

struct request_terms *request_terms_copy(const struct request_terms *terms)
{
	struct request_terms *copy = request_terms_new(terms->sink);
	size_t digests = terms->expected.digest_count;

	copy->method = copy_text(terms->method);
	copy_headers(copy, terms);
	copy->content = terms->content == NULL
		? NULL : memory_copy(terms->content, terms->content_length);
	copy->content_length = terms->content_length;
	copy->login = copy_text(terms->login);
	copy->cookie = copy_text(terms->cookie);
	copy->accept = copy_text(terms->accept);
	copy->conditional = terms->conditional;
	copy->expected = terms->expected;
	copy->expected.digests = digests == 0 ? NULL : (void *)memory_copy(
		(const char *)terms->expected.digests,
		digests * sizeof(*terms->expected.digests));
	return copy;
}

void request_terms_add_header(struct request_terms *terms, char *line)
{
	terms->headers = memory_resize(terms->headers,
				       (terms->header_count + 1) *
					       sizeof(*terms->headers));
	terms->headers[terms->header_count++] = line;
}

void request_terms_remove_header(struct request_terms *terms, size_t index)
{
	free(terms->headers[index]);
	terms->header_count--;
	memmove(terms->headers + index, terms->headers + index + 1,
		(terms->header_count - index) * sizeof(*terms->headers));
}

static bool same_text(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other
					    : strcmp(one, other) == 0;
}

static bool same_headers(const struct request_terms *one,
			 const struct request_terms *other)
{
	if (one->header_count != other->header_count)
		return false;
	for (size_t i = 0; i < one->header_count; i++) {
		if (strcmp(one->headers[i], other->headers[i]) != 0)
			return false;
	}
	return true;
}

static bool same_content(const struct request_terms *one,
			 const struct request_terms *other)
{
	return (one->content == NULL) == (other->content == NULL) &&
	       one->content_length == other->content_length &&
	       (one->content_length == 0 ||
		memcmp(one->content, other->content,
		       one->content_length) == 0);
}

static bool same_expected(const struct request_expected *one,
			  const struct request_expected *other)
{
	if (one->size != other->size || one->largest != other->largest ||
	    one->digest_count != other->digest_count)
		return false;
	for (size_t i = 0; i < one->digest_count; i++) {
		const struct request_digest *left = &one->digests[i];
		const struct request_digest *right = &other->digests[i];

		if (left->kind != right->kind ||
		    memcmp(left->value, right->value,
			   digest_length(left->kind)) != 0)
			return false;
	}
	return true;
}

bool request_terms_equal(const struct request_terms *one,
			 const struct request_terms *other)
{
	return same_text(one->method, other->method) &&
	       same_headers(one, other) && same_content(one, other) &&
	       same_text(one->login, other->login) &&
	       same_text(one->cookie, other->cookie) &&
	       same_text(one->accept, other->accept) &&
	       same_expected(&one->expected, &other->expected) &&
	       one->conditional == other->conditional &&
	       one->sink == other->sink;
}

struct request *request_new(char *url, struct request_terms *terms)
{
	struct request *request = memory_zeroed(sizeof(*request));

	request->url = url;
	request->terms = request_terms_hold(terms);
	return request;
}

struct request *request_elsewhere(const struct request *request, char *url,
				  struct request_terms *terms)
{
	struct request *next = request_new(url, terms);

	next->scope = copy_text(request->scope);
	next->public_only = request->public_only;
	return next;
}

struct request *request_continued(const struct request *request, uint64_t from,
				  const char *validator)
{
	struct request *next = request_elsewhere(
		request, memory_string(request->url), request->terms);

	next->from = from;
	next->to = request->to > from ? request->to : 0;
	next->shared = request->shared;
	if (from > 0)
		next->validator = memory_string(validator);
	return next;
}

struct request *request_part(const struct request *request,
			     struct request_terms *terms, uint64_t from,
			     uint64_t to, const char *validator)
{
	struct request *part = request_elsewhere(
		request, memory_string(request->url), terms);

	part->from = from;
	part->to = to;
	part->shared = true;
	part->validator = memory_string(validator);
	return part;
}

void request_free(struct request *request)
{
	if (request == NULL)
		return;
	request_terms_release(request->terms);
	free(request->scope);
	free(request->host_login);
	free(request->host_cookie);
	free(request->validator);
	free(request->url);
	free(request);
}

const char *request_method(const struct request *request)
{
	const struct request_terms *terms = request->terms;

	if (terms->content != NULL && !request_in_scope(request))
		return "GET";
	if (terms->method != NULL)
		return terms->method;
	return terms->content != NULL ? "POST" : "GET";
}

bool request_is_bare(const struct request *request)
{
	const struct request_terms *terms = request->terms;

	return terms->method == NULL && terms->header_count == 0 &&
	       terms->content == NULL && terms->login == NULL &&
	       terms->cookie == NULL && terms->accept == NULL &&
	       request->host_login == NULL && request->host_cookie == NULL;
}

bool request_in_scope(const struct request *request)
{
	const char *scope = request->scope;

	return scope == NULL || host_same_origin(scope, request->url);
}

bool request_is_withheld(const struct request *request)
{
	const struct request_terms *terms = request->terms;
	const char *method = terms->method != NULL ? terms->method : "GET";

	return !request_in_scope(request) &&
	       (terms->content != NULL || (strcmp(method, "GET") != 0 &&
					   strcmp(method, "HEAD") != 0));
}

/* Whether the redirected request becomes a GET without content: after 303, any
 * method but HEAD does; after 301 and 302, POST does too, as in browsers. */
static bool becomes_get(const char *method, int status)
{
	if (status == 303)
		return strcmp(method, "HEAD") != 0 &&
		       strcmp(method, "GET") != 0;
	return (status == 301 || status == 302) && strcmp(method, "POST") == 0;
}

/* Turns TERMS into those of a GET. */
static void forget_content(struct request_terms *terms)
{
	free(terms->method);
	free(terms->content);
	terms->method = terms->content = NULL;
	terms->content_length = 0;
}

struct request *request_redirected(const struct request *request, int status,
				   char *url, bool from_public)
{
	struct request_terms *terms;
	struct request *next;

	if (becomes_get(request_method(request), status)) {
		terms = request_terms_copy(request->terms);
		forget_content(terms);
	} else {
		terms = request_terms_hold(request->terms);
	}
	next = request_elsewhere(request, url, terms);
	request_terms_release(terms);
	if (next->scope == NULL)
		next->scope = memory_string(request->url);
	next->public_only = next->public_only || from_public;
	return next;
}

struct request *request_mirrored(const struct request *request, char *url)
{
	struct request *next = request_elsewhere(request, url, request->terms);

	if (next->scope == NULL)
		next->scope = memory_string(request->url);
	next->public_only = false; /* the list itself names it */
	return next;
}
