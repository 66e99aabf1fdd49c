/*
 * Kills and reaps worker processes.
 *
 * A process that is killed dies at once, unless it hangs in the kernel, for
 * example on a disk that does not answer.  Waiting for that one would block,
 * so it is checked again later.  Call all functions on the core's thread.
 */
#ifndef PFETCH_STRATEGY_REAPER_H
#define PFETCH_STRATEGY_REAPER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Zero-initialized, it is ready to use; reaper_release() frees it. */
struct reaper {
	struct dying *dying;
	size_t count, room;
};

/* Kills the child PID and waits for it briefly.  *MEMORY_KIB is raised to the
 * child's peak resident size, now or in a later call, so it must stay
 * valid. */
void reaper_kill(struct reaper *reaper, pid_t pid, uint64_t *memory_kib);

/* Reaps those that have died in the meantime. */
void reaper_look(struct reaper *reaper);

/* Waits briefly once more, then gives up on those that have still not died. */
void reaper_release(struct reaper *reaper);

#endif
