/* Files; see files.h. */
#include "config.h"

#include "base/files.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

bool files_same(const char *one, const char *other)
{
	struct stat first, second;

	return stat(one, &first) == 0 && stat(other, &second) == 0 &&
	       S_ISREG(first.st_mode) && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

int files_write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length > 0) {
		ssize_t written = write(fd, at, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno;
		at += written;
		length -= (size_t)written;
	}
	return 0;
}

int files_make_directories(const char *path)
{
	char *copy = memory_string(path);
	int error = 0;

	for (char *at = copy + 1; *at != '\0' && error == 0; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			error = errno;
		*at = '/';
	}
	if (error == 0 && mkdir(copy, 0777) != 0 && errno != EEXIST)
		error = errno;
	free(copy);
	return error;
}
