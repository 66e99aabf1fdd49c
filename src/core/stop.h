/*
 * The signals that end a run: SIGINT, SIGTERM and SIGHUP.
 *
 * The first one is noted and wakes whoever waits; a second one ends the
 * process at once.  What comes within a fifth of a second of the first is the
 * same wish told twice: timeout(1) signals its child, and then the group that
 * its child is in.  Signals that were ignored when pfetch began stay so.
 */
#ifndef PFETCH_CORE_STOP_H
#define PFETCH_CORE_STOP_H

#include <signal.h>

/* The first signal's number, or 0.  Any thread may read it. */
extern volatile sig_atomic_t stop_signal;

/* Catches the signals and ignores SIGPIPE, whose calls then fail with EPIPE.
 * Returns a descriptor that becomes readable, for good, with the first signal;
 * -1 with errno.  Once. */
int stop_catch(void);

/* From now on the first one, too, ends the process at once. */
void stop_release(void);

/* Ends the process by signal NUMBER, as its parent will want to know. */
_Noreturn void stop_die(int number);

#endif
