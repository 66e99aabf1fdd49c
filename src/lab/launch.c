/* One run of a comparison; see launch.h. */
#include "config.h"

#include "lab/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"

enum { REPORT_MAX = 4 << 20, BLOCK = 64 * 1024 };

/* What the run writes to its pipe. */
struct text {
	char *bytes;
	size_t length, room;
};

static size_t count_of(char *const *list)
{
	size_t count = 0;

	while (list[count] != NULL)
		count++;
	return count;
}

/* The command line: pfetch measure --measure-fd=N OPTION... -- OPERAND... */
static char **make_arguments(const struct launch *launch, int fd)
{
	static char name[] = "pfetch", command[] = "measure", end[] = "--";
	const struct workload *workload = launch->workload;
	size_t options = count_of(launch->options), at = 0;
	char **arguments = memory_zeroed(
		(options + workload->operand_count + 8) * sizeof(char *));

	arguments[at++] = name;
	arguments[at++] = command;
	arguments[at++] = memory_format("--measure-fd=%d", fd);
	for (size_t i = 0; i < options; i++)
		arguments[at++] = launch->options[i];
	arguments[at++] = end;
	for (size_t i = 0; i < workload->operand_count; i++)
		arguments[at++] = workload->operands[i];
	return arguments;
}

/* SIGNALS is the signal mask to run with.  All signals stay blocked until their
 * default actions are restored, so that none reaches a handler of the parent,
 * which would take it for a signal to itself. */
static _Noreturn void become_run(int fd, char **arguments, pid_t parent,
				 const sigset_t *signals)
{
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE,
				      SIGXFSZ };
	struct sigaction action;

	for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++) {
		sigaction(caught[i], NULL, &action);
		if (action.sa_handler != SIG_IGN || caught[i] == SIGPIPE ||
		    caught[i] == SIGXFSZ)
			signal(caught[i], SIG_DFL);
	}
#ifdef PR_SET_PDEATHSIG
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	if (getppid() != parent)
		_exit(EXIT_STATUS_OTHER);
	/* The run inherits this descriptor, as it does those of the lists. */
	fcntl(fd, F_SETFD, 0);
	sigprocmask(SIG_SETMASK, signals, NULL);
	execv("/proc/self/exe", arguments);
	_exit(127);
}

static pid_t start_run(int fd, char **arguments)
{
	pid_t parent = getpid(), pid;
	sigset_t all, before;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (pid == 0)
		become_run(fd, arguments, parent, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot start a run: %s",
		      strerror(errno));
	return pid;
}

static bool is_readable(const struct pollfd *fd)
{
	return (fd->revents & (POLLIN | POLLHUP | POLLERR)) != 0;
}

/* Reads what is available.  Returns false at the end, on an error, or once the
 * text is too long to be a record. */
static bool read_some(int fd, struct text *text)
{
	ssize_t got;

	if (text->room - text->length < BLOCK) {
		text->room += 4 * BLOCK;
		text->bytes = memory_resize(text->bytes, text->room);
	}
	got = read(fd, text->bytes + text->length, BLOCK);
	if (got < 0)
		return errno == EINTR;
	text->length += (size_t)got;
	return got > 0 && text->length < REPORT_MAX;
}

/* Reads FD to its end, which comes when the run ends.  Returns false if a
 * signal came.  The run is then told to stop too, unless it has ended already,
 * as when the signal was sent to both processes. */
static bool read_all(int fd, int stop_fd, pid_t pid, struct text *text)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN },
	};
	bool stopped = false;

	for (;;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (is_readable(&fds[1])) {
			stopped = true;
			kill(pid, SIGTERM);
			fds[1].fd = -1; /* ignored by poll() */
		}
		if (is_readable(&fds[0]) && !read_some(fd, text))
			return !stopped && poll(&fds[1], 1, 0) == 0;
	}
}

static uint64_t micro(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_usec;
}

static void wait_for(pid_t pid, uint64_t begun_us, struct sample *sample)
{
	struct rusage usage;

	while (wait4(pid, &sample->wait_status, 0, &usage) < 0)
		must(errno == EINTR);
	sample->total_us = clock_now_us() - begun_us;
	sample->user_us = micro(usage.ru_utime);
	sample->system_us = micro(usage.ru_stime);
	sample->switches = (uint64_t)(usage.ru_nvcsw + usage.ru_nivcsw);
	sample->faults = (uint64_t)(usage.ru_minflt + usage.ru_majflt);
}

static void take_in(struct sample *sample, const struct text *text,
		    uint64_t begun_us)
{
	const struct run_totals *totals = &sample->measure.record.totals;

	sample->complete = measure_read(&sample->measure, text->bytes,
					text->length);
	if (!sample->complete)
		return;
	sample->wall_us = totals->elapsed_us;
	if (totals->first_us > begun_us)
		sample->startup_us = totals->first_us - begun_us;
}

bool launch_run(const struct launch *launch, struct sample *sample)
{
	const struct origin_child *origin = &launch->workload->origin;
	uint64_t served = origin_served(origin);
	uint64_t origin_us = origin_cpu_us(origin);
	struct text text = { .length = 0 };
	uint64_t begun_us;
	char **arguments;
	int ends[2];
	bool whole;
	pid_t pid;

	memset(sample, 0, sizeof(*sample));
	if (pipe(ends) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot make a pipe: %s",
		      strerror(errno));
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	arguments = make_arguments(launch, ends[1]);
	begun_us = clock_now_us();
	pid = start_run(ends[1], arguments);
	close(ends[1]);
	whole = read_all(ends[0], launch->stop_fd, pid, &text);
	wait_for(pid, begun_us, sample);
	close(ends[0]);
	take_in(sample, &text, begun_us);
	sample->served = origin_served(origin) - served;
	sample->origin_cpu_us = origin_cpu_us(origin) - origin_us;
	free(text.bytes);
	free(arguments[2]);
	free(arguments);
	return whole;
}
