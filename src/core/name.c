/* Derives a file's name from a URL; see name.h. */
#include "config.h"

#include "core/name.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/units.h"
#include "output/escape.h"

enum { SHORT = 256 }; /* names up to this long are built on the stack */

size_t name_decode(char *text, size_t length)
{
	const char *end = text + length;
	char *to = text;

	if (memchr(text, '%', length) == NULL)
		return length;
	for (const char *from = text; from < end; from++) {
		bool whole = *from == '%' && end - from > 2;
		int high = whole ? units_hex_digit(from[1]) : -1;
		int low = high >= 0 ? units_hex_digit(from[2]) : -1;

		if (low >= 0) {
			*to++ = (char)(high * 16 + low);
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	return (size_t)(to - text);
}

void name_make_safe(char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t shown = text[i] > ' ' && text[i] < 0x7f
			? 1 : escape_printable(text + i, length - i);

		if (shown == 0 || text[i] == '/' || text[i] == '\\')
			text[i] = '_';
		i += shown > 0 ? shown : 1;
	}
	if (length > 0 && (text[0] == '.' || text[0] == '-'))
		text[0] = '_';
}

/* FNV-1a */
uint64_t name_hash(const char *text, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
	return hash;
}

void name_cut(const char *text, size_t length, char name[NAME_ROOM])
{
	if (length <= NAME_KEPT) {
		memcpy(name, text, length);
		name[length] = '\0';
		return;
	}
	snprintf(name, NAME_ROOM, "%.*s-%016" PRIx64, NAME_KEPT, text,
		 name_hash(text, length));
}

/* Where the last segment of PATH begins. */
static const char *last_segment(const char *path, size_t length)
{
	const char *at = path + length;

	while (at > path && at[-1] != '/')
		at--;
	return at;
}

void name_from_url(const char *path, size_t path_length, const char *query,
		   size_t query_length, char name[NAME_ROOM])
{
	static const char index[] = "index.html";
	const char *segment = last_segment(path, path_length);
	size_t length = (size_t)(path + path_length - segment);
	size_t whole;
	char room[SHORT], *text;

	if (length == 0) {
		segment = index;
		length = sizeof(index) - 1;
	}
	whole = length + (query != NULL ? query_length + 1 : 0);
	text = whole <= SHORT ? room : memory_alloc(whole);
	memcpy(text, segment, length);
	if (query != NULL) {
		text[length] = '?';
		memcpy(text + length + 1, query, query_length);
	}
	whole = name_decode(text, whole);
	name_make_safe(text, whole);
	name_cut(text, whole, name);
	if (text != room)
		free(text);
}

bool name_from_suggestion(const char *suggested, char name[NAME_ROOM])
{
	const char *last = suggested;
	char *text;
	size_t length;

	for (const char *at = suggested; *at != '\0'; at++) {
		if (*at == '/' || *at == '\\')
			last = at + 1;
	}
	length = strlen(last);
	if (length == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return false;
	text = memory_copy(last, length);
	name_make_safe(text, length);
	name_cut(text, length, name);
	free(text);
	return true;
}
