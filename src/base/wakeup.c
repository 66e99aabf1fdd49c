/* A descriptor that wakes a loop; see wakeup.h. */
#include "config.h"

#include "base/wakeup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>
#ifdef HAVE_EVENTFD
#include <sys/eventfd.h>
#endif

#ifdef HAVE_EVENTFD

int wakeup_open(struct wakeup *wakeup)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	wakeup->read_fd = wakeup->write_fd = fd;
	return fd < 0 ? -1 : 0;
}

#else

int wakeup_open(struct wakeup *wakeup)
{
	int ends[2];

	if (pipe(ends) != 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	wakeup->read_fd = ends[0];
	wakeup->write_fd = ends[1];
	return 0;
}

#endif

void wakeup_close(struct wakeup *wakeup)
{
	close(wakeup->read_fd);
	if (wakeup->write_fd != wakeup->read_fd)
		close(wakeup->write_fd);
}

void wakeup_signal(const struct wakeup *wakeup)
{
	static const uint64_t one = 1;
	int saved = errno;
	ssize_t written = write(wakeup->write_fd, &one, sizeof(one));

	/* If it is full, a wake-up is already pending. */
	(void)written;
	errno = saved;
}

void wakeup_clear(const struct wakeup *wakeup)
{
	uint64_t sink[16];

	while (read(wakeup->read_fd, sink, sizeof(sink)) ==
	       (ssize_t)sizeof(sink))
		;
}
