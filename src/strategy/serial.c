/* Serialization of requests; see serial.h. */
#include "config.h"

#include "strategy/serial.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void serial_put(struct serial *serial, const void *bytes, size_t length)
{
	if (serial->length + length > serial->room) {
		serial->room = 2 * (serial->length + length);
		serial->bytes = memory_resize(serial->bytes, serial->room);
	}
	if (length > 0)
		memcpy(serial->bytes + serial->length, bytes, length);
	serial->length += length;
}

void serial_put_number(struct serial *serial, uint64_t number)
{
	serial_put(serial, &number, sizeof(number));
}

/* Appends bytes that may be absent (NULL), which is not the same as empty. */
static void put_block(struct serial *serial, const char *bytes, size_t length)
{
	serial_put_number(serial, bytes != NULL ? length + 1 : 0);
	if (bytes != NULL)
		serial_put(serial, bytes, length);
}

static void put_text(struct serial *serial, const char *text)
{
	put_block(serial, text, text != NULL ? strlen(text) : 0);
}

void serial_take(struct serial *serial, void *bytes, size_t length)
{
	if (length > serial->length - serial->at) {
		serial->broken = true;
		serial->at = serial->length;
		memset(bytes, 0, length);
		return;
	}
	memcpy(bytes, serial->bytes + serial->at, length);
	serial->at += length;
}

uint64_t serial_take_number(struct serial *serial)
{
	uint64_t number;

	serial_take(serial, &number, sizeof(number));
	return number;
}

/* A NUL-terminated copy that the caller frees, or NULL. */
static char *take_block(struct serial *serial, size_t *length)
{
	uint64_t size = serial_take_number(serial);
	char *copy;

	*length = 0;
	if (size == 0)
		return NULL;
	if (size - 1 > serial->length - serial->at) {
		serial->broken = true;
		return NULL;
	}
	*length = (size_t)size - 1;
	copy = memory_copy(serial->bytes + serial->at, *length);
	serial->at += *length;
	return copy;
}

static char *take_text(struct serial *serial)
{
	size_t length;

	return take_block(serial, &length);
}

static void put_expected(struct serial *serial,
			 const struct request_expected *expected)
{
	serial_put_number(serial, (uint64_t)expected->size);
	serial_put_number(serial, expected->largest);
	put_block(serial, (const char *)expected->digests,
		  expected->digest_count * sizeof(*expected->digests));
}

static bool are_sound(const struct request_expected *expected)
{
	for (size_t i = 0; i < expected->digest_count; i++) {
		if (expected->digests[i].kind >= DIGEST_KINDS)
			return false;
	}
	return true;
}

static void take_expected(struct serial *serial,
			  struct request_expected *expected)
{
	size_t length;

	expected->size = (int64_t)serial_take_number(serial);
	expected->largest = serial_take_number(serial);
	expected->digests = (void *)take_block(serial, &length);
	expected->digest_count = length / sizeof(*expected->digests);
	serial->broken = serial->broken || !are_sound(expected);
}

static void put_terms(struct serial *serial, const struct request_terms *terms)
{
	put_text(serial, terms->method);
	serial_put_number(serial, terms->header_count);
	for (size_t i = 0; i < terms->header_count; i++)
		put_text(serial, terms->headers[i]);
	put_block(serial, terms->content, terms->content_length);
	put_text(serial, terms->login);
	put_text(serial, terms->cookie);
	put_text(serial, terms->accept);
	put_expected(serial, &terms->expected);
	serial_put_number(serial, terms->conditional);
	serial_put_number(serial, terms->sink);
}

static void take_headers(struct serial *serial, struct request_terms *terms)
{
	uint64_t count = serial_take_number(serial);

	/* Each header takes up at least one number. */
	if (count > (serial->length - serial->at) / sizeof(uint64_t)) {
		serial->broken = true;
		return;
	}
	terms->headers = memory_zeroed((size_t)(count + 1) *
				       sizeof(*terms->headers));
	while (terms->header_count < count && !serial->broken) {
		char *line = take_text(serial);

		if (line == NULL)
			serial->broken = true;
		else
			terms->headers[terms->header_count++] = line;
	}
}

static struct request_terms *take_terms(struct serial *serial)
{
	struct request_terms *terms = request_terms_new(SINK_DISCARD);
	uint64_t sink;

	terms->method = take_text(serial);
	take_headers(serial, terms);
	terms->content = take_block(serial, &terms->content_length);
	terms->login = take_text(serial);
	terms->cookie = take_text(serial);
	terms->accept = take_text(serial);
	take_expected(serial, &terms->expected);
	terms->conditional = serial_take_number(serial) != 0;
	sink = serial_take_number(serial);
	if (sink > SINK_DISCARD)
		serial->broken = true;
	else
		terms->sink = (enum sink_kind)sink;
	return terms;
}

void serial_put_request(struct serial *serial, const struct request *request)
{
	put_text(serial, request->url);
	put_terms(serial, request->terms);
	put_text(serial, request->scope);
	put_text(serial, request->host_login);
	put_text(serial, request->host_cookie);
	serial_put_number(serial, request->public_only);
	serial_put_number(serial, request->from);
	serial_put_number(serial, request->to);
	serial_put_number(serial, request->shared);
	put_text(serial, request->validator);
}

struct request *serial_take_request(struct serial *serial)
{
	char *url = take_text(serial);
	struct request_terms *terms = take_terms(serial);
	struct request *request = request_new(url, terms);

	request_terms_release(terms);
	request->scope = take_text(serial);
	request->host_login = take_text(serial);
	request->host_cookie = take_text(serial);
	request->public_only = serial_take_number(serial) != 0;
	request->from = serial_take_number(serial);
	request->to = serial_take_number(serial);
	request->shared = serial_take_number(serial) != 0;
	request->validator = take_text(serial);
	if (!serial->broken && url != NULL)
		return request;
	request_free(request);
	return NULL;
}
