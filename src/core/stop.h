/*
 * The signals that end a run: SIGINT, SIGTERM and SIGHUP.
 *
 * The first one is recorded and wakes the loop; a second one ends the process
 * at once.  A signal within a fifth of a second of the first is taken as the
 * same request sent twice, as by timeout(1), which signals first its child and
 * then the child's process group.  A signal that was ignored when pfetch began
 * stays ignored.
 *
 * SIGUSR1 asks what is in flight.
 */
#ifndef PFETCH_CORE_STOP_H
#define PFETCH_CORE_STOP_H

#include <signal.h>
#include <stdbool.h>

/* The first signal's number, or 0.  Any thread may read it. */
extern volatile sig_atomic_t stop_signal;

/* Catches the signals, and ignores SIGPIPE so that writes fail with EPIPE
 * instead.  Returns a descriptor that becomes and stays readable with the first
 * signal, or -1 with errno set.  To be called once. */
int stop_catch(void);

/* Whether SIGUSR1 has come since this was last called.  The descriptor becomes
 * readable when it comes. */
bool stop_was_asked(void);
int stop_asked_fd(void);

/* When the terminal suspends the process, footers are cleared first. */
void stop_catch_suspension(void);

/* From now on, even the first signal ends the process at once. */
void stop_release(void);

/* Ends the process by signal NUMBER, so that its parent can see the cause. */
_Noreturn void stop_die(int number);

#endif
