/* File helpers shared by several layers. */
#ifndef PFETCH_BASE_FILES_H
#define PFETCH_BASE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Whether both names lead to the same regular file, or would if it existed.
 * "-" names a stream, not a file. */
bool files_same(const char *one, const char *other);

/* Writes all LENGTH bytes to FD, a blocking descriptor.  Returns 0 or an error
 * number.  Thread-safe. */
int files_write_all(int fd, const void *bytes, size_t length);

/* Reads the file PATH, which may be a pipe or a device, to its end.  Returns
 * its bytes, followed by a NUL that LENGTH does not count, to be freed by the
 * caller; or NULL with errno, which is EFBIG if there are more than MOST. */
char *files_read(const char *path, size_t most, size_t *length);

/* A descriptor, closed on exec, of a file without a name that holds BYTES; or
 * -1 with errno. */
int files_share(const char *bytes, size_t length);

/* Writes LENGTH bytes to a file with MODE that takes the place of PATH once it
 * is complete, or to what is there if that is a device or a pipe.  Returns 0 or
 * an error number. */
int files_replace(const char *path, const char *bytes, size_t length,
		  mode_t mode);

/* Whether that could be done now: 0, or an error number. */
int files_can_replace(const char *path);

/* Has the directory that PATH is in written to disk.  Returns 0, or -1 with
 * errno. */
int files_sync_parent(const char *path);

/* Creates PATH, which is not empty, and any missing parents, as mkdir -p does.
 * Returns 0 or an error number. */
int files_make_directories(const char *path);

#endif
