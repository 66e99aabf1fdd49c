/* File helpers; see files.h. */
#include "config.h"

#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef HAVE_MEMFD_CREATE
#include <sys/mman.h>
#endif

#include "base/memory.h"
#include "base/siphash.h"

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

int files_sync_parent(const char *path)
{
	size_t length = (size_t)(base_of(path) - path);
	char *directory = length > 0 ? memory_copy(path, length)
				     : memory_string(".");
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed = fd < 0 ? -1 : fsync(fd), error = errno;

	if (fd >= 0)
		close(fd);
	free(directory);
	errno = error;
	return failed;
}

char *files_read(const char *path, size_t most, size_t *length)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), error = 0;
	size_t room = 4096;
	char *bytes;
	ssize_t got = 1;

	if (fd < 0)
		return NULL;
	bytes = memory_alloc(room + 1);
	*length = 0;
	while (error == 0 && got != 0) {
		if (*length == room) {
			room *= 2;
			bytes = memory_resize(bytes, room + 1);
		}
		got = read(fd, bytes + *length, room - *length);
		if (got > 0)
			*length += (size_t)got;
		else if (got < 0 && errno != EINTR)
			error = errno;
		if (*length > most)
			error = EFBIG;
	}
	close(fd);
	bytes[*length] = '\0';
	if (error == 0)
		return bytes;
	free(bytes);
	errno = error;
	return NULL;
}

/* A file without a name. */
static int open_shared(void)
{
	int fd;
#ifdef HAVE_MEMFD_CREATE
	fd = memfd_create("pfetch", MFD_CLOEXEC);
#else
	FILE *file = tmpfile();

	fd = file != NULL ? dup(fileno(file)) : -1;
	if (file != NULL)
		fclose(file);
#endif
	return fd;
}

int files_share(const char *bytes, size_t length)
{
	int fd = open_shared();
	int error = fd < 0 ? errno : files_write_all(fd, bytes, length);

	if (error == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

/* Creates a file beside PATH, whose name it is to get.  Returns a descriptor
 * and sets *TEMP, which the caller frees; or -1 with errno. */
static int open_beside(const char *path, mode_t mode, char **temp)
{
	int fd;

	*temp = memory_format("%s.%016" PRIx64, path, siphash_random());
	fd = open(*temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0) {
		free(*temp);
		*temp = NULL;
	}
	return fd;
}

/* Whether there is something at PATH that can only be written to: a device, or
 * a pipe. */
static bool is_special(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) &&
	       !S_ISDIR(status.st_mode);
}

int files_can_replace(const char *path)
{
	struct stat status;
	char *target, *temp;
	int fd, error = 0;

	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return EISDIR;
	if (is_special(path))
		return access(path, W_OK) == 0 ? 0 : errno;
	target = follow(path);
	fd = open_beside(target, 0600, &temp);
	if (fd < 0)
		error = errno;
	free(target);
	if (error != 0)
		return error;
	close(fd);
	unlink(temp);
	free(temp);
	return 0;
}

static int write_special(const char *path, const char *bytes, size_t length)
{
	/* A pipe that nobody reads is an error. */
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int error;

	if (fd < 0)
		return errno;
	fcntl(fd, F_SETFL, 0);
	error = files_write_all(fd, bytes, length);
	close(fd);
	return error;
}

int files_replace(const char *path, const char *bytes, size_t length,
		  mode_t mode)
{
	char *target, *temp;
	int fd, error;

	if (is_special(path))
		return write_special(path, bytes, length);
	target = follow(path);
	fd = open_beside(target, mode, &temp);
	error = fd < 0 ? errno : files_write_all(fd, bytes, length);
	if (fd >= 0 && close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(temp, target) != 0)
		error = errno;
	if (error != 0 && temp != NULL)
		unlink(temp);
	free(temp);
	free(target);
	return error;
}
