/* Secrets of the command line; see secrets.h. */
#include "config.h"

#include "cmd/secrets.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* The original arguments and their copies, in the same order. */
static struct {
	int count;
	char **originals, **copies;
	char **handed_out;       /* the copies too, in any order */
} kept;

char **secrets_copy_arguments(int count, char **arguments)
{
	size_t room = ((size_t)count + 1) * sizeof(char *);
	char **copy = memory_zeroed(room);

	kept.count = count;
	kept.originals = memory_zeroed(room);
	kept.copies = memory_zeroed(room);
	for (int i = 0; i < count; i++) {
		copy[i] = memory_string(arguments[i]);
		kept.originals[i] = arguments[i];
		kept.copies[i] = copy[i];
	}
	kept.handed_out = copy;
	return copy;
}

void secrets_hide(const char *text, size_t length)
{
	uintptr_t at = (uintptr_t)text;

	for (int i = 0; i < kept.count; i++) {
		uintptr_t start = (uintptr_t)kept.copies[i];

		if (at < start || at > start + strlen(kept.copies[i]))
			continue;
		memset(kept.originals[i] + (at - start), '*', length);
		return;
	}
}

void secrets_hide_password(const char *text)
{
	const char *scheme = strstr(text, "://"), *end = NULL, *colon;
	const char *start = scheme != NULL ? scheme + 3 : text;

	for (const char *at = start; *at != '\0' && !strchr("/?#", *at); at++) {
		if (*at == '@')
			end = at;
	}
	colon = end != NULL
		? memchr(start, ':', (size_t)(end - start)) : NULL;
	if (colon != NULL)
		secrets_hide(colon + 1, (size_t)(end - colon - 1));
}
