/*
 * A JSON writer (RFC 8259) that streams: it keeps no more than the nesting and
 * a small part of the text, which is passed on when it is full and whenever a
 * value at the top has ended.
 *
 * The caller is responsible for the grammar: within an object, a json_key()
 * before each value.  Commas and escaping are taken care of here.
 */
#ifndef PFETCH_OUTPUT_JSON_H
#define PFETCH_OUTPUT_JSON_H

#include <event2/buffer.h>
#include <stdbool.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 16, JSON_PART = 2048 };

struct json {
	struct evbuffer *out;
	unsigned depth;
	bool more[JSON_DEPTH_MAX]; /* at each depth: a comma comes next */
	bool keyed;                /* a key was written; its value is due */
	size_t used;               /* of PART */
	char part[JSON_PART];
};

/* A writer of one value to OUT. */
struct json json_to(struct evbuffer *out);

/* BRACKET is '{' or '['; json_close() takes '}' or ']'. */
void json_open(struct json *json, char bracket);
void json_close(struct json *json, char bracket);

void json_key(struct json *json, const char *key);

/* The same for a key that needs no escaping and isn't the first one in its
 * object: the LENGTH bytes of QUOTED are a comma, the key in quotes, and a
 * colon. */
void json_key_quoted(struct json *json, const char *quoted, size_t length);

/* Writes TEXT, or null if it is NULL.  ASCII control characters become \u00XX;
 * each byte of anything else that escape.h does not consider printable becomes
 * U+FFFD. */
void json_string(struct json *json, const char *text);
void json_uint(struct json *json, uint64_t value);
void json_bool(struct json *json, bool value);
/* MICROSECONDS as seconds, with six decimals. */
void json_seconds(struct json *json, uint64_t microseconds);
/* With DECIMALS digits after the point; null if VALUE isn't finite. */
void json_real(struct json *json, double value, int decimals);

/* A key together with its value. */
void json_key_string(struct json *json, const char *key, const char *text);
void json_key_uint(struct json *json, const char *key, uint64_t value);
void json_key_real(struct json *json, const char *key, double value,
		   int decimals);
void json_key_seconds(struct json *json, const char *key,
		      uint64_t microseconds);
void json_key_bool(struct json *json, const char *key, bool value);

#endif
