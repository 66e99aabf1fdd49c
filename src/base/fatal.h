/*
 * Fatal errors and bugs: the ways in which the program ends early.
 *
 * A failed transfer is data and never comes here.  fatal() is for conditions
 * under which the program cannot go on (no memory, no strategy could start),
 * bug() for states that should be impossible; its checks stay enabled in every
 * build.  Warnings are printed in the same way, but the program goes on.
 */
#ifndef PFETCH_BASE_FATAL_H
#define PFETCH_BASE_FATAL_H

#include <stdarg.h>

/* Exit statuses of the program as a whole; see the table in result.c for
 * those that come from failed transfers. */
enum exit_status {
	EXIT_STATUS_OK = 0,
	EXIT_STATUS_OTHER = 1,
	EXIT_STATUS_USAGE = 2,
	EXIT_STATUS_LOCAL = 3,
};

/* Prints "pfetch: " and the message on stderr.  Control characters become '?',
 * because names in the message may come from untrusted sources.  Anything
 * beyond 4 KiB is cut.  Call only from cmd and lab, which may print.
 * Thread-safe. */
void fatal_message(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));
void fatal_warn(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Prints the message in the same way and ends the program with STATUS. */
_Noreturn void fatal(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints the location and WHAT on stderr, then aborts.  Thread-safe. */
_Noreturn void bug_at(const char *file, int line, const char *what);

/* Reports that the program has reached a supposedly impossible state. */
#define bug(what) bug_at(__FILE__, __LINE__, (what))

/* Checks an invariant; unlike assert(), it can't be compiled out. */
#define must(condition) \
	((condition) ? (void)0 : bug_at(__FILE__, __LINE__, #condition))

#endif
