/* File helpers; see files.h. */
#include "config.h"

#include "base/files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* The start of NAME's last component. */
static const char *base_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash == NULL ? name : slash + 1;
}

enum { LINKS_MAX = 40 }; /* Linux's limit for one path */

/* Follows symbolic links from NAME and returns the name of the target, which
 * need not exist.  The caller frees it. */
static char *follow(const char *name)
{
	char *at = memory_string(name);

	for (int i = 0; i < LINKS_MAX; i++) {
		char target[PATH_MAX], *next;
		ssize_t length = readlink(at, target, sizeof(target) - 1);

		if (length < 0)
			break;
		target[length] = '\0';
		next = target[0] == '/'
			? memory_string(target)
			: memory_format("%.*s%s", (int)(base_of(at) - at), at,
					target);
		free(at);
		at = next;
	}
	return at;
}

/* Calls stat(2) on the directory that contains NAME. */
static int stat_directory(const char *name, struct stat *status)
{
	const char *base = base_of(name);
	char *copy;
	int result;

	if (base == name)
		return stat(".", status);
	copy = memory_copy(name, (size_t)(base - name));
	result = stat(copy, status);
	free(copy);
	return result;
}

static bool is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Whether the names of two files that do not exist lead to the same place. */
static bool would_be_same(const char *one, const char *other)
{
	char *first = follow(one), *second = follow(other);
	struct stat here, there;
	bool same = strcmp(base_of(first), base_of(second)) == 0 &&
		    stat_directory(first, &here) == 0 &&
		    stat_directory(second, &there) == 0 &&
		    is_same(&here, &there);

	free(first);
	free(second);
	return same;
}

bool files_same(const char *one, const char *other)
{
	struct stat first, second;
	bool is_first = stat(one, &first) == 0;
	bool is_second = stat(other, &second) == 0;

	if (strcmp(one, "-") == 0 || strcmp(other, "-") == 0)
		return false;
	if (!is_first && !is_second)
		return would_be_same(one, other);
	return is_first && is_second && S_ISREG(first.st_mode) &&
	       is_same(&first, &second);
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
