/*
 * A large body over several connections, for --segments.
 *
 * The first request asks for the beginning of the body alone.  If the server
 * answers with that part, the length of the whole and a strong validator, the
 * rest is split into parts of equal size.  Each is a task of its own, which the
 * schedule starts like any other; up to --segments of a body exist at a time,
 * and they are made in order, so that what is known to be good is mostly one
 * piece from the start.  All write to the file of the entry's own task, which
 * waits for them and then fetches the last bytes as it would go on after an
 * interruption, so that the whole is checked as any other body.
 *
 * If a server stops giving the parts of the same body, all of it is fetched in
 * one piece.  For the core's thread only.
 */
#ifndef PFETCH_CORE_PARTS_H
#define PFETCH_CORE_PARTS_H

#include <stdint.h>

#include "base/result.h"
#include "core/task.h"

struct run;

/* If --segments says so and REQUEST, the current one of a task, can be split,
 * makes it ask for the next part alone. */
void parts_prepare(const struct run *run, struct task *task);

/* TASK's try has fetched the part that it asked for: splits the rest, or goes
 * on with all of it.  Returns false, with the job's result made a failure, if
 * the body is not what was expected. */
bool parts_split(struct run *run, struct task *task);

/* PART's result is final.  Releases it and goes on with its parent. */
void parts_ended(struct run *run, struct task *part,
		 const struct result *result);

/* Forgets about the parts of TASK, none of which is left. */
void parts_free(struct task *task);

#endif
