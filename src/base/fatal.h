/*
 * The end of the program: what cannot go on, and what cannot be.
 *
 * A failed transfer is data and never comes here.  fatal() is for "cannot go
 * on" (no memory, no strategy could start), bug() for the impossible; its
 * checks stay on in every build.  A warning is told in the same way, and the
 * program goes on.
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

/* Prints "pfetch: " and the message on stderr, its controls as '?': the names
 * in it may be anybody's.  What does not fit into 4 KiB is cut.  Only from cmd
 * and lab, which may print.  Any thread. */
void fatal_message(const char *format, va_list arguments)
	__attribute__((format(printf, 1, 0)));
void fatal_warn(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* The same, and ends the program with STATUS. */
_Noreturn void fatal(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Prints where and what on stderr and aborts.  Any thread. */
_Noreturn void bug_at(const char *file, int line, const char *what);

/* Says that the program has reached a state that it believes impossible. */
#define bug(what) bug_at(__FILE__, __LINE__, (what))

/* Checks a belief; unlike assert() it can't be compiled out. */
#define must(condition) \
	((condition) ? (void)0 : bug_at(__FILE__, __LINE__, #condition))

#endif
