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

int units_parse_number(const char *text, uint64_t *value)
{
	uint64_t total, scale = 1;

	if (take_digits(&text, &total) != 0)
		return -1;
	if (*text == 'k' || *text == 'K')
		scale = 1000;
	else if (*text == 'm' || *text == 'M')
		scale = 1000 * 1000;
	if (text[scale > 1] != '\0' || total > UINT64_MAX / scale)
		return -1;
	*value = total * scale;
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

/* Reads the digits after a decimal point as a fraction of SCALE, a power of
 * ten that also limits their number. */
static int take_fraction(const char **at, uint64_t scale, uint64_t *value)
{
	const char *from = *at;
	uint64_t total = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (scale == 1)
			return -1;
		scale /= 10;
		total += (uint64_t)(**at - '0') * scale;
	}
	if (*at == from)
		return -1;
	*value = total;
	return 0;
}

/* A suffix that a number may have, and how many of the value's units it stands
 * for: a power of ten. */
struct unit {
	const char *suffix;
	uint64_t scale;
};

static int parse_decimal(const char *text, const struct unit *units,
			 uint64_t *value)
{
	const char *suffix = text + strspn(text, "0123456789.");
	uint64_t whole, fraction = 0;

	while (units->suffix != NULL && strcmp(units->suffix, suffix) != 0)
		units++;
	if (units->suffix == NULL || take_digits(&text, &whole) != 0)
		return -1;
	if (*text == '.') {
		text++;
		if (take_fraction(&text, units->scale, &fraction) != 0)
			return -1;
	}
	if (text != suffix || whole > (UINT64_MAX - fraction) / units->scale)
		return -1;
	*value = whole * units->scale + fraction;
	return 0;
}

int units_parse_seconds(const char *text, uint64_t *milliseconds)
{
	static const struct unit units[] = {
		{ "", 1000 }, { "s", 1000 }, { "ms", 1 }, { NULL, 0 },
	};

	return parse_decimal(text, units, milliseconds);
}

int units_parse_fine_seconds(const char *text, uint64_t *microseconds)
{
	static const struct unit units[] = {
		{ "", 1000000 }, { "s", 1000000 }, { "ms", 1000 },
		{ "us", 1 }, { NULL, 0 },
	};

	return parse_decimal(text, units, microseconds);
}

int units_parse_percent(const char *text, uint64_t *thousandths)
{
	static const struct unit units[] = {
		{ "", 1000 }, { "%", 1000 }, { NULL, 0 },
	};

	return parse_decimal(text, units, thousandths);
}

/* How long the unit of a rate is in seconds, or 0. */
static uint64_t rate_seconds(const char *suffix)
{
	static const struct unit units[] = {
		{ "", 1 }, { "/s", 1 }, { "/m", 60 }, { "/h", 3600 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(units[i].suffix, suffix) == 0)
			return units[i].scale;
	}
	return 0;
}

int units_parse_rate(const char *text, uint64_t *interval_us)
{
	static const struct unit thousandths = { "", 1000 };
	size_t length = strspn(text, "0123456789.");
	uint64_t seconds = rate_seconds(text + length), rate;
	char number[24];

	if (seconds == 0 || length >= sizeof(number))
		return -1;
	memcpy(number, text, length);
	number[length] = '\0';
	if (parse_decimal(number, &thousandths, &rate) != 0)
		return -1;
	*interval_us = rate > 0 ? seconds * 1000000000 / rate : 0;
	if (rate > 0 && *interval_us == 0)
		*interval_us = 1;
	return 0;
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

int units_hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}
