/* Partial files of earlier runs; see leftovers.h. */
#include "config.h"

#include "base/siphash.h"

#include "core/leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uthash.h>

#include "base/boot.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/units.h"
#include "transfer/partial.h"

/* An earlier run's list. */
struct old_list {
	char name[SINK_NAME_ROOM];
	size_t left;               /* files that were not claimed yet */
	struct old_list *next;
};

struct leftover {
	UT_hash_handle hh;
	struct old_list *list;
	char file[SINK_NAME_ROOM];
	char *validator;
	uint64_t sure;             /* bytes that are good; or UINT64_MAX: all */
	char url[];
};

struct leftovers {
	const struct sink_place *place;
	int list_fd;               /* this run's list, locked */
	struct leftover *table;    /* by URL */
	struct old_list *lists;
	char boot[64];             /* "boot ID"; "": not known */
};

/* ---- reading lists ---- */

static void drop(struct leftovers *leftovers, struct leftover *leftover)
{
	HASH_DEL(leftovers->table, leftover);
	free(leftover->validator);
	free(leftover);
}

/* The bytes in the file called NAME; 0: none, or it isn't a regular file. */
static uint64_t size_of(const struct leftovers *leftovers, const char *name)
{
	struct stat status;

	if (fstatat(leftovers->place->directory_fd, name, &status,
		    AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

/* Remembers FILE of LIST.  A later line for the same URL is about a newer file,
 * or says more of the same. */
static void add(struct leftovers *leftovers, struct old_list *list,
		const char *file, const char *validator, const char *url,
		uint64_t sure)
{
	size_t length = strlen(url);
	struct leftover *leftover;

	HASH_FIND(hh, leftovers->table, url, length, leftover);
	if (leftover != NULL) {
		if (strcmp(leftover->file, file) != 0)
			unlinkat(leftovers->place->directory_fd,
				 leftover->file, 0);
		leftover->list->left--;
		drop(leftovers, leftover);
	}
	/* One that is not remembered keeps its list from being removed. */
	list->left++;
	if (HASH_COUNT(leftovers->table) >= LEFTOVERS_MAX)
		return;
	leftover = memory_zeroed(sizeof(*leftover) + length + 1);
	leftover->list = list;
	snprintf(leftover->file, sizeof(leftover->file), "%s", file);
	leftover->validator = memory_string(validator);
	leftover->sure = sure;
	memcpy(leftover->url, url, length + 1);
	HASH_ADD_KEYPTR(hh, leftovers->table, leftover->url, length, leftover);
}

/* Takes LINE of LIST, whose run is called RUN_ID.  Files that are of no USE are
 * removed. */
static void take_line(struct leftovers *leftovers, struct old_list *list,
		      const char *run_id, char *line, bool use)
{
	char *validator = strchr(line, '\t'), *url, file[SINK_NAME_ROOM];
	uint64_t sure = UINT64_MAX;
	char *bytes;

	url = validator != NULL ? strchr(validator + 1, '\t') : NULL;
	if (url == NULL || line[strspn(line, "0123456789")] != '\t')
		return;
	*validator++ = *url++ = '\0';
	bytes = strchr(url, '\t');
	if (bytes != NULL) {
		*bytes++ = '\0';
		if (units_parse_count(bytes, &sure) != 0)
			return;
	}
	if (strlen(validator) >= RESULT_VALIDATOR_ROOM ||
	    snprintf(file, sizeof(file), PARTIAL_PREFIX "%s-%s.part", run_id,
		     line) >= (int)sizeof(file) ||
	    size_of(leftovers, file) == 0)
		return;
	if (use)
		add(leftovers, list, file, validator, url, sure);
	else
		unlinkat(leftovers->place->directory_fd, file, 0);
}

/* Takes all whole lines of TEXT; the last one may have been cut short.  Returns
 * false if not even the first is whole: then the list is being begun. */
static bool take_lines(struct leftovers *leftovers, struct old_list *list,
		       const char *run_id, FILE *text)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getline(&line, &room, text);
	bool begun = length > 0 && line[length - 1] == '\n', use;

	if (begun)
		line[length - 1] = '\0';
	use = begun && *leftovers->boot != '\0' &&
	      strcmp(line, leftovers->boot) == 0;
	while (begun && (length = getline(&line, &room, text)) > 0 &&
	       line[length - 1] == '\n') {
		line[length - 1] = '\0';
		take_line(leftovers, list, run_id, line, use);
	}
	free(line);
	return begun;
}

/* Whether NAME is that of a list.  If so, writes the run's identifier. */
static bool is_list(const char *name, char run_id[17])
{
	size_t prefix = strlen(PARTIAL_PREFIX);

	if (strlen(name) != prefix + 16 + strlen(PARTIAL_SUFFIX) ||
	    strncmp(name, PARTIAL_PREFIX, prefix) != 0 ||
	    strspn(name + prefix, "0123456789abcdef") != 16 ||
	    strcmp(name + prefix + 16, PARTIAL_SUFFIX) != 0)
		return false;
	memcpy(run_id, name + prefix, 16);
	run_id[16] = '\0';
	return true;
}

/* Reads the list called NAME unless its run is still alive.  One that names no
 * files is removed. */
static void read_list(struct leftovers *leftovers, const char *name,
		      const char *run_id)
{
	int directory = leftovers->place->directory_fd;
	int fd = openat(directory, name,
			O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct old_list *list;
	struct stat status;
	FILE *text;
	bool begun;

	if (fd < 0)
		return;
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
	    flock(fd, LOCK_EX | LOCK_NB) != 0 ||
	    (text = fdopen(fd, "r")) == NULL) {
		close(fd);
		return;
	}
	list = memory_zeroed(sizeof(*list));
	snprintf(list->name, sizeof(list->name), "%s", name);
	list->next = leftovers->lists;
	leftovers->lists = list;
	begun = take_lines(leftovers, list, run_id, text);
	if (begun && list->left == 0)
		unlinkat(directory, name, 0);
	fclose(text);
}

static void read_lists(struct leftovers *leftovers)
{
	int fd = openat(leftovers->place->directory_fd, ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	char run_id[17];

	if (directory == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((entry = readdir(directory)) != NULL) {
		if (is_list(entry->d_name, run_id) &&
		    strcmp(run_id, leftovers->place->run_id) != 0)
			read_list(leftovers, entry->d_name, run_id);
	}
	closedir(directory);
}

struct leftovers *leftovers_new(const struct sink_place *place)
{
	struct leftovers *leftovers = memory_zeroed(sizeof(*leftovers));
	char name[SINK_NAME_ROOM], id[BOOT_ROOM];

	leftovers->place = place;
	boot_identify(id);
	if (*id != '\0')
		snprintf(leftovers->boot, sizeof(leftovers->boot), "boot %s",
			 id);
	partial_list_name(place, name);
	leftovers->list_fd = openat(place->directory_fd, name,
				    O_WRONLY | O_APPEND | O_CREAT | O_EXCL |
					    O_NOFOLLOW | O_CLOEXEC, 0600);
	if (leftovers->list_fd < 0) {
		free(leftovers);
		return NULL;
	}
	flock(leftovers->list_fd, LOCK_EX | LOCK_NB);
	files_write_all(leftovers->list_fd, leftovers->boot,
			strlen(leftovers->boot));
	files_write_all(leftovers->list_fd, "\n", 1);
	read_lists(leftovers);
	return leftovers;
}

/* ---- claiming ---- */

/* Notes the file in this run's list before it is renamed, so that it is in one
 * of the two lists at any time. */
static bool take_over(struct leftovers *leftovers, uint64_t number,
		      const struct leftover *leftover)
{
	int directory = leftovers->place->directory_fd;
	char name[SINK_NAME_ROOM];
	char *line = memory_format("%" PRIu64 "\t%s\t%s\n", number,
				   leftover->validator, leftover->url);
	int error = files_write_all(leftovers->list_fd, line, strlen(line));

	free(line);
	sink_temp_name(leftovers->place, number, name);
	return error == 0 && renameat(directory, leftover->file, directory,
				      name) == 0;
}

/* Cuts off what may have gaps.  Returns the bytes that are left; 0: that can't
 * be done. */
static uint64_t shorten(const struct leftovers *leftovers,
			const struct leftover *leftover)
{
	int fd = openat(leftovers->place->directory_fd, leftover->file,
			O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
	bool done = fd >= 0 && ftruncate(fd, (off_t)leftover->sure) == 0;

	if (fd >= 0)
		close(fd);
	return done ? leftover->sure : 0;
}

void leftovers_note(struct leftovers *leftovers, uint64_t number,
		    const struct request *request, const char *validator,
		    uint64_t sure)
{
	char *line;

	if (!request_is_bare(request))
		return;
	line = memory_format("%" PRIu64 "\t%s\t%s\t%" PRIu64 "\n", number,
			     validator, request->url, sure);
	/* If it can't be noted, the file is merely not continued. */
	files_write_all(leftovers->list_fd, line, strlen(line));
	free(line);
}

struct request *leftovers_claim(struct leftovers *leftovers, uint64_t number,
				struct request *request)
{
	struct leftover *leftover;
	struct request *next = request;
	uint64_t size;

	HASH_FIND_STR(leftovers->table, request->url, leftover);
	if (leftover == NULL || !request_is_bare(request))
		return request;
	size = size_of(leftovers, leftover->file);
	if (size > leftover->sure)
		size = shorten(leftovers, leftover);
	if (size > 0 && take_over(leftovers, number, leftover)) {
		next = request_continued(request, size, leftover->validator);
		request_free(request);
	}
	if (--leftover->list->left == 0)
		unlinkat(leftovers->place->directory_fd, leftover->list->name,
			 0);
	drop(leftovers, leftover);
	return next;
}

bool leftovers_have(const struct leftovers *leftovers, const char *name)
{
	struct leftover *leftover, *next;

	HASH_ITER(hh, leftovers->table, leftover, next) {
		if (strcmp(leftover->file, name) == 0)
			return true;
	}
	for (const struct old_list *list = leftovers->lists; list != NULL;
	     list = list->next) {
		if (list->left > 0 && strcmp(list->name, name) == 0)
			return true;
	}
	return false;
}

void leftovers_free(struct leftovers *leftovers, bool kept)
{
	char name[SINK_NAME_ROOM];

	partial_list_name(leftovers->place, name);
	if (!kept)
		unlinkat(leftovers->place->directory_fd, name, 0);
	close(leftovers->list_fd);
	while (leftovers->table != NULL)
		drop(leftovers, leftovers->table);
	while (leftovers->lists != NULL) {
		struct old_list *list = leftovers->lists;

		leftovers->lists = list->next;
		free(list);
	}
	free(leftovers);
}
