/* The records of a journal; see journal-record.h. */
#include "config.h"

#include "core/journal-record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/fatal.h"
#include "base/units.h"

enum { CRC_DIGITS = 8, ID_DIGITS = 2 * JOURNAL_ID_BYTES, FIELDS_MAX = 6 };

/* ---- reading ---- */

/* The value of COUNT hexadecimal digits as we write them, in lower case; or
 * -1. */
static int64_t hex_value(const char *digits, size_t count)
{
	int64_t value = 0;

	for (size_t i = 0; i < count; i++) {
		int digit = units_hex_digit(digits[i]);

		if (digit < 0 || (digits[i] >= 'A' && digits[i] <= 'F'))
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

/* Whether LINE ends in the CRC of what is before. */
static bool is_sound(const char *line, size_t length)
{
	size_t body = length - CRC_DIGITS;

	return length > CRC_DIGITS + 1 && line[body - 1] == '\t' &&
	       hex_value(line + body, CRC_DIGITS) ==
		       (int64_t)crc32(0, (const Bytef *)line, (uInt)body);
}

/* Splits LINE at its tabs.  Returns how many fields there are, up to
 * FIELDS_MAX. */
static size_t split(const char *line, size_t length,
		    struct journal_text fields[FIELDS_MAX])
{
	const char *end = line + length;
	size_t count = 0;

	while (count < FIELDS_MAX) {
		const char *tab = memchr(line, '\t', (size_t)(end - line));

		fields[count].at = line;
		fields[count++].length = (size_t)((tab != NULL ? tab : end) -
						  line);
		if (tab == NULL)
			break;
		line = tab + 1;
	}
	return count;
}

static bool read_id(const struct journal_text *field,
		    uint8_t id[JOURNAL_ID_BYTES])
{
	if (field->length != ID_DIGITS)
		return false;
	for (size_t i = 0; i < JOURNAL_ID_BYTES; i++) {
		int64_t byte = hex_value(field->at + 2 * i, 2);

		if (byte < 0)
			return false;
		id[i] = (uint8_t)byte;
	}
	return true;
}

static bool read_number(const struct journal_text *field, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < field->length; i++) {
		if (field->at[i] < '0' || field->at[i] > '9')
			return false;
		*number = *number * 10 + (uint64_t)(field->at[i] - '0');
	}
	return field->length > 0 && field->length < 20;
}

static struct journal_text name_in(struct journal_text field)
{
	if (field.length == 1 && *field.at == '-')
		field.length = 0;
	return field;
}

static bool read_complete(const struct journal_text *fields,
			  struct journal_record *record)
{
	record->temp = name_in(fields[3]);
	record->name = name_in(fields[4]);
	return read_id(&fields[1], record->id) &&
	       read_number(&fields[2], &record->bytes);
}

static bool is_text(const struct journal_text *field, const char *text)
{
	return field->length == strlen(text) &&
	       memcmp(field->at, text, field->length) == 0;
}

void journal_record_read(const char *line, size_t length,
			 struct journal_record *record)
{
	struct journal_text fields[FIELDS_MAX];
	size_t count;

	record->kind = JOURNAL_DAMAGED;
	if (!is_sound(line, length))
		return;
	count = split(line, length, fields);
	if (count == 6 && is_text(&fields[0], "C") &&
	    read_complete(fields, record)) {
		record->kind = JOURNAL_COMPLETE;
	} else if (count == 4 && is_text(&fields[0], "F") &&
		   read_id(&fields[1], record->id)) {
		record->kind = JOURNAL_FAILED;
		record->class = fields[2];
	} else if (count == 2 && is_text(&fields[0], "G")) {
		record->kind = JOURNAL_GROUP;
	} else if (count == 6 && is_text(&fields[0], JOURNAL_MAGIC)) {
		record->kind = JOURNAL_RUN;
		record->run = fields[1];
		record->boot = fields[2];
	}
}

/* ---- writing ---- */

/* Adds the CRC and the end of the line after LENGTH bytes. */
static size_t seal(char line[JOURNAL_LINE_MAX], int length)
{
	int more;

	must(length > 0 && length < JOURNAL_LINE_MAX - CRC_DIGITS - 2);
	more = snprintf(line + length, (size_t)(JOURNAL_LINE_MAX - length),
			"%08lx\n", crc32(0, (const Bytef *)line,
					 (uInt)length));
	return (size_t)length + (size_t)more;
}

static void write_id(char hex[ID_DIGITS + 1],
		     const uint8_t id[JOURNAL_ID_BYTES])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < JOURNAL_ID_BYTES; i++) {
		hex[2 * i] = digits[id[i] >> 4];
		hex[2 * i + 1] = digits[id[i] & 15];
	}
	hex[ID_DIGITS] = '\0';
}

size_t journal_record_run(char line[JOURNAL_LINE_MAX], const char *run_id,
			  const char *boot)
{
	return seal(line, snprintf(line, JOURNAL_LINE_MAX, JOURNAL_MAGIC
				   "\t%s\t%s\t%ld\t%lld\t", run_id,
				   *boot != '\0' ? boot : "-", (long)getpid(),
				   (long long)time(NULL)));
}

size_t journal_record_group(char line[JOURNAL_LINE_MAX])
{
	return seal(line, snprintf(line, JOURNAL_LINE_MAX, "G\t"));
}

size_t journal_record_complete(char line[JOURNAL_LINE_MAX],
			       const uint8_t id[JOURNAL_ID_BYTES],
			       uint64_t bytes, const char *temp,
			       const char *name)
{
	char hex[ID_DIGITS + 1];

	write_id(hex, id);
	return seal(line, snprintf(line, JOURNAL_LINE_MAX, "C\t%s\t%" PRIu64
				   "\t%s\t%s\t", hex, bytes,
				   temp != NULL ? temp : "-",
				   name != NULL ? name : "-"));
}

size_t journal_record_failed(char line[JOURNAL_LINE_MAX],
			     const uint8_t id[JOURNAL_ID_BYTES],
			     const char *class)
{
	char hex[ID_DIGITS + 1];

	write_id(hex, id);
	return seal(line, snprintf(line, JOURNAL_LINE_MAX, "F\t%s\t%s\t", hex,
				   class));
}
