/*
 * Synthetic work: the CPU time that a program would spend on a response once
 * it has arrived (--cpu-work), with or without a global interpreter lock
 * (--gil).
 */
#ifndef PFETCH_STRATEGY_COMPUTE_H
#define PFETCH_STRATEGY_COMPUTE_H

#include <stdbool.h>

#include "base/job.h"
#include "base/settings.h"

/* Whether JOB, whose transfer has ended, needs synthetic work: it has a good
 * body and the settings ask for work. */
bool compute_wanted(const struct settings *settings, const struct job *job);

/* Burns CPU time on the calling thread, as much as the settings say, and
 * records start and end in JOB's result.  With --gil, it holds a process-wide
 * lock meanwhile.  STOPPED(CONTEXT) is polled often and ends the work early;
 * it may be NULL.  Does nothing if no work is wanted.  Thread-safe. */
void compute_run(const struct settings *settings, struct job *job,
		 bool (*stopped)(void *context), void *context);

#endif
