/*
 * robots.txt, for --robots.
 *
 * Before the first request to an origin (scheme, host and port), its robots.txt
 * is fetched by a task of its own, as any other URL; what is to be requested
 * from the origin waits for it.  If there is none (4xx), everything is allowed;
 * if it can't be had, nothing is (RFC 9309, 2.3.1).  What was learned is kept
 * for the run, up to ROBOTS_SIZE_MAX bytes; beyond that, the oldest is
 * forgotten.  For the core's thread only.
 */
#ifndef PFETCH_CORE_ROBOTS_H
#define PFETCH_CORE_ROBOTS_H

#include <stdint.h>

#include "base/result.h"
#include "core/task.h"

struct robots;
struct run;

enum { ROBOTS_SIZE_MAX = 16 * 1024 * 1024 };

struct robots *robots_new(void);
void robots_free(struct robots *robots);

/* TASK, which is done with its last try, if any, is about to request its URL:
 * schedules it, now or as soon as that is known to be allowed, or makes it
 * fail. */
void robots_admit(struct run *run, struct task *task);

/* TASK, which fetched a robots.txt, is done with RESULT; it is released. */
void robots_ended(struct run *run, struct task *task,
		  const struct result *result);

/* How many tasks wait for a robots.txt. */
uint64_t robots_waiting(const struct robots *robots);

#endif
