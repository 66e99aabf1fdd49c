/* Allocation that ends the program on failure; see memory.h. */
#include "config.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef HAVE_MALLOPT
#include <malloc.h>
#endif
#include <string.h>

#include "base/fatal.h"

static void *there(void *memory)
{
	if (memory == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return memory;
}

/* libcurl allocates a buffer for each transfer and frees it at the end.  By
 * default glibc returns a block of that size to the system, which then has to
 * find and clear new pages: a tenth of the time of a small transfer. */
void memory_tune(void)
{
#ifdef HAVE_MALLOPT
	mallopt(M_MMAP_THRESHOLD, MEMORY_KEPT);
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
#endif
}

void *memory_alloc(size_t size)
{
	return there(malloc(size > 0 ? size : 1));
}

void *memory_zeroed(size_t size)
{
	return there(calloc(1, size > 0 ? size : 1));
}

void *memory_resize(void *old, size_t size)
{
	return there(realloc(old, size > 0 ? size : 1));
}

char *memory_string(const char *string)
{
	return there(strdup(string));
}

char *memory_copy(const char *bytes, size_t length)
{
	char *copy = memory_alloc(length + 1);

	if (length > 0)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

char *memory_vformat(const char *format, va_list arguments)
{
	char *string = NULL;

	if (vasprintf(&string, format, arguments) < 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return string;
}

char *memory_format(const char *format, ...)
{
	va_list arguments;
	char *string;

	va_start(arguments, format);
	string = memory_vformat(format, arguments);
	va_end(arguments);
	return string;
}
