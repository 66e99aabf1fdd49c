/* A set of HTTP status codes; see status-set.h. */
#include "config.h"

#include "base/status-set.h"

#include <stddef.h>
#include <string.h>

bool status_set_has(const struct status_set *set, int status)
{
	int index = status - STATUS_FIRST;

	return status >= STATUS_FIRST && status <= STATUS_LAST &&
	       (set->bits[index / 64] >> index % 64 & 1) != 0;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Reads three digits, or one and "xx", as the range *FIRST to *LAST.  Returns
 * what follows, or NULL. */
static const char *take_code(const char *at, int *first, int *last)
{
	if (!is_digit(at[0]))
		return NULL;
	*first = *last = (at[0] - '0') * 100;
	if (strncmp(at + 1, "xx", 2) == 0) {
		*last += 99;
		return at + 3;
	}
	if (!is_digit(at[1]) || !is_digit(at[2]))
		return NULL;
	*first += (at[1] - '0') * 10 + at[2] - '0';
	*last = *first;
	return at + 3;
}

const char *status_set_parse(const char *text, struct status_set *set)
{
	*set = (struct status_set){ { 0 } };
	for (const char *at = text;; at++) {
		int first, last, unused;

		at = take_code(at, &first, &last);
		if (at != NULL && *at == '-')
			at = take_code(at + 1, &unused, &last);
		if (at == NULL || (*at != ',' && *at != '\0'))
			return "not status codes such as 404,410,5xx,300-308";
		if (first < STATUS_FIRST || last > STATUS_LAST || first > last)
			return "a status code is not in 200 to 599";
		for (int code = first; code <= last; code++) {
			int index = code - STATUS_FIRST;

			set->bits[index / 64] |= (uint64_t)1 << index % 64;
		}
		if (*at == '\0')
			return NULL;
	}
}
