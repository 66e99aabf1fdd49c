/* The signals that end a run; see stop.h. */
#include "config.h"

#include "core/stop.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/wakeup.h"
#include "output/outlet.h"

enum { ECHO_US = 200000 };

volatile sig_atomic_t stop_signal;
/* When the first signal came, or 0.  Lock-free, for use in a handler. */
static _Atomic uint64_t stop_first_us;
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics need a lock");
static volatile sig_atomic_t stop_released;
static struct wakeup stop_wakeup;

void stop_die(int number)
{
	sigset_t one;

	outlet_clear_footers();
	signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	raise(number);
	_exit(128 + number);
}

/* Reading a clock is async-signal-safe: signal-safety(7).  Two threads may
 * handle a signal at once; exactly one of the signals is the first. */
static void on_signal(int number)
{
	uint64_t now_us = clock_now_us(), first_us = 0;
	bool first = atomic_compare_exchange_strong(&stop_first_us, &first_us,
						    now_us);

	if (!first && now_us <= first_us + ECHO_US)
		return;
	if (!first || stop_released)
		stop_die(number);
	stop_signal = number;
	wakeup_signal(&stop_wakeup);
}

static struct wakeup asked_wakeup;
static volatile sig_atomic_t asked;

static void on_asked(int number)
{
	(void)number;
	asked = 1;
	wakeup_signal(&asked_wakeup);
}

bool stop_was_asked(void)
{
	if (!asked)
		return false;
	asked = 0;
	wakeup_clear(&asked_wakeup);
	return true;
}

int stop_asked_fd(void)
{
	return asked_wakeup.read_fd;
}

static void on_suspension(int number);

static void catch_suspension(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_suspension;
	action.sa_flags = SA_RESTART;
	sigaction(SIGTSTP, &action, NULL);
}

/* What the signal does by itself follows: the process stops, unless nobody
 * could continue it (signal(7)). */
static void on_suspension(int number)
{
	int error = errno;
	sigset_t one, before;

	outlet_clear_footers();
	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	catch_suspension();
	errno = error;
}

void stop_catch_suspension(void)
{
	struct sigaction before;

	sigaction(SIGTSTP, NULL, &before);
	if (before.sa_handler != SIG_IGN)
		catch_suspension();
}

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };

void stop_release(void)
{
	stop_released = 1;
}

int stop_catch(void)
{
	struct sigaction action, before;

	if (wakeup_open(&stop_wakeup) != 0 || wakeup_open(&asked_wakeup) != 0)
		return -1;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART;
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaction(caught[i], NULL, &before);
		if (before.sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
	action.sa_handler = on_asked;
	sigaction(SIGUSR1, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	return stop_wakeup.read_fd;
}
