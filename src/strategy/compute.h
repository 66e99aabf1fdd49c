/*
 * Work that computes, made up: what a program does with a response once it is
 * there (--cpu-work), as a language with a global interpreter lock would run
 * it or without one (--gil).
 */
#ifndef PFETCH_STRATEGY_COMPUTE_H
#define PFETCH_STRATEGY_COMPUTE_H

#include <stdbool.h>

#include "base/job.h"
#include "base/settings.h"

/* Whether JOB, whose transfer has ended, is to be computed on: it has a body
 * that is good, and the settings ask for work. */
bool compute_wanted(const struct settings *settings, const struct job *job);

/* Burns the settings' time of the calling thread's own CPU clock and notes
 * the moments in JOB's result.  With the settings' gil one lock of the
 * process is held meanwhile.  STOPPED(CONTEXT) is asked often and ends it
 * early; it may be NULL.  Does nothing when not wanted.  Any thread. */
void compute_run(const struct settings *settings, struct job *job,
		 bool (*stopped)(void *context), void *context);

#endif
