/*
 * What a process that was forked does first: it leaves signals to its parent,
 * ends with it, and closes what is not its own.
 */
#ifndef PFETCH_BASE_CHILD_H
#define PFETCH_BASE_CHILD_H

#include <sys/types.h>

/* Ignores the signals that the terminal, or people, send to the whole process
 * group: it is up to the parent to act on them. */
void child_leave_signals(void);

/* Ends when PARENT does; at once, if that has happened already. */
void child_end_with(pid_t parent);

/* Closes all descriptors but the standard ones, FIRST and SECOND, which may be
 * the same. */
void child_keep_descriptors(int first, int second);

#endif
