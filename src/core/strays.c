/* Temporary files that were there before; see strays.h. */
#include "config.h"

#include "base/siphash.h"

#include "core/strays.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uthash.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "transfer/publish.h"

static const char prefix[] = ".pfetch-";

struct stray {
	UT_hash_handle hh;
	char *name;              /* to get; or NULL */
	uint64_t bytes;
	char temp[];
};

struct strays {
	const struct sink_place *place;
	struct stray *table;
};

static void add(struct strays *strays, const char *temp)
{
	size_t length = strlen(temp);
	struct stray *stray = memory_zeroed(sizeof(*stray) + length + 1);

	memcpy(stray->temp, temp, length + 1);
	HASH_ADD_STR(strays->table, temp, stray);
}

struct strays *strays_find(const struct sink_place *place)
{
	struct strays *strays = memory_zeroed(sizeof(*strays));
	int fd = place->directory_fd < 0 ? -1
		: openat(place->directory_fd, ".",
			 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	strays->place = place;
	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			add(strays, entry->d_name);
	}
	if (directory != NULL)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return strays;
}

static void forget(struct strays *strays, struct stray *stray)
{
	HASH_DEL(strays->table, stray);
	free(stray->name);
	free(stray);
}

void strays_free(struct strays *strays)
{
	while (strays->table != NULL)
		forget(strays, strays->table);
	free(strays);
}

int64_t strays_size(const struct sink_place *place, const char *name)
{
	struct stat status;

	if (fstatat(place->directory_fd, name, &status,
		    AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
		return -1;
	return (int64_t)status.st_size;
}

void strays_note(struct strays *strays, const char *temp, size_t temp_length,
		 const char *name, size_t name_length, uint64_t bytes)
{
	struct stray *stray = NULL;

	if (strays->table != NULL && temp_length > 0)
		HASH_FIND(hh, strays->table, temp, temp_length, stray);
	if (stray == NULL)
		return;
	free(stray->name);
	stray->name = memory_copy(name, name_length);
	stray->bytes = bytes;
}

void strays_rename(struct strays *strays, bool replace, uint64_t backups)
{
	struct stray *stray, *next;

	HASH_ITER(hh, strays->table, stray, next) {
		if (stray->name == NULL ||
		    strays_size(strays->place, stray->temp) !=
			    (int64_t)stray->bytes)
			continue;
		/* One whose name is taken is left to be swept. */
		if (publish_rename(strays->place, stray->temp, stray->name,
				   replace, backups) == 0)
			forget(strays, stray);
	}
}

/* Whether TEMP is of one of RUNS, of which all but the present one are over. */
static bool is_of(const struct strays *strays, const char *temp,
		  const struct hash_set *runs)
{
	const char *run = temp + strlen(prefix);
	size_t length = strcspn(run, "-.");
	char *id = memory_copy(run, length);
	bool is = run[length] != '\0' &&
		  strcmp(id, strays->place->run_id) != 0 &&
		  hash_set_has(runs, id);

	free(id);
	return is;
}

void strays_sweep(struct strays *strays, const struct hash_set *runs,
		  bool (*keep)(void *context, const char *temp),
		  void *context)
{
	struct stray *stray, *next;

	HASH_ITER(hh, strays->table, stray, next) {
		if (is_of(strays, stray->temp, runs) &&
		    !keep(context, stray->temp))
			unlinkat(strays->place->directory_fd, stray->temp, 0);
		forget(strays, stray);
	}
}
