/* How a body gets its name; see publish.h. */
#include "config.h"

#include "transfer/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/memory.h"

/* Links FD into DIRECTORY. */
static int link_unnamed(const struct sink_place *place, int fd, int directory,
			const char *name)
{
	char path[SINK_NAME_ROOM];
	int failed;

#ifdef AT_EMPTY_PATH
	/* Without CAP_DAC_READ_SEARCH, Linux allows this only to the process
	 * that opened the file, not for what a worker process passed on. */
	if (place->naming == SINK_BY_FD) {
		if (linkat(fd, "", directory, name, AT_EMPTY_PATH) == 0)
			return 0;
		if (errno != ENOENT)
			return errno;
	}
#endif
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	failed = linkat(AT_FDCWD, path, directory, name, AT_SYMLINK_FOLLOW);
	return failed ? errno : 0;
}

/* Like rename(2), but never replaces an existing file. */
static int rename_new(int place, const char *from, int directory,
		      const char *to)
{
#if defined(HAVE_RENAMEAT2)
	if (renameat2(place, from, directory, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
#elif defined(HAVE_RENAMEATX_NP)
	if (renameatx_np(place, from, directory, to, RENAME_EXCL) == 0)
		return 0;
	if (errno != ENOTSUP && errno != EINVAL)
		return errno;
#endif
	/* The file system can't do that, but link(2) never replaces a file
	 * either. */
	if (linkat(place, from, directory, to, 0) != 0)
		return errno;
	unlinkat(place, from, 0);
	return 0;
}

/* ---- directories on the way ---- */

/* Opens the directory NAME in PARENT, made if it is missing.  Returns a
 * descriptor, or -1 with errno. */
static int enter(int parent, const char *name)
{
	if (mkdirat(parent, name, 0777) != 0 && errno != EEXIST)
		return -1;
	return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					    O_CLOEXEC);
}

/* Opens the directory that NAME is in and sets *BASE to its last component.
 * What is returned is PLACE's own descriptor, or one to be closed, or -1 with
 * errno. */
static int open_parent(const struct sink_place *place, const char *name,
		       const char **base)
{
	int directory = place->directory_fd;

	for (*base = name; strchr(*base, '/') != NULL;) {
		size_t length = strcspn(*base, "/");
		char *component = memory_copy(*base, length);
		int next = enter(directory, component);
		int error = errno;

		free(component);
		if (directory != place->directory_fd)
			close(directory);
		if (next < 0) {
			errno = error;
			return -1;
		}
		directory = next;
		*base += length + 1;
	}
	return directory;
}

static void close_parent(const struct sink_place *place, int directory)
{
	if (directory != place->directory_fd)
		close(directory);
}

/* Replaces the file NAME in DIRECTORY, if there is one, by that of BODY. */
static int put_instead(const struct sink_place *place, uint64_t number,
		       const struct body *body, int directory,
		       const char *name)
{
	char temp[SINK_NAME_ROOM];
	int error = 0;

	/* A file without a name can't replace another: it needs one first. */
	sink_temp_name(place, number, temp);
	if (body->kind == BODY_UNNAMED)
		error = link_unnamed(place, body->fd, place->directory_fd,
				     temp);
	if (error == 0 &&
	    renameat(place->directory_fd, temp, directory, name) != 0)
		error = errno;
	if (error != 0)
		sink_remove_temp(place, number);
	return error;
}

static int put_new(const struct sink_place *place, uint64_t number,
		   const struct body *body, int directory, const char *name)
{
	char temp[SINK_NAME_ROOM];

	if (body->kind == BODY_UNNAMED)
		return link_unnamed(place, body->fd, directory, name);
	must(body->kind == BODY_TEMP);
	sink_temp_name(place, number, temp);
	return rename_new(place->directory_fd, temp, directory, name);
}

/* Keeps the file NAME as the latest of COUNT backups.  The file itself stays,
 * by a second name, until it is replaced. */
static int back_up(int directory, const char *name, uint64_t count)
{
	char *newer, *older = NULL;
	int error = 0;

	for (uint64_t i = count; i > 0 && error == 0; i--) {
		newer = memory_format("%s.~%" PRIu64 "~", name, i);
		if (older != NULL &&
		    renameat(directory, newer, directory, older) != 0 &&
		    errno != ENOENT)
			error = errno;
		free(older);
		older = newer;
	}
	if (error == 0 && unlinkat(directory, older, 0) != 0 &&
	    errno != ENOENT)
		error = errno;
	/* Not every file system has links. */
	if (error == 0 && linkat(directory, name, directory, older, 0) != 0 &&
	    errno != ENOENT &&
	    renameat(directory, name, directory, older) != 0)
		error = errno;
	free(older);
	return error;
}

int publish_file(const struct sink_place *place, uint64_t number,
		 const struct body *body, const char *name, bool replace,
		 uint64_t backups)
{
	const char *base;
	int directory = open_parent(place, name, &base), error;

	if (directory < 0)
		return errno;
	error = replace && backups > 0 ? back_up(directory, base, backups) : 0;
	if (error == 0)
		error = (replace ? put_instead : put_new)(place, number, body,
							  directory, base);
	close_parent(place, directory);
	return error;
}

void publish_set_time(const struct sink_place *place, uint64_t number,
		      const struct body *body, int64_t seconds)
{
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT }, { .tv_sec = (time_t)seconds },
	};
	char temp[SINK_NAME_ROOM];

	if (body->kind == BODY_UNNAMED) {
		futimens(body->fd, times);
		return;
	}
	sink_temp_name(place, number, temp);
	utimensat(place->directory_fd, temp, times, AT_SYMLINK_NOFOLLOW);
}

/* Whether the latest backup of NAME is the file itself: that was done before,
 * and the file was not replaced since. */
static bool is_backed_up(int directory, const char *name)
{
	char *backup = memory_format("%s.~1~", name);
	struct stat one, other;
	bool same = fstatat(directory, name, &one, AT_SYMLINK_NOFOLLOW) == 0 &&
		    fstatat(directory, backup, &other,
			    AT_SYMLINK_NOFOLLOW) == 0 &&
		    one.st_dev == other.st_dev && one.st_ino == other.st_ino;

	free(backup);
	return same;
}

int publish_temporarily(const struct sink_place *place, uint64_t number,
			struct body *body)
{
	char temp[SINK_NAME_ROOM];
	int error;

	sink_temp_name(place, number, temp);
	error = link_unnamed(place, body->fd, place->directory_fd, temp);
	if (error != 0)
		return error;
	body->kind = BODY_TEMP;
	if (close(body->fd) != 0 && errno != EINTR)
		error = errno;
	body->fd = -1;
	return error;
}

int publish_rename(const struct sink_place *place, const char *temp,
		   const char *name, bool replace, uint64_t backups)
{
	const char *base;
	int directory = open_parent(place, name, &base), error;

	if (directory < 0)
		return errno;
	error = replace && backups > 0 && !is_backed_up(directory, base)
			? back_up(directory, base, backups) : 0;
	if (error == 0 && !replace)
		error = rename_new(place->directory_fd, temp, directory, base);
	else if (error == 0 &&
		 renameat(place->directory_fd, temp, directory, base) != 0)
		error = errno;
	close_parent(place, directory);
	return error;
}

int publish_undo(const struct sink_place *place, const char *name)
{
	const char *base;
	int directory = open_parent(place, name, &base), error;

	if (directory < 0)
		return errno;
	error = unlinkat(directory, base, 0) == 0 ? 0 : errno;
	close_parent(place, directory);
	return error;
}

static bool can_link(const struct sink_place *place)
{
	char name[SINK_NAME_ROOM];
	int fd = sink_open_unnamed(place);
	bool linked;

	if (fd < 0)
		return false;
	sink_temp_name(place, 0, name);
	linked = link_unnamed(place, fd, place->directory_fd, name) == 0;
	if (linked)
		sink_remove_temp(place, 0);
	close(fd);
	return linked;
}

void publish_find_naming(struct sink_place *place)
{
	sigset_t all, before;

	/* A signal that ends the process would leave the trial file behind. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	/* Linking by descriptor needs the other way to fall back on. */
	place->naming = SINK_BY_PATH;
	place->naming = can_link(place) ? SINK_BY_FD : SINK_NAMED;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}
