/* Makes text from outside safe to show; see escape.h. */
#include "config.h"

#include "output/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"

/* The length of the UTF-8 sequence that LEAD begins; 0 if it can't begin
 * one. */
static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Decodes one character of COUNT bytes; UINT32_MAX if it is not UTF-8. */
static uint32_t decode(const unsigned char *at, size_t count)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code = count == 1 ? at[0] : at[0] & (0x7fU >> count);

	for (size_t i = 1; i < count; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (at[i] & 0x3fU);
	}
	if (count > 1 && code < smallest[count])
		return UINT32_MAX;
	return code;
}

static bool is_printable(uint32_t code)
{
	return code >= 0x20 && !(code >= 0x7f && code <= 0x9f) &&
	       !(code >= 0x202a && code <= 0x202e) &&
	       !(code >= 0x2066 && code <= 0x2069) &&
	       code != 0x200e && code != 0x200f && code != 0x061c &&
	       code != 0x2028 && code != 0x2029 && code != 0xfeff &&
	       !(code >= 0xd800 && code <= 0xdfff) && code <= 0x10ffff;
}

size_t escape_printable(const char *text, size_t length)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t count = length > 0 ? sequence_length(*at) : 0;

	if (count == 0 || count > length)
		return 0;
	return is_printable(decode(at, count)) ? count : 0;
}

void escape_add(struct evbuffer *buffer, const char *text, size_t length)
{
	const char *at = text, *end = text + length;

	while (at < end) {
		const char *from = at;
		size_t count;

		while ((count = escape_printable(at, (size_t)(end - at))) > 0)
			at += count;
		evbuffer_add(buffer, from, (size_t)(at - from));
		if (at < end)
			evbuffer_add_printf(buffer, "\\x%02x",
					    (unsigned char)*at++);
	}
}

static char *mask_refused(const char *url, const char *start, bool cut)
{
	const char *at = strrchr(start, '@');

	if (cut && start != url)
		return memory_format("%.*s***", (int)(start - url), url);
	if (at == NULL)
		return memory_format("%.*s", ESCAPE_SHOWN, url);
	return memory_format("%.*s***%.*s", (int)(start - url), url,
			     ESCAPE_SHOWN, at);
}

char *escape_mask_login(const char *url, enum escape_url kind)
{
	const char *start = strstr(url, "://");
	const char *colon, *end, *at = NULL;

	/* In a bad line, anything may come before "://". */
	if (kind != ESCAPE_PARSED && start != NULL &&
	    start - url > ESCAPE_SHOWN)
		start = NULL;
	start = start != NULL ? start + 3 : url;
	if (kind != ESCAPE_PARSED)
		return mask_refused(url, start, kind == ESCAPE_CUT);
	end = start + strcspn(start, "/?#");
	for (const char *here = start; here < end; here++) {
		if (*here == '@')
			at = here;
	}
	if (at == NULL)
		return memory_string(url);
	colon = memchr(start, ':', (size_t)(at - start));
	if (colon == NULL)
		colon = start;
	else
		colon++;
	return memory_format("%.*s***%s", (int)(colon - url), url, at);
}

char *escape_string(const char *text)
{
	struct evbuffer *buffer = evbuffer_new();
	char *copy;

	must(buffer != NULL);
	escape_add(buffer, text, strlen(text));
	copy = memory_copy((const char *)evbuffer_pullup(buffer, -1),
			   evbuffer_get_length(buffer));
	evbuffer_free(buffer);
	return copy;
}
