/* A JSON writer; see json.h. */
#include "config.h"

#include "output/json.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/fatal.h"
#include "output/escape.h"

struct json json_to(struct evbuffer *out)
{
	struct json json = { .out = out };

	return json;
}

/* Adds the comma, if any, between the last value and the next one. */
static void separate(struct json *json)
{
	if (json->keyed)
		json->keyed = false;
	else if (json->more[json->depth])
		evbuffer_add(json->out, ",", 1);
	json->more[json->depth] = true;
}

void json_open(struct json *json, char bracket)
{
	separate(json);
	evbuffer_add(json->out, &bracket, 1);
	must(++json->depth < JSON_DEPTH_MAX);
	json->more[json->depth] = false;
}

void json_close(struct json *json, char bracket)
{
	must(json->depth > 0 && !json->keyed);
	json->depth--;
	evbuffer_add(json->out, &bracket, 1);
}

/* Adds the character at TEXT, which ends at END at the latest, and returns its
 * length. */
static size_t add_character(struct evbuffer *out, const char *text,
			    const char *end)
{
	size_t length = escape_printable(text, (size_t)(end - text));

	if (*text == '"' || *text == '\\') {
		evbuffer_add_printf(out, "\\%c", *text);
		return 1;
	}
	if (length > 0) {
		evbuffer_add(out, text, length);
		return length;
	}
	if ((unsigned char)*text < 0x80)
		evbuffer_add_printf(out, "\\u%04x", (unsigned)*text);
	else
		evbuffer_add(out, "\xef\xbf\xbd", 3);
	return 1;
}

static void add_string(struct evbuffer *out, const char *text)
{
	const char *end = text + strlen(text);

	evbuffer_add(out, "\"", 1);
	while (text < end)
		text += add_character(out, text, end);
	evbuffer_add(out, "\"", 1);
}

void json_key(struct json *json, const char *key)
{
	separate(json);
	add_string(json->out, key);
	evbuffer_add(json->out, ":", 1);
	json->keyed = true;
}

void json_string(struct json *json, const char *text)
{
	separate(json);
	if (text == NULL)
		evbuffer_add(json->out, "null", 4);
	else
		add_string(json->out, text);
}

void json_uint(struct json *json, uint64_t value)
{
	separate(json);
	evbuffer_add_printf(json->out, "%" PRIu64, value);
}

void json_real(struct json *json, double value, int decimals)
{
	separate(json);
	if (isfinite(value))
		evbuffer_add_printf(json->out, "%.*f", decimals, value);
	else
		evbuffer_add(json->out, "null", 4);
}

static void json_bool(struct json *json, bool value)
{
	separate(json);
	evbuffer_add_printf(json->out, value ? "true" : "false");
}

void json_key_string(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

void json_key_uint(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_uint(json, value);
}

void json_key_real(struct json *json, const char *key, double value,
		   int decimals)
{
	json_key(json, key);
	json_real(json, value, decimals);
}

void json_key_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_bool(json, value);
}
