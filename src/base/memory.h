/*
 * Memory that is there or ends the program.
 *
 * Everything here is small and bounded by the options; only bodies may be
 * large, and they are bounded by the sink.
 */
#ifndef PFETCH_BASE_MEMORY_H
#define PFETCH_BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

/* Makes the system's allocator keep what is freed for what is needed next,
 * within MEMORY_KEPT bytes.  Once, before any thread. */
enum { MEMORY_KEPT = 32 << 20 };
void memory_tune(void);

/* As malloc, calloc, realloc, strdup and strndup, but never return NULL: they
 * end the program with status 3.  The caller owns what they return and frees
 * it with free().  Any thread. */
void *memory_alloc(size_t size);
void *memory_zeroed(size_t size);
void *memory_resize(void *old, size_t size);
char *memory_string(const char *string);
char *memory_copy(const char *bytes, size_t length);

/* printf into a new string that the caller owns. */
char *memory_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
char *memory_vformat(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

#endif
