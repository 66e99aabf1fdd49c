/* The names that are taken; see names.h. */
#include "config.h"

#include "core/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/hash-set.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "core/name.h"

#include <uthash.h>

/* The clock that Linux takes the times of files from; others are no later. */
#ifdef CLOCK_REALTIME_COARSE
#define FILE_CLOCK CLOCK_REALTIME_COARSE
#else
#define FILE_CLOCK CLOCK_REALTIME
#endif

/* A hint: a name that was wanted more than once, and the next number to try. */
struct hint {
	UT_hash_handle hh;
	uint64_t next;
	char name[];
};

enum { NUMBER_ROOM = 24 }; /* for "." and a number */

/* A Bloom filter: a name that it does not have was never added. */
enum { FILTER_BITS = 1 << 21, FILTER_PROBES = 4 }; /* 256 KiB */

struct filter {
	bool full;            /* some were not added: any name may be taken */
	uint64_t bits[FILTER_BITS / 64];
};

struct names {
	int directory_fd;
	bool replace;
	struct timespec begun;    /* by the clock of file systems */
	struct filter *filter;    /* names there at first or given since */
	struct hash_set in_flight;
	struct hint *hints;       /* up to NAMES_HINTS_MAX, latest use last */
	struct hash_set failed;
	struct hash_set directories; /* of names that were given */
	struct hash_set members;     /* names in the archive, if it is one; or
				      * of protected files */
	uint64_t serial;             /* of names beyond those; 0: none yet */
};

static uint64_t hash_of(const char *name)
{
	uint64_t hash = siphash(name, strlen(name));

	return hash != 0 ? hash : 1;
}

/* All bits of a name are in one word, so that a look-up costs a single cache
 * miss, at the price of a few more false positives. */
static uint64_t *filter_word(struct filter *filter, uint64_t hash)
{
	return &filter->bits[hash % (FILTER_BITS / 64)];
}

static uint64_t filter_mask(uint64_t hash)
{
	uint64_t mask = 0;

	for (int probe = 0; probe < FILTER_PROBES; probe++)
		mask |= (uint64_t)1 << (hash >> (32 + 6 * probe)) % 64;
	return mask;
}

static void filter_add(struct filter *filter, uint64_t hash)
{
	*filter_word(filter, hash) |= filter_mask(hash);
}

static bool filter_has(struct filter *filter, uint64_t hash)
{
	uint64_t mask = filter_mask(hash);

	return filter->full || (*filter_word(filter, hash) & mask) == mask;
}

/* Adds the names in the directory to the filter, or marks it full if the
 * directory can't be opened or has too many. */
static void read_directory(struct names *names)
{
	int fd = openat(names->directory_fd, ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry = NULL;
	size_t count = 0;

	if (directory == NULL) {
		names->filter->full = names->directory_fd >= 0;
		if (fd >= 0)
			close(fd);
		return;
	}
	while (count++ < NAMES_READ_MAX &&
	       (entry = readdir(directory)) != NULL)
		filter_add(names->filter, hash_of(entry->d_name));
	names->filter->full = entry != NULL;
	closedir(directory);
}

/* A time that no file can have which was written before now.  The times of
 * files are those of the last tick of the system's timer. */
static struct timespec next_tick(void)
{
	const struct timespec moment = { .tv_nsec = 500 * 1000 };
	struct timespec before, now;

	clock_gettime(FILE_CLOCK, &before);
	do {
		nanosleep(&moment, NULL);
		clock_gettime(FILE_CLOCK, &now);
	} while (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec);
	return now;
}

struct names *names_new(int directory_fd, bool replace, bool tells_age)
{
	struct names *names = memory_zeroed(sizeof(*names));

	names->directory_fd = directory_fd;
	names->replace = replace;
	if (tells_age || replace)
		names->begun = next_tick();
	names->filter = memory_zeroed(sizeof(*names->filter));
	read_directory(names);
	return names;
}

static void drop(struct names *names, struct hint *hint)
{
	HASH_DEL(names->hints, hint);
	free(hint);
}

void names_free(struct names *names)
{
	while (names->hints != NULL)
		drop(names, names->hints);
	hash_set_release(&names->in_flight);
	hash_set_release(&names->failed);
	hash_set_release(&names->directories);
	hash_set_release(&names->members);
	free(names->filter);
	free(names);
}

/* The filter knows what is in the directory itself, not below it. */
static bool may_be_taken(const struct names *names, const char *name)
{
	return strchr(name, '/') != NULL ||
	       filter_has(names->filter, hash_of(name));
}

/* Whether a file's status changed last before this run began; only regular
 * files count. */
static bool is_older(const struct names *names, const struct stat *status)
{
	const struct timespec *changed = &status->st_ctim;

	return S_ISREG(status->st_mode) &&
	       (changed->tv_sec < names->begun.tv_sec ||
		(changed->tv_sec == names->begun.tv_sec &&
		 changed->tv_nsec < names->begun.tv_nsec));
}

/* If that can't be told, the name is as good as any: an existing file is not
 * replaced anyway. */
static bool in_directory(const struct names *names, const char *name)
{
	struct stat status;

	return fstatat(names->directory_fd, name, &status,
		       AT_SYMLINK_NOFOLLOW) == 0 &&
	       !(names->replace && is_older(names, &status));
}

static bool is_taken(const struct names *names, const char *name)
{
	return may_be_taken(names, name) &&
	       (hash_set_has(&names->in_flight, name) ||
		hash_set_has(&names->failed, name) ||
		hash_set_has(&names->directories, name) ||
		hash_set_has(&names->members, name) ||
		in_directory(names, name));
}

/* ---- directories ---- */

/* Whether no directory can be called PATH, because a file is or will be. */
static bool is_file(const struct names *names, const char *path)
{
	struct stat status;

	return may_be_taken(names, path) &&
	       (hash_set_has(&names->in_flight, path) ||
		hash_set_has(&names->failed, path) ||
		hash_set_has(&names->members, path) ||
		(fstatat(names->directory_fd, path, &status,
			 AT_SYMLINK_NOFOLLOW) == 0 &&
		 !S_ISDIR(status.st_mode)));
}

/* Appends a number to the directory PATH if its name is that of a file.
 * Returns its length, or NAMES_ROOM if there is no room. */
static size_t clear_directory(const struct names *names, char path[NAMES_ROOM])
{
	size_t length = strlen(path), used = length;

	for (uint64_t number = 1; is_file(names, path); number++) {
		int more = snprintf(path + length, NAMES_ROOM - length,
				    ".%" PRIu64, number);

		used = length + (size_t)more;
		if (used >= NAMES_ROOM)
			return NAMES_ROOM;
	}
	return used;
}

/* A name for what would be too long. */
static void shorten(const char *wanted, char path[NAMES_ROOM])
{
	snprintf(path, NAMES_ROOM, "%016" PRIx64,
		 name_hash(wanted, strlen(wanted)));
}

/* Copies WANTED to PATH with directories that can exist beside the files that
 * there are and will be: lists often have both /a and /a/b. */
static void clear_way(const struct names *names, const char *wanted,
		      char path[NAMES_ROOM])
{
	const char *whole = wanted;
	size_t used = 0;

	for (;;) {
		size_t length = strcspn(wanted, "/");

		if (used + length + 2 >= NAMES_ROOM) {
			shorten(whole, path);
			return;
		}
		memcpy(path + used, wanted, length);
		used += length;
		path[used] = '\0';
		if (wanted[length] == '\0')
			return;
		used = clear_directory(names, path);
		if (used + 1 >= NAMES_ROOM) {
			shorten(whole, path);
			return;
		}
		path[used++] = '/';
		wanted += length + 1;
	}
}

/* Notes the directories of NAME, up to a limit. */
static void note_directories(struct names *names, const char *name)
{
	char path[NAMES_ROOM];

	for (const char *at = strchr(name, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		size_t length = (size_t)(at - name);

		memcpy(path, name, length);
		path[length] = '\0';
		filter_add(names->filter, hash_of(path));
		if (names->directories.count < NAMES_FAILED_MAX)
			hash_set_add(&names->directories, path);
	}
}

bool names_was_there(const struct names *names, const char *wanted,
		     int64_t *modified_s)
{
	struct stat status;
	char name[NAMES_ROOM];

	clear_way(names, wanted, name);
	if (!may_be_taken(names, name) ||
	    fstatat(names->directory_fd, name, &status,
		    AT_SYMLINK_NOFOLLOW) != 0 || !is_older(names, &status))
		return false;
	*modified_s = (int64_t)status.st_mtime;
	return true;
}

/* ---- names ---- */

static struct hint *add_hint(struct names *names, const char *wanted)
{
	size_t length = strlen(wanted);
	struct hint *hint = memory_zeroed(sizeof(*hint) + length + 1);

	memcpy(hint->name, wanted, length + 1);
	hint->next = 1;
	HASH_ADD_STR(names->hints, name, hint);
	return hint;
}

/* The hint for WANTED, created if there is none; if there are too many, the
 * least recently used one is dropped. */
static struct hint *hint_for(struct names *names, const char *wanted)
{
	struct hint *hint;

	HASH_FIND_STR(names->hints, wanted, hint);
	if (hint != NULL) {
		/* Move it to the end, as the most recently used. */
		HASH_DEL(names->hints, hint);
		HASH_ADD_STR(names->hints, name, hint);
		return hint;
	}
	if (HASH_COUNT(names->hints) >= NAMES_HINTS_MAX)
		drop(names, names->hints);
	return add_hint(names, wanted);
}

static char *give(struct names *names, const char *name)
{
	filter_add(names->filter, hash_of(name));
	hash_set_add(&names->in_flight, name);
	note_directories(names, name);
	return memory_string(name);
}

char *names_take(struct names *names, const char *wanted)
{
	char base[NAMES_ROOM], name[NAMES_ROOM + NUMBER_ROOM];
	struct hint *hint;

	clear_way(names, wanted, base);
	if (names->directory_fd < 0 &&
	    names->members.count >= NAMES_FAILED_MAX) {
		snprintf(name, sizeof(name), "%s.%" PRIu64, base,
			 ++names->serial);
		return give(names, name);
	}
	if (!is_taken(names, base))
		return give(names, base);
	hint = hint_for(names, base);
	do
		snprintf(name, sizeof(name), "%s.%" PRIu64, base,
			 hint->next++);
	while (is_taken(names, name));
	return give(names, name);
}

void names_protect(struct names *names, struct hash_set *set)
{
	must(names->members.count == 0);
	names->members = *set;
	*set = (struct hash_set){ .slots = NULL };
}

void names_unprotect(struct names *names, const char *name)
{
	hash_set_remove(&names->members, name);
}

/* Up to a limit: memory must not grow with the list. */
static void remember_failed(struct names *names, const char *name)
{
	if (names->failed.count < NAMES_FAILED_MAX)
		hash_set_add(&names->failed, name);
}

void names_give_back(struct names *names, char *name, bool failed)
{
	must(hash_set_remove(&names->in_flight, name));
	if (failed)
		remember_failed(names, name);
	else if (names->directory_fd < 0 &&
		 names->members.count < NAMES_FAILED_MAX)
		hash_set_add(&names->members, name);
	free(name);
}

int names_publish(struct names *names,
		  int (*put)(void *context, const char *name), void *context,
		  char **name)
{
	char *wanted = memory_string(*name);
	int error = put(context, *name);

	for (int tries = 1; error == EEXIST && tries < NAMES_PUBLISH_MAX;
	     tries++) {
		/* *NAME is still in flight, so this gives another name. */
		char *next = names_take(names, wanted);

		names_give_back(names, *name, false);
		*name = next;
		error = put(context, *name);
	}
	free(wanted);
	return error;
}
