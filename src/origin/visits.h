/*
 * What the origin remembers of earlier requests: how often each path was
 * requested, how many requests are being served, and how many it may still take
 * this second.
 */
#ifndef PFETCH_ORIGIN_VISITS_H
#define PFETCH_ORIGIN_VISITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/siphash.h"

#include <uthash.h>

enum { VISITS_PATHS_MAX = 64 * 1024 };

/* How often a path was requested. */
struct visit {
	UT_hash_handle hh;
	uint64_t times;
	char path[];
};

/* Zero-initialized, there were none. */
struct visits {
	struct visit *paths;
	uint64_t serving;    /* requests that count against a limit */
	double tokens;       /* requests that may still come */
	uint64_t filled_us;  /* when TOKENS was last increased */
};

/* Counts a request for PATH and returns how many came before it.  Only the
 * latest VISITS_PATHS_MAX paths are remembered. */
uint64_t visits_count(struct visits *visits, const char *path);

/* Whether one of at most LIMIT places is free, which is then taken until
 * visits_leave(). */
bool visits_enter(struct visits *visits, uint64_t limit);
void visits_leave(struct visits *visits);

/* Whether a token bucket that gets RATE tokens a second and holds a fifth of
 * that has one left at NOW_US, which is then taken. */
bool visits_take(struct visits *visits, uint64_t rate, uint64_t now_us);

void visits_release(struct visits *visits);

#endif
