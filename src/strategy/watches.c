/* The descriptors that libcurl waits for; see watches.h. */
#include "config.h"

#include "strategy/watches.h"

#include <event2/event_struct.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"

enum { AGAIN_MS = 100 };

struct watch {
	struct event event;
	short armed;     /* what the event waits for; 0: not added */
	short wanted;    /* what libcurl waits for; 0: idle */
	bool connection; /* we are told when it closes */
};

struct watches {
	struct event_base *base;
	void (*act)(void *context, curl_socket_t fd, int flags);
	void *context;
	struct event *again;     /* retries arming what could not be armed */
	struct watch **all;      /* indexed by descriptor */
	size_t count, connections;
};

static struct watch *watch_of(struct watches *watches, int fd)
{
	size_t index = (size_t)fd;

	if (index >= watches->count) {
		size_t count = index + 64;

		watches->all = memory_resize(watches->all,
					     count * sizeof(*watches->all));
		memset(watches->all + watches->count, 0,
		       (count - watches->count) * sizeof(*watches->all));
		watches->count = count;
	}
	if (watches->all[index] == NULL)
		watches->all[index] = memory_zeroed(sizeof(struct watch));
	return watches->all[index];
}

static void disarm(struct watch *watch)
{
	if (watch->armed != 0)
		event_del(&watch->event);
	watch->armed = 0;
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
	struct watches *watches = context;
	struct watch *watch = watch_of(watches, fd);
	int flags = 0;

	if (watch->wanted == 0) {
		disarm(watch);
		return;
	}
	if (what & EV_READ)
		flags |= CURL_CSELECT_IN;
	if (what & EV_WRITE)
		flags |= CURL_CSELECT_OUT;
	watches->act(watches->context, fd, flags);
}

static void arm(struct watches *watches, struct watch *watch, int fd)
{
	struct timeval soon = clock_timeval_ms(AGAIN_MS);

	if (watch->armed == watch->wanted)
		return;
	disarm(watch);
	must(event_assign(&watch->event, watches->base, fd,
			  (short)(watch->wanted | EV_PERSIST), on_socket,
			  watches) == 0);
	if (event_add(&watch->event, NULL) == 0)
		watch->armed = watch->wanted;
	else /* the system is out of memory: retry soon */
		evtimer_add(watches->again, &soon);
}

static void on_again(evutil_socket_t fd, short what, void *context)
{
	struct watches *watches = context;

	(void)fd, (void)what;
	for (size_t i = 0; i < watches->count; i++) {
		struct watch *watch = watches->all[i];

		if (watch != NULL && watch->wanted != 0)
			arm(watches, watch, (int)i);
	}
}

void watches_want(struct watches *watches, curl_socket_t fd, int what)
{
	struct watch *watch = watch_of(watches, fd);

	watch->wanted = 0;
	if (what == CURL_POLL_REMOVE) {
		if (!watch->connection)
			disarm(watch);
		return;
	}
	if (what & CURL_POLL_IN)
		watch->wanted |= EV_READ;
	if (what & CURL_POLL_OUT)
		watch->wanted |= EV_WRITE;
	if (watch->wanted != 0)
		arm(watches, watch, fd);
}

void watches_opened(struct watches *watches, curl_socket_t fd)
{
	watch_of(watches, fd)->connection = true;
	watches->connections++;
}

void watches_closing(struct watches *watches, curl_socket_t fd)
{
	struct watch *watch = watch_of(watches, fd);

	disarm(watch);
	watches->connections -= watch->connection;
	watch->connection = false;
	watch->wanted = 0;
}

size_t watches_connections(const struct watches *watches)
{
	return watches->connections;
}

struct watches *watches_new(struct event_base *base,
			    void (*act)(void *context, curl_socket_t fd,
					int flags),
			    void *context)
{
	struct watches *watches = memory_zeroed(sizeof(*watches));

	watches->base = base;
	watches->act = act;
	watches->context = context;
	watches->again = evtimer_new(base, on_again, watches);
	if (watches->again != NULL)
		return watches;
	free(watches);
	return NULL;
}

void watches_free(struct watches *watches)
{
	for (size_t i = 0; i < watches->count; i++) {
		if (watches->all[i] != NULL)
			disarm(watches->all[i]);
		free(watches->all[i]);
	}
	event_free(watches->again);
	free(watches->all);
	free(watches);
}
