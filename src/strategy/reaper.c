/* Kills and reaps worker processes; see reaper.h. */
#include "config.h"

#include "strategy/reaper.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

enum { WAIT_TRIES = 100, WAIT_US = 500 };

struct dying {
	pid_t pid;
	uint64_t *memory_kib;
};

static bool reap(const struct dying *dying)
{
	struct rusage usage = { .ru_maxrss = 0 };
	pid_t got;

	do
		got = wait4(dying->pid, NULL, WNOHANG, &usage);
	while (got < 0 && errno == EINTR);
	if ((uint64_t)usage.ru_maxrss > *dying->memory_kib)
		*dying->memory_kib = (uint64_t)usage.ru_maxrss;
	return got != 0;
}

void reaper_look(struct reaper *reaper)
{
	size_t left = 0;

	for (size_t i = 0; i < reaper->count; i++) {
		if (!reap(&reaper->dying[i]))
			reaper->dying[left++] = reaper->dying[i];
	}
	reaper->count = left;
}

/* Waits briefly until at most LEFT of them remain. */
static void wait_a_moment(struct reaper *reaper, size_t left)
{
	for (int i = 0; i < WAIT_TRIES; i++) {
		reaper_look(reaper);
		if (reaper->count <= left)
			return;
		usleep(WAIT_US);
	}
}

void reaper_kill(struct reaper *reaper, pid_t pid, uint64_t *memory_kib)
{
	size_t others = reaper->count;

	kill(pid, SIGKILL);
	if (reaper->count == reaper->room) {
		reaper->room = 2 * reaper->room + 8;
		reaper->dying = memory_resize(
			reaper->dying, reaper->room * sizeof(*reaper->dying));
	}
	reaper->dying[reaper->count++] = (struct dying){ pid, memory_kib };
	wait_a_moment(reaper, others);
}

void reaper_release(struct reaper *reaper)
{
	wait_a_moment(reaper, 0);
	free(reaper->dying);
	*reaper = (struct reaper){ .count = 0 };
}
