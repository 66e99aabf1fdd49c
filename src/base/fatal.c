/* The end of the program; see fatal.h. */
#include "config.h"

#include "base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void fatal(int status, const char *format, ...)
{
	va_list arguments;

	fputs("pfetch: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(status);
}

void bug_at(const char *file, int line, const char *what)
{
	fprintf(stderr, "pfetch: bug: %s:%d: %s\n", file, line, what);
	abort();
}
