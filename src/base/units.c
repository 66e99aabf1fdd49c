/* Numbers as people write them; see units.h. */
#include "config.h"

#include "base/units.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Reads digits at *AT and moves it past them.  Returns -1 when there are
 * none or the number does not fit. */
static int take_digits(const char **at, uint64_t *value)
{
	const char *from = *at;
	uint64_t total = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		uint64_t digit = (uint64_t)(**at - '0');

		if (total > (UINT64_MAX - digit) / 10)
			return -1;
		total = total * 10 + digit;
	}
	if (*at == from)
		return -1;
	*value = total;
	return 0;
}

int units_parse_count(const char *text, uint64_t *value)
{
	uint64_t total;

	if (take_digits(&text, &total) != 0 || *text != '\0')
		return -1;
	*value = total;
	return 0;
}

/* The power of two that a size's suffix stands for, or -1. */
static int suffix_shift(const char *suffix)
{
	static const char letters[] = "KMGT";
	const char *letter;

	if (*suffix == '\0' || strcmp(suffix, "B") == 0)
		return 0;
	letter = strchr(letters, *suffix & ~0x20);
	if (letter == NULL || *letter == '\0')
		return -1;
	suffix++;
	if (*suffix != '\0' && strcmp(suffix, "iB") != 0)
		return -1;
	return 10 * (int)(letter - letters + 1);
}

int units_parse_size(const char *text, uint64_t *bytes)
{
	uint64_t total;
	int shift;

	if (take_digits(&text, &total) != 0)
		return -1;
	shift = suffix_shift(text);
	if (shift < 0 || total > UINT64_MAX >> shift)
		return -1;
	*bytes = total << shift;
	return 0;
}

/* Reads up to three digits after a point as thousandths. */
static int take_thousandths(const char **at, uint64_t *value)
{
	uint64_t total = 0;
	int digits = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (++digits > 3)
			return -1;
		total = total * 10 + (uint64_t)(**at - '0');
	}
	if (digits == 0)
		return -1;
	for (; digits < 3; digits++)
		total *= 10;
	*value = total;
	return 0;
}

/* Reads a number that may have a fraction, and may end in UNIT, as
 * thousandths. */
static int parse_fraction(const char *text, const char *unit, uint64_t *value)
{
	uint64_t whole, thousandths = 0;

	if (take_digits(&text, &whole) != 0)
		return -1;
	if (*text == '.') {
		text++;
		if (take_thousandths(&text, &thousandths) != 0)
			return -1;
	}
	if (*text != '\0' && strcmp(text, unit) != 0)
		return -1;
	if (whole > (UINT64_MAX - thousandths) / 1000)
		return -1;
	*value = whole * 1000 + thousandths;
	return 0;
}

int units_parse_seconds(const char *text, uint64_t *milliseconds)
{
	const char *rest = text;
	uint64_t whole;

	if (take_digits(&rest, &whole) == 0 && strcmp(rest, "ms") == 0) {
		*milliseconds = whole;
		return 0;
	}
	return parse_fraction(text, "s", milliseconds);
}

int units_parse_percent(const char *text, uint64_t *thousandths)
{
	return parse_fraction(text, "%", thousandths);
}

void units_format_bytes(char buffer[UNITS_ROOM], double bytes)
{
	static const char *const names[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	while (bytes >= 1024 && unit + 1 < sizeof(names) / sizeof(*names)) {
		bytes /= 1024;
		unit++;
	}
	snprintf(buffer, UNITS_ROOM, unit == 0 ? "%.0f %s" : "%.1f %s",
		 bytes, names[unit]);
}
