/* How many entries the lists have; see list-count.h. */
#include "config.h"

#include "core/list-count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "core/unpack.h"

enum { PART = 256 * 1024, PARTS = 16 };

struct list_count {
	char *const *arguments;
	size_t count, at;        /* the present one */
	char end;                /* of a line */
	int fd;                  /* of the present one, or -1 */
	bool first;              /* nothing of it was read */
	bool failed;             /* something can't be counted */
	bool counts;             /* the present line was counted, or is a
				  * comment */
	uint64_t total;
	char *part;
};

struct list_count *list_count_new(char *const *arguments, size_t count,
				  bool null_separated)
{
	struct list_count *counting = memory_zeroed(sizeof(*counting));

	counting->arguments = arguments;
	counting->count = count;
	counting->end = null_separated ? '\0' : '\n';
	counting->fd = -1;
	counting->part = memory_alloc(PART);
	return counting;
}

static void end_file(struct list_count *count)
{
	if (count->fd >= 0)
		close(count->fd);
	count->fd = -1;
	count->at++;
}

void list_count_free(struct list_count *count)
{
	end_file(count);
	free(count->part);
	free(count);
}

/* Opens the present argument, unless it is a URL. */
static void begin_file(struct list_count *count)
{
	const char *name = count->arguments[count->at];
	struct stat status;

	if (strstr(name, "://") != NULL) {
		count->total++;
		count->at++;
		return;
	}
	if (stat(name, &status) == 0 && S_ISREG(status.st_mode))
		count->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	count->failed = count->fd < 0;
	count->first = true;
	count->counts = false;
}

/* As make_entry() of list.c: blank lines and comments don't count. */
static void count_part(struct list_count *count, const char *at,
		       const char *end)
{
	while (at < end) {
		if (count->counts) {
			at = memchr(at, count->end, (size_t)(end - at));
			if (at == NULL)
				return;
		}
		if (*at == count->end) {
			count->counts = false;
		} else if (*at != ' ' && *at != '\r' && !count->counts) {
			count->total += *at != '#';
			count->counts = true;
		}
		at++;
	}
}

static void count_more(struct list_count *count)
{
	ssize_t got = read(count->fd, count->part, PART);
	const char *at = count->part;

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		count->failed = got < 0;
		end_file(count);
		return;
	}
	if (count->first && unpack_is_packed(at, (size_t)got)) {
		count->failed = true;
		return;
	}
	if (count->first && got >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
		at += 3;
	count->first = false;
	count_part(count, at, count->part + got);
}

void list_count_go_on(struct list_count *count)
{
	for (int i = 0; i < PARTS; i++) {
		if (count->failed || count->at == count->count)
			return;
		if (count->fd < 0)
			begin_file(count);
		else
			count_more(count);
	}
}

bool list_count_total(const struct list_count *count, uint64_t *total)
{
	*total = count->total;
	return !count->failed && count->at == count->count;
}
