/* Earlier requests; see visits.h. */
#include "config.h"

#include "origin/visits.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"

static void forget(struct visits *visits, struct visit *visit)
{
	HASH_DEL(visits->paths, visit);
	free(visit);
}

uint64_t visits_count(struct visits *visits, const char *path)
{
	size_t length = strlen(path);
	struct visit *visit;

	HASH_FIND_STR(visits->paths, path, visit);
	if (visit == NULL) {
		if (HASH_COUNT(visits->paths) >= VISITS_PATHS_MAX)
			forget(visits, visits->paths);
		visit = memory_zeroed(sizeof(*visit) + length + 1);
		memcpy(visit->path, path, length + 1);
		HASH_ADD_STR(visits->paths, path, visit);
	}
	return visit->times++;
}

bool visits_enter(struct visits *visits, uint64_t limit)
{
	if (visits->serving >= limit)
		return false;
	visits->serving++;
	return true;
}

void visits_leave(struct visits *visits)
{
	must(visits->serving > 0);
	visits->serving--;
}

bool visits_take(struct visits *visits, uint64_t rate, uint64_t now_us)
{
	double room = (double)rate / 5 > 1 ? (double)rate / 5 : 1;

	if (visits->filled_us == 0)
		visits->tokens = room;
	else
		visits->tokens += (double)(now_us - visits->filled_us) *
				  (double)rate / 1e6;
	visits->filled_us = now_us;
	if (visits->tokens > room)
		visits->tokens = room;
	if (visits->tokens < 1)
		return false;
	visits->tokens--;
	return true;
}

void visits_release(struct visits *visits)
{
	struct visit *visit, *next;

	HASH_ITER(hh, visits->paths, visit, next)
		forget(visits, visit);
	memset(visits, 0, sizeof(*visits));
}
