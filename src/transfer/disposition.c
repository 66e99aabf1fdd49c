/* Suggested file names; see disposition.h. */
#include "config.h"

#include "transfer/disposition.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/units.h"

/* What is left to be read. */
struct cursor {
	const char *at, *end;
};

static void skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end &&
	       (*cursor->at == ' ' || *cursor->at == '\t'))
		cursor->at++;
}

/* Takes the bytes up to one of STOPS. */
static char *take_token(struct cursor *cursor, const char *stops)
{
	const char *begin = cursor->at;

	while (cursor->at < cursor->end && *cursor->at != '\0' &&
	       strchr(stops, *cursor->at) == NULL)
		cursor->at++;
	return memory_copy(begin, (size_t)(cursor->at - begin));
}

/* Takes a quoted string (RFC 9110, 5.6.4), whose opening quote was read. */
static char *take_quoted(struct cursor *cursor)
{
	char *text = memory_alloc((size_t)(cursor->end - cursor->at) + 1);
	size_t length = 0;

	while (cursor->at < cursor->end && *cursor->at != '"') {
		if (*cursor->at == '\\' && cursor->at + 1 < cursor->end)
			cursor->at++;
		text[length++] = *cursor->at++;
	}
	cursor->at += cursor->at < cursor->end;
	text[length] = '\0';
	return text;
}

static char *take_value(struct cursor *cursor)
{
	if (cursor->at < cursor->end && *cursor->at == '"') {
		cursor->at++;
		return take_quoted(cursor);
	}
	return take_token(cursor, "; \t");
}

/* Decodes UTF-8'LANGUAGE'TEXT (RFC 8187, 3.2).  Other character sets are
 * obsolete.  Returns NULL if it isn't that. */
static char *decode(const char *value)
{
	const char *from = strchr(value, '\'');
	char *text, *to;

	if (from == NULL || strncasecmp(value, "UTF-8'", 6) != 0 ||
	    (from = strchr(from + 1, '\'')) == NULL)
		return NULL;
	text = to = memory_string(++from);
	while (*from != '\0') {
		int high = *from == '%' ? units_hex_digit(from[1]) : -1;
		int low = high >= 0 ? units_hex_digit(from[2]) : -1;

		*to++ = low >= 0 ? (char)(high * 16 + low) : *from;
		from += low >= 0 ? 3 : 1;
	}
	*to = '\0';
	return text;
}

/* Takes the value of one parameter into NAME, the best so far. */
static void take_parameter(struct cursor *cursor, char **name, bool *extended)
{
	char *key = take_token(cursor, "=; \t"), *value, *decoded = NULL;

	skip_blanks(cursor);
	if (cursor->at >= cursor->end || *cursor->at != '=') {
		free(key);
		return;
	}
	cursor->at++;
	skip_blanks(cursor);
	value = take_value(cursor);
	if (strcasecmp(key, "filename*") == 0 && !*extended)
		decoded = decode(value);
	if (decoded != NULL ||
	    (strcasecmp(key, "filename") == 0 && *name == NULL)) {
		free(*name);
		*name = decoded != NULL ? decoded : memory_string(value);
		*extended = decoded != NULL;
	}
	free(key);
	free(value);
}

char *disposition_name(const char *value, size_t length)
{
	struct cursor cursor = { value, value + length };
	char *name = NULL;
	bool extended = false;

	free(take_token(&cursor, ";")); /* "attachment" or "inline" */
	while (cursor.at < cursor.end && *cursor.at == ';') {
		cursor.at++;
		skip_blanks(&cursor);
		take_parameter(&cursor, &name, &extended);
		skip_blanks(&cursor);
		free(take_token(&cursor, ";"));
	}
	return name;
}
