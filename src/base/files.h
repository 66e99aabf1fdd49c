/* What several parts need of files. */
#ifndef PFETCH_BASE_FILES_H
#define PFETCH_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether both names lead to the same regular file, or would if it were
 * there.  "-" is a stream's name, not a file's. */
bool files_same(const char *one, const char *other);

/* Writes all LENGTH bytes to FD, which blocks.  Returns 0 or an error number.
 * Any thread. */
int files_write_all(int fd, const void *bytes, size_t length);

/* As mkdir -p.  Returns 0 or an error number. */
int files_make_directories(const char *path);

#endif
