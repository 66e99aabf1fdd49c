/* A JSON writer; see json.h. */
#include "config.h"

#include "output/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/fatal.h"
#include "output/escape.h"

enum { NUMBER_ROOM = 24, MICROSECONDS = 1000000 };

/* Whether a byte stands for itself; filled in when it is first needed. */
static bool plain_bytes[256];

static bool is_plain(char byte)
{
	return plain_bytes[(unsigned char)byte];
}

static void find_plain_bytes(void)
{
	for (int byte = 0x20; byte < 0x7f; byte++)
		plain_bytes[byte] = byte != '"' && byte != '\\';
}

struct json json_to(struct evbuffer *out)
{
	if (!plain_bytes[' '])
		find_plain_bytes();
	return (struct json){ .out = out };
}

static void pass_on(struct json *json)
{
	if (json->used > 0 &&
	    evbuffer_add(json->out, json->part, json->used) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	json->used = 0;
}

/* At the top, nothing is held back: the caller adds to the buffer, too. */
static void settle(struct json *json)
{
	if (json->depth == 0 && !json->keyed)
		pass_on(json);
}

/* Adds LENGTH bytes as they are. */
static void add_raw(struct json *json, const char *bytes, size_t length)
{
	if (length < JSON_PART - json->used) {
		memcpy(json->part + json->used, bytes, length);
		json->used += length;
		settle(json);
		return;
	}
	while (length > 0) {
		size_t room = JSON_PART - json->used;
		size_t taken = length < room ? length : room;

		memcpy(json->part + json->used, bytes, taken);
		json->used += taken;
		bytes += taken;
		length -= taken;
		if (json->used == JSON_PART)
			pass_on(json);
	}
	settle(json);
}

static void add_byte(struct json *json, char byte)
{
	if (json->used == JSON_PART)
		pass_on(json);
	json->part[json->used++] = byte;
}

/* Adds the comma, if any, between the last value and the next one. */
static void separate(struct json *json)
{
	if (json->keyed)
		json->keyed = false;
	else if (json->more[json->depth])
		add_byte(json, ',');
	json->more[json->depth] = true;
}

void json_open(struct json *json, char bracket)
{
	separate(json);
	add_byte(json, bracket);
	must(++json->depth < JSON_DEPTH_MAX);
	json->more[json->depth] = false;
}

void json_close(struct json *json, char bracket)
{
	must(json->depth > 0 && !json->keyed);
	json->depth--;
	add_byte(json, bracket);
	settle(json);
}

/* Adds the character at TEXT, which ends at END at the latest and isn't plain,
 * and returns its length. */
static size_t add_character(struct json *json, const char *text,
			    const char *end)
{
	size_t length = escape_printable(text, (size_t)(end - text));
	char code[8];

	if (*text == '"' || *text == '\\') {
		add_byte(json, '\\');
		add_byte(json, *text);
		return 1;
	}
	if (length > 0) {
		add_raw(json, text, length);
		return length;
	}
	if ((unsigned char)*text < 0x80) {
		snprintf(code, sizeof(code), "\\u%04x", (unsigned)*text);
		add_raw(json, code, 6);
	} else {
		add_raw(json, "\xef\xbf\xbd", 3);
	}
	return 1;
}

static void add_string(struct json *json, const char *text)
{
	const char *end = text + strlen(text);

	add_byte(json, '"');
	while (text < end) {
		const char *plain = text;

		while (text < end && is_plain(*text))
			text++;
		add_raw(json, plain, (size_t)(text - plain));
		if (text < end)
			text += add_character(json, text, end);
	}
	add_byte(json, '"');
}

void json_key(struct json *json, const char *key)
{
	separate(json);
	add_string(json, key);
	add_byte(json, ':');
	json->keyed = true;
}

void json_key_quoted(struct json *json, const char *quoted, size_t length)
{
	json->keyed = true;
	add_raw(json, quoted, length);
}

void json_string(struct json *json, const char *text)
{
	separate(json);
	if (text == NULL)
		add_raw(json, "null", 4);
	else
		add_string(json, text);
	settle(json);
}

/* Writes the digits of VALUE to the end of ROOM and returns where they
 * begin. */
static char *format(uint64_t value, char room[NUMBER_ROOM])
{
	char *at = room + NUMBER_ROOM;

	do
		*--at = (char)('0' + value % 10);
	while ((value /= 10) > 0);
	return at;
}

void json_uint(struct json *json, uint64_t value)
{
	char room[NUMBER_ROOM], *digits = format(value, room);

	separate(json);
	add_raw(json, digits, (size_t)(room + NUMBER_ROOM - digits));
}

void json_seconds(struct json *json, uint64_t microseconds)
{
	char room[NUMBER_ROOM], *digits;

	json_uint(json, microseconds / MICROSECONDS);
	/* A leading 1 keeps the zeros after the point; it becomes the point. */
	digits = format(microseconds % MICROSECONDS + MICROSECONDS, room);
	*digits = '.';
	add_raw(json, digits, (size_t)(room + NUMBER_ROOM - digits));
}

void json_real(struct json *json, double value, int decimals)
{
	char text[64];

	separate(json);
	snprintf(text, sizeof(text), "%.*f", decimals, value);
	if (!isfinite(value) || strlen(text) == sizeof(text) - 1)
		snprintf(text, sizeof(text), "null");
	add_raw(json, text, strlen(text));
}

void json_bool(struct json *json, bool value)
{
	separate(json);
	add_raw(json, value ? "true" : "false", value ? 4 : 5);
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

void json_key_seconds(struct json *json, const char *key,
		      uint64_t microseconds)
{
	json_key(json, key);
	json_seconds(json, microseconds);
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
