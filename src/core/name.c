/* From a URL to the name of a file; see name.h. */
#include "config.h"

#include "core/name.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "output/escape.h"

static int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* Decodes %XX in place, once; returns the length, as NULs may appear. */
static size_t decode(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		int high = *from == '%' ? hex_value(from[1]) : -1;
		int low = high >= 0 ? hex_value(from[2]) : -1;

		if (low >= 0) {
			*to++ = (char)(high * 16 + low);
			from += 2;
		} else {
			*to++ = *from;
		}
	}
	return (size_t)(to - text);
}

static void make_safe(char *text, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t shown = escape_printable(text + i, length - i);

		if (shown == 0 || text[i] == '/' || text[i] == '\\')
			text[i] = '_';
		i += shown > 0 ? shown : 1;
	}
	if (length > 0 && (text[0] == '.' || text[0] == '-'))
		text[0] = '_';
}

/* FNV-1a: the same in every run and on every machine, as names must be. */
static uint64_t stable_hash(const char *text, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
	return hash;
}

void name_from_url(const char *path, const char *query, char name[NAME_ROOM])
{
	const char *slash = strrchr(path, '/');
	const char *segment = slash != NULL ? slash + 1 : path;
	size_t length;
	char *text;

	if (*segment == '\0')
		segment = "index.html";
	text = memory_format("%s%s%s", segment, query != NULL ? "?" : "",
			     query != NULL ? query : "");
	length = decode(text);
	make_safe(text, length);
	if (length <= NAME_KEPT)
		snprintf(name, NAME_ROOM, "%.*s", (int)length, text);
	else
		snprintf(name, NAME_ROOM, "%.*s-%016" PRIx64, NAME_KEPT, text,
			 stable_hash(text, length));
	free(text);
}
