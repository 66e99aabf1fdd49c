/*
 * A descriptor that wakes a loop: an eventfd where available, otherwise a
 * pipe.
 */
#ifndef PFETCH_BASE_WAKEUP_H
#define PFETCH_BASE_WAKEUP_H

struct wakeup {
	int read_fd, write_fd;
};

/* Returns 0, or -1 with errno set.  Both ends are non-blocking and
 * close-on-exec. */
int wakeup_open(struct wakeup *wakeup);
void wakeup_close(struct wakeup *wakeup);

/* Makes read_fd readable.  Thread-safe and async-signal-safe. */
void wakeup_signal(const struct wakeup *wakeup);

/* Drains read_fd, so that it is no longer readable. */
void wakeup_clear(const struct wakeup *wakeup);

#endif
