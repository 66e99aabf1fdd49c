/*
 * Allocation that ends the program on failure.
 *
 * All allocations are small and bounded by the options, except for bodies,
 * which the sink bounds.
 */
#ifndef PFETCH_BASE_MEMORY_H
#define PFETCH_BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

/* Makes the allocator keep up to MEMORY_KEPT bytes of freed memory for reuse.
 * Call once, before any thread starts. */
enum { MEMORY_KEPT = 32 << 20 };
void memory_tune(void);

/* Like malloc, calloc, realloc and strdup, but on failure they end the program
 * with status 3 instead of returning NULL.  memory_copy() copies LENGTH bytes
 * and appends a NUL.  The caller owns the memory and frees it with free().
 * Thread-safe. */
void *memory_alloc(size_t size);
void *memory_zeroed(size_t size);
void *memory_resize(void *old, size_t size);
char *memory_string(const char *string);
char *memory_copy(const char *bytes, size_t length);

/* Formats as printf does, into a new string that the caller owns. */
char *memory_format(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
char *memory_vformat(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));

#endif
