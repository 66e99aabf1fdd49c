/* The end of the program; see fatal.h. */
#include "config.h"

#include "base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MESSAGE_ROOM = 4096 };

void fatal_message(const char *format, va_list arguments)
{
	char text[MESSAGE_ROOM];

	vsnprintf(text, sizeof(text), format, arguments);
	for (char *at = text; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	}
	fprintf(stderr, "pfetch: %s\n", text);
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
