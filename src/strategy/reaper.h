/*
 * The ends of worker processes.
 *
 * A process that is killed dies at once, unless it hangs in the kernel, on a
 * disk that does not answer: then nobody can wait for it, and it is asked for
 * again later.  The core's thread only.
 */
#ifndef PFETCH_STRATEGY_REAPER_H
#define PFETCH_STRATEGY_REAPER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Zeroed is ready; nothing is to be freed once all have been reaped, or
 * reaper_release() was called. */
struct reaper {
	struct dying *dying;
	size_t count, room;
};

/* Kills the child PID and waits for it for a moment.  *MEMORY_KIB becomes the
 * most that it had resident, if that is more, now or later: it must stay. */
void reaper_kill(struct reaper *reaper, pid_t pid, uint64_t *memory_kib);

/* Takes what the system tells of those that have died meanwhile. */
void reaper_look(struct reaper *reaper);

/* Waits once more for a moment, then lets those go that have still not died. */
void reaper_release(struct reaper *reaper);

#endif
