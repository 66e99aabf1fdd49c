/*
 * Bodies that are passed on as they arrive, which is possible if only one job
 * is in flight at a time and its turn in the output has come.
 *
 * The worker writes to an unlinked file that the core has open, too, and the
 * core passes on what it finds there.  If a try fails after some bytes were
 * passed on, the next one has to begin with the same bytes; they are compared
 * by their digest, and the rest goes on from there.  If there is no such try,
 * the output ends within the body, and so does the run.  For the core's thread
 * only.
 */
#ifndef PFETCH_CORE_LIVE_H
#define PFETCH_CORE_LIVE_H

#include <stdbool.h>

struct live;
struct run;
struct task;

/* Ends the program, with a message, if there can be no such file. */
struct live *live_new(struct run *run);
void live_free(struct live *live);

/* TASK's job is about to be submitted. */
void live_begin(struct live *live, struct task *task);

/* Passes on what has arrived, as far as the output has room. */
void live_advance(struct live *live);

/* TASK's job has come back.  What was not passed on of a good body becomes an
 * ordinary one.  If that fails, or the body does not begin with what was passed
 * on, the job's result becomes a failure. */
void live_end(struct live *live, struct task *task);

/* TASK's body has been written, or never will be. */
void live_return(struct live *live, const struct task *task);

/* Whether the file is still in use after the end of its job; LIVE may be NULL,
 * here as above and below. */
bool live_is_busy(const struct live *live);

/* Whether bytes of TASK's body were passed on.  If it is final and has failed,
 * they can't be taken back. */
bool live_has_passed(const struct live *live, const struct task *task);

#endif
