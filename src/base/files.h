/* Files and directories by their names. */
#ifndef PFETCH_BASE_FILES_H
#define PFETCH_BASE_FILES_H

#include <stdbool.h>

/* Whether both names lead to the same regular file that is there. */
bool files_same(const char *one, const char *other);

/* As mkdir -p.  Returns 0 or an error number. */
int files_make_directories(const char *path);

#endif
