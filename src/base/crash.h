/*
 * Crash points, for tests of what survives a crash.
 *
 * If the environment variable PFETCH_CRASH_AT is a number N, the process kills
 * itself (SIGKILL) at the N-th crash point that it passes.  A process that was
 * forked goes on counting from where its parent was.  Thread-safe.
 */
#ifndef PFETCH_BASE_CRASH_H
#define PFETCH_BASE_CRASH_H

#include <stdbool.h>

/* Reads the variable.  Call once, before any thread starts. */
void crash_set_up(void);

/* Each step of input or output that something has to survive is between two
 * calls of this. */
void crash_point(void);

/* Whether there are any crash points, so that a step may be taken in parts. */
bool crash_expected(void);

#endif
