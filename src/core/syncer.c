/* A process that has files written to disk; see syncer.h. */
#include "config.h"

#include "core/syncer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/fatal.h"
#include "base/memory.h"

enum { PASSED_MAX = SYNCER_FILES_MAX + 2 };

struct syncer {
	pid_t pid;
	int fd;                  /* a socket to the process */
	struct event *replied;
	void (*done)(void *context, int error);
	void *context;
};

/* An order as it is sent, with as many descriptors. */
struct message {
	size_t files;
	bool file_system, directory;
};

union descriptors {
	char bytes[CMSG_SPACE(PASSED_MAX * sizeof(int))];
	struct cmsghdr align;
};

/* ---- the process ---- */

/* How many descriptors came with MESSAGE. */
static size_t take_descriptors(struct msghdr *message, int fds[PASSED_MAX])
{
	struct cmsghdr *part = CMSG_FIRSTHDR(message);
	size_t count;

	if (part == NULL || part->cmsg_type != SCM_RIGHTS)
		return 0;
	count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(part), count * sizeof(int));
	return count;
}

/* Returns 0 or an error number. */
static int carry_out(const struct message *order, const int *fds, size_t count)
{
	size_t at = 0;
	int failed = 0;

	if (count != order->files + order->file_system + order->directory)
		return EBADF;
	for (; at < order->files && !failed; at++)
		failed = fdatasync(fds[at]);
	at = order->files;
#ifdef HAVE_SYNCFS
	if (!failed && order->file_system)
		failed = syncfs(fds[at]);
#else
	if (order->file_system)
		sync();
#endif
	at += order->file_system;
	if (!failed && order->directory)
		failed = fsync(fds[at]);
	return failed ? errno : 0;
}

/* Receives an order and carries it out.  Returns false at the end. */
static bool serve(int fd)
{
	struct message order;
	union descriptors room;
	struct iovec part = { &order, sizeof(order) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &room, .msg_controllen = sizeof(room),
	};
	int fds[PASSED_MAX], error;
	size_t count;
	ssize_t got;

	do
		got = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(order))
		return false;
	count = take_descriptors(&message, fds);
	error = carry_out(&order, fds, count);
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	return send(fd, &error, sizeof(error), MSG_NOSIGNAL) > 0;
}

static _Noreturn void run_process(int fd, pid_t parent)
{
	child_leave_signals();
	child_end_with(parent);
	child_keep_descriptors(fd, fd);
	/* Whoever waits for the end of our output must not wait for this. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	while (serve(fd))
		continue;
	_exit(EXIT_STATUS_OK);
}

/* ---- the core ---- */

static void on_reply(evutil_socket_t fd, short what, void *context)
{
	struct syncer *syncer = context;
	int error = 0;
	ssize_t got = recv(fd, &error, sizeof(error), MSG_DONTWAIT);

	(void)what;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got != (ssize_t)sizeof(error)) {
		error = EPIPE; /* somebody has killed it */
		event_del(syncer->replied);
	}
	syncer->done(syncer->context, error);
}

void syncer_poll(struct syncer *syncer)
{
	on_reply(syncer->fd, EV_READ, syncer);
}

struct syncer *syncer_start(struct event_base *base,
			    void (*done)(void *context, int error),
			    void *context)
{
	pid_t parent = getpid();
	struct syncer *syncer;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return NULL;
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		run_process(ends[1], parent);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return NULL;
	}
	syncer = memory_zeroed(sizeof(*syncer));
	syncer->pid = pid;
	syncer->fd = ends[0];
	syncer->done = done;
	syncer->context = context;
	syncer->replied = event_new(base, ends[0], EV_READ | EV_PERSIST,
				    on_reply, syncer);
	if (syncer->replied == NULL || event_add(syncer->replied, NULL) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return syncer;
}

void syncer_free(struct syncer *syncer)
{
	event_free(syncer->replied);
	close(syncer->fd);
	while (waitpid(syncer->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	free(syncer);
}

static size_t add_descriptor(int fds[PASSED_MAX], size_t count, int fd)
{
	if (fd >= 0)
		fds[count++] = fd;
	return count;
}

int syncer_order(struct syncer *syncer, const struct syncer_order *order)
{
	struct message body = {
		order->count, order->file_system >= 0, order->directory >= 0,
	};
	union descriptors room;
	struct iovec part = { &body, sizeof(body) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int fds[PASSED_MAX];
	size_t count = order->count;
	struct cmsghdr *control;

	must(count <= SYNCER_FILES_MAX);
	memcpy(fds, order->files, count * sizeof(int));
	count = add_descriptor(fds, count, order->file_system);
	count = add_descriptor(fds, count, order->directory);
	memset(&room, 0, sizeof(room));
	message.msg_control = &room;
	message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	control = CMSG_FIRSTHDR(&message);
	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	control->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(control), fds, count * sizeof(int));
	return sendmsg(syncer->fd, &message, MSG_NOSIGNAL) < 0 ? errno : 0;
}
