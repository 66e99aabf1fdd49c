/* What a forked process does first; see child.h. */
#include "config.h"

#include "base/child.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

void child_leave_signals(void)
{
	static const int left[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1 };

	for (size_t i = 0; i < sizeof(left) / sizeof(*left); i++)
		signal(left[i], SIG_IGN);
	/* The display, which the parent clears before it stops, is not ours. */
	if (signal(SIGTSTP, SIG_DFL) == SIG_IGN)
		signal(SIGTSTP, SIG_IGN);
}

void child_end_with(pid_t parent)
{
#ifdef PR_SET_PDEATHSIG
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(EXIT_SUCCESS);
}

void child_keep_descriptors(int first, int second)
{
	int low = first < second ? first : second;
	int high = first < second ? second : first;
	long count = sysconf(_SC_OPEN_MAX);

#ifdef HAVE_CLOSE_RANGE
	if (low > 3)
		close_range(3, (unsigned)low - 1, 0);
	if (high > low + 1)
		close_range((unsigned)low + 1, (unsigned)high - 1, 0);
	if (close_range((unsigned)high + 1, ~0U, 0) == 0)
		return;
	/* The kernel is older than the C library. */
#endif
	for (int fd = 3; fd < count; fd++) {
		if (fd != low && fd != high)
			close(fd);
	}
}
