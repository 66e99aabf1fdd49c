/*
 * JSON (RFC 8259), written as it goes: nothing is held but the depth.
 *
 * The caller keeps to the grammar: in an object a json_key() before each
 * value.  Commas and escaping are done here.
 */
#ifndef PFETCH_OUTPUT_JSON_H
#define PFETCH_OUTPUT_JSON_H

#include <event2/buffer.h>
#include <stdbool.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 16 };

struct json {
	struct evbuffer *out;
	unsigned depth;
	bool more[JSON_DEPTH_MAX]; /* at each depth: a comma comes first */
	bool keyed;                /* a key was written, its value is due */
};

/* Zeroed but for OUT: a value is to be written to it. */
struct json json_to(struct evbuffer *out);

/* BRACKET is '{' or '['; json_close() takes '}' or ']'. */
void json_open(struct json *json, char bracket);
void json_close(struct json *json, char bracket);

void json_key(struct json *json, const char *key);

/* TEXT: controls are written as \u00XX; what is not UTF-8, or would turn the
 * writing direction (see escape.h), byte by byte as U+FFFD.  NULL is written
 * as null. */
void json_string(struct json *json, const char *text);
void json_uint(struct json *json, uint64_t value);
/* With DECIMALS digits after the point; what is no number is null. */
void json_real(struct json *json, double value, int decimals);
void json_bool(struct json *json, bool value);

/* A key and its value at once. */
void json_key_string(struct json *json, const char *key, const char *text);
void json_key_uint(struct json *json, const char *key, uint64_t value);
void json_key_real(struct json *json, const char *key, double value,
		   int decimals);
void json_key_bool(struct json *json, const char *key, bool value);

#endif
