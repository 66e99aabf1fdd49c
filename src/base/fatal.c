/* Fatal errors and bugs; see fatal.h. */
#include "config.h"

#include "base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_ROOM = 4096 };

/* The length of the control character at AT, or 0 if there is none: C0, DEL,
 * or C1, which in UTF-8 is 0xc2 followed by 0x80 to 0x9f. */
static int control_length(const char *at)
{
	unsigned char first = (unsigned char)at[0];

	if (first == 0xc2 && ((unsigned char)at[1] & 0xe0) == 0x80)
		return 2;
	return first < ' ' || first == 0x7f;
}

void fatal_message(const char *format, va_list arguments)
{
	char text[MESSAGE_ROOM];

	vsnprintf(text, sizeof(text), format, arguments);
	for (char *at = text; *at != '\0'; at++) {
		int length = control_length(at);

		memset(at, '?', (size_t)length);
		at += length > 1;
	}
	fprintf(stderr, "pfetch: %s\n", text);
}

void fatal_warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fatal_message(format, arguments);
	va_end(arguments);
}

void fatal(int status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fatal_message(format, arguments);
	va_end(arguments);
	exit(status);
}

void bug_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "pfetch: bug: %s:%d: %s\n", file, line, what);
	abort();
}
