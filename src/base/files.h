/* File helpers shared by several layers. */
#ifndef PFETCH_BASE_FILES_H
#define PFETCH_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether both names lead to the same regular file, or would if it existed.
 * "-" names a stream, not a file. */
bool files_same(const char *one, const char *other);

/* Writes all LENGTH bytes to FD, a blocking descriptor.  Returns 0 or an error
 * number.  Thread-safe. */
int files_write_all(int fd, const void *bytes, size_t length);

/* Creates PATH, which is not empty, and any missing parents, as mkdir -p does.
 * Returns 0 or an error number. */
int files_make_directories(const char *path);

#endif
