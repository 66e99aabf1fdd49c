/* Numbers as people write them: counts, sizes and times.  Pure. */
#ifndef PFETCH_BASE_UNITS_H
#define PFETCH_BASE_UNITS_H

#include <stdint.h>

/* Each reads the whole of TEXT (no sign, no blanks, no locale) into VALUE and
 * returns 0, or returns -1 and leaves VALUE alone when TEXT is not such a
 * number or is too large.
 *
 * A count is decimal digits.  A size may end in K, M, G or T (powers of
 * 1024; "KiB" and the like too) or B.  Seconds may have a fraction of up to
 * three digits and end in "s" or "ms"; the value is in milliseconds. */
int units_parse_count(const char *text, uint64_t *value);
int units_parse_size(const char *text, uint64_t *bytes);
int units_parse_seconds(const char *text, uint64_t *milliseconds);

/* Seconds with a fraction of up to six digits, or "ms" with up to three, or
 * whole "us"; the value is in microseconds. */
int units_parse_fine_seconds(const char *text, uint64_t *microseconds);

/* A percentage, with or without "%" and a fraction of up to three digits, as
 * thousandths of a percent. */
int units_parse_percent(const char *text, uint64_t *thousandths);

/* Writes BYTES as "512 B", "1.2 KiB", "3.4 GiB" into BUFFER. */
enum { UNITS_ROOM = 32 };
void units_format_bytes(char buffer[UNITS_ROOM], double bytes);

#endif
