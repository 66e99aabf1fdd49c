/* Numbers as people write them: counts, sizes and times.  Pure. */
#ifndef PFETCH_BASE_UNITS_H
#define PFETCH_BASE_UNITS_H

#include <stdint.h>

/* Each parses all of TEXT (no sign, no blanks, no locale) and stores the
 * value, returning 0.  When TEXT is not such a number or is too large, it
 * returns -1 and stores nothing.  A count is decimal digits.  A size may end
 * in K, M, G or T (powers of 1024, also written "KiB" and so on) or B.  A time
 * is in seconds with up to three decimals and an optional "s", or in whole
 * milliseconds with "ms"; the value is in milliseconds. */
int units_parse_count(const char *text, uint64_t *value);
/* The same; a "k" at the end stands for thousands, an "m" for millions. */
int units_parse_number(const char *text, uint64_t *value);
int units_parse_size(const char *text, uint64_t *bytes);
int units_parse_seconds(const char *text, uint64_t *milliseconds);

/* Seconds with up to six decimals, "ms" with up to three, or whole "us"; the
 * value is in microseconds. */
int units_parse_fine_seconds(const char *text, uint64_t *microseconds);

/* A percentage with up to three decimals, with or without "%"; the value is in
 * thousandths of a percent. */
int units_parse_percent(const char *text, uint64_t *thousandths);

/* A rate: a number with up to three decimals, per second ("/s" or nothing),
 * minute ("/m") or hour ("/h").  The value is the interval in microseconds, at
 * least 1; a rate of 0, for no limit, gives 0. */
int units_parse_rate(const char *text, uint64_t *interval_us);

/* Writes BYTES as "512 B", "1.2 KiB", "3.4 GiB" into BUFFER. */
enum { UNITS_ROOM = 32 };
void units_format_bytes(char buffer[UNITS_ROOM], double bytes);

/* The value of a hexadecimal DIGIT, or -1. */
int units_hex_digit(char digit);

#endif
