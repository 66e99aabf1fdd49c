/* The signals that end a run; see stop.h. */
#include "config.h"

#include "core/stop.h"

#include <string.h>
#include <unistd.h>

#include "base/wakeup.h"

volatile sig_atomic_t stop_signal;
static struct wakeup stop_wakeup;

void stop_die(int number)
{
	sigset_t one;

	signal(number, SIG_DFL);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	raise(number);
	_exit(128 + number);
}

static void on_signal(int number)
{
	if (stop_signal != 0)
		stop_die(number);
	stop_signal = number;
	wakeup_signal(&stop_wakeup);
}

static const int caught[] = { SIGINT, SIGTERM, SIGHUP };

void stop_release(void)
{
	struct sigaction action;

	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaction(caught[i], NULL, &action);
		if (action.sa_handler == on_signal)
			signal(caught[i], SIG_DFL);
	}
}

int stop_catch(void)
{
	struct sigaction action, before;

	if (wakeup_open(&stop_wakeup) != 0)
		return -1;
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART;
	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaction(caught[i], NULL, &before);
		if (before.sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return stop_wakeup.read_fd;
}
