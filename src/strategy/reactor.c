/*
 * A reactor; see reactor.h.
 *
 * libcurl tells which sockets and which time-out it waits for (want_socket,
 * want_timer); libevent tells when they are due (on_socket, on_timer); after
 * each curl_multi_socket_action() the transfers that ended are collected.
 *
 * Between two requests on one connection libcurl stops waiting for its socket
 * and starts again a moment later.  Following that would cost two system
 * calls a request, so the event of a connection stays in place while nobody
 * waits ("idle") and goes when the socket closes, or when it becomes readable
 * with nobody waiting.  That is only safe for sockets whose closing we are
 * told of: those that transfer.c opens, not those of libcurl's resolver.
 */
#include "config.h"

#include "strategy/reactor.h"

#include <errno.h>
#include <event2/event_struct.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/compute.h"
#include "strategy/executor.h"
#include "strategy/lookup.h"

enum { AGAIN_MS = 100 };

/* A descriptor that libcurl waits for, or did. */
struct watch {
	struct event event;
	short armed;     /* what the event in the base is for; 0: none there */
	short wanted;    /* what libcurl waits for; 0: idle */
	bool connection; /* we are told when it closes */
};

/* A place for a job, from its start until it is handed back. */
struct flight {
	struct transfer *transfer;
	struct flight *next_free;
	bool flying;             /* its transfer is under way */
};

struct reactor {
	struct event_base *base;
	const struct transfer_common *common;
	struct reactor_owner owner;

	CURLM *multi;
	struct executor *executor; /* or NULL: the loop itself computes */
	struct lookup *lookup;
	struct job_list answered; /* waited for a look-up; to be started */
	struct transfer_sockets sockets;
	struct event *timer, *again;
	struct watch **watches;   /* by descriptor */
	size_t watch_count;
	struct flight *flights;   /* one for each that may fly */
	size_t flight_count, taken;
	struct flight *free;      /* a stack: the warmest handle first */
};

static struct watch *watch_of(struct reactor *reactor, int fd)
{
	size_t index = (size_t)fd;

	if (index >= reactor->watch_count) {
		size_t count = index + 64;

		reactor->watches = memory_resize(
			reactor->watches, count * sizeof(*reactor->watches));
		memset(reactor->watches + reactor->watch_count, 0,
		       (count - reactor->watch_count) *
			       sizeof(*reactor->watches));
		reactor->watch_count = count;
	}
	if (reactor->watches[index] == NULL)
		reactor->watches[index] = memory_zeroed(sizeof(struct watch));
	return reactor->watches[index];
}

static void disarm(struct watch *watch)
{
	if (watch->armed != 0)
		event_del(&watch->event);
	watch->armed = 0;
}

/* Hands JOB back; its place is free. */
static void land(struct reactor *reactor, struct job *job)
{
	struct flight *flight = &reactor->flights[job->result.slot];

	flight->next_free = reactor->free;
	reactor->free = flight;
	reactor->taken--;
	reactor->owner.ended(reactor->owner.context, job);
}

/* JOB's transfer has ended.  What is to be computed on keeps its place. */
static void settle(struct reactor *reactor, struct job *job)
{
	const struct settings *settings = reactor->common->settings;

	lookup_answered(reactor->lookup, job, false, &reactor->answered);
	if (reactor->executor != NULL && compute_wanted(settings, job)) {
		executor_submit(reactor->executor, job);
		return;
	}
	compute_run(settings, job, reactor->owner.stopped,
		    reactor->owner.context);
	land(reactor, job);
}

static void on_computed(void *context, struct job *job)
{
	land(context, job);
}

/* Hands on all transfers that ended. */
static void collect(struct reactor *reactor)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(reactor->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result; /* gone on removal */
		struct flight *flight;
		char *private;

		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		flight = (void *)private;
		curl_multi_remove_handle(reactor->multi, easy);
		flight->flying = false;
		settle(reactor, transfer_end(flight->transfer, code));
	}
}

static void start(struct reactor *reactor, struct job *job);

static void start_answered(struct reactor *reactor)
{
	struct job *job;

	while ((job = job_list_take(&reactor->answered)) != NULL)
		start(reactor, job);
}

static void act(struct reactor *reactor, curl_socket_t fd, int what)
{
	int running;
	CURLMcode code = curl_multi_socket_action(reactor->multi, fd, what,
						  &running);

	must(code == CURLM_OK);
	collect(reactor);
	start_answered(reactor);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	act(context, CURL_SOCKET_TIMEOUT, 0);
}

static void on_socket(evutil_socket_t fd, short what, void *context)
{
	struct reactor *reactor = context;
	struct watch *watch = watch_of(reactor, fd);
	int flags = 0;

	if (watch->wanted == 0) {
		disarm(watch);
		return;
	}
	if (what & EV_READ)
		flags |= CURL_CSELECT_IN;
	if (what & EV_WRITE)
		flags |= CURL_CSELECT_OUT;
	act(reactor, fd, flags);
}

static void arm(struct reactor *reactor, struct watch *watch, int fd)
{
	struct timeval soon = clock_timeval_ms(AGAIN_MS);

	if (watch->armed == watch->wanted)
		return;
	disarm(watch);
	must(event_assign(&watch->event, reactor->base, fd,
			  (short)(watch->wanted | EV_PERSIST), on_socket,
			  reactor) == 0);
	if (event_add(&watch->event, NULL) == 0)
		watch->armed = watch->wanted;
	else /* the system has no memory for it: again soon */
		evtimer_add(reactor->again, &soon);
}

static void on_again(evutil_socket_t fd, short what, void *context)
{
	struct reactor *reactor = context;

	(void)fd, (void)what;
	for (size_t i = 0; i < reactor->watch_count; i++) {
		struct watch *watch = reactor->watches[i];

		if (watch != NULL && watch->wanted != 0)
			arm(reactor, watch, (int)i);
	}
}

/* CURLMOPT_SOCKETFUNCTION(3) */
static int want_socket(CURL *easy, curl_socket_t fd, int what, void *context,
		       void *unused)
{
	struct reactor *reactor = context;
	struct watch *watch = watch_of(reactor, fd);

	(void)easy, (void)unused;
	watch->wanted = 0;
	if (what == CURL_POLL_REMOVE) {
		if (!watch->connection)
			disarm(watch);
		return 0;
	}
	if (what & CURL_POLL_IN)
		watch->wanted |= EV_READ;
	if (what & CURL_POLL_OUT)
		watch->wanted |= EV_WRITE;
	if (watch->wanted != 0)
		arm(reactor, watch, fd);
	return 0;
}

/* CURLMOPT_TIMERFUNCTION(3): may only arm the timer, not act on it. */
static int want_timer(CURLM *multi, long timeout_ms, void *context)
{
	struct reactor *reactor = context;
	struct timeval time;

	(void)multi;
	if (timeout_ms < 0) {
		event_del(reactor->timer);
		return 0;
	}
	time = clock_timeval_ms((uint64_t)timeout_ms);
	event_add(reactor->timer, &time);
	return 0;
}

/* JOB's connection is begun: its host's address is known. */
static void note_answered(void *context, const struct job *job)
{
	struct reactor *reactor = context;

	lookup_answered(reactor->lookup, job, true, &reactor->answered);
}

static void note_opened(void *context, const struct job *job,
			curl_socket_t fd)
{
	watch_of(context, fd)->connection = true;
	note_answered(context, job);
}

/* A connection's socket is about to be closed. */
static void note_closing(void *context, curl_socket_t fd)
{
	struct watch *watch = watch_of(context, fd);

	disarm(watch);
	watch->connection = false;
	watch->wanted = 0;
}

static int set_up_multi(struct reactor *reactor, size_t kept)
{
	CURLM *multi = curl_multi_init();

	if (multi == NULL)
		return -1;
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, want_socket);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, reactor);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, want_timer);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, reactor);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
			  (long)kept);
	reactor->multi = multi;
	return 0;
}

static int set_up_executor(struct reactor *reactor)
{
	const struct settings *settings = reactor->common->settings;

	if (settings->cpu_work_us == 0 || settings->offload == 0)
		return 0;
	reactor->executor = executor_new(reactor->base, settings,
					 (size_t)settings->offload,
					 reactor->flight_count, on_computed,
					 reactor);
	return reactor->executor != NULL ? 0 : -1;
}

struct reactor *reactor_new(struct event_base *base,
			    const struct transfer_common *common,
			    size_t limit, size_t kept,
			    const struct reactor_owner *owner)
{
	struct reactor *reactor = memory_zeroed(sizeof(*reactor));

	reactor->base = base;
	reactor->common = common;
	reactor->owner = *owner;
	reactor->sockets = (struct transfer_sockets){
		.opened = note_opened,
		.answered = note_answered,
		.closing = note_closing,
		.context = reactor,
	};
	reactor->lookup = lookup_new();
	reactor->flight_count = limit;
	reactor->flights = memory_zeroed(limit * sizeof(*reactor->flights));
	for (size_t i = limit; i-- > 0;) {
		reactor->flights[i].next_free = reactor->free;
		reactor->free = &reactor->flights[i];
	}
	reactor->timer = evtimer_new(base, on_timer, reactor);
	reactor->again = evtimer_new(base, on_again, reactor);
	if (reactor->timer == NULL || reactor->again == NULL ||
	    set_up_multi(reactor, kept) != 0 ||
	    set_up_executor(reactor) != 0) {
		reactor_free(reactor);
		errno = EMFILE;
		return NULL;
	}
	return reactor;
}

void reactor_free(struct reactor *reactor)
{
	must(reactor->taken == 0);
	if (reactor->executor != NULL)
		executor_free(reactor->executor);
	for (size_t i = 0; i < reactor->flight_count; i++) {
		if (reactor->flights[i].transfer != NULL)
			transfer_free(reactor->flights[i].transfer);
	}
	/* Closes the connections, and so calls note_closing(). */
	if (reactor->multi != NULL)
		curl_multi_cleanup(reactor->multi);
	for (size_t i = 0; i < reactor->watch_count; i++) {
		if (reactor->watches[i] != NULL)
			disarm(reactor->watches[i]);
		free(reactor->watches[i]);
	}
	if (reactor->timer != NULL)
		event_free(reactor->timer);
	if (reactor->again != NULL)
		event_free(reactor->again);
	lookup_free(reactor->lookup);
	free(reactor->watches);
	free(reactor->flights);
	free(reactor);
}

static void equip(struct reactor *reactor, struct flight *flight)
{
	flight->transfer = transfer_new(reactor->common, &reactor->sockets);
	if (flight->transfer == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	curl_easy_setopt(transfer_easy(flight->transfer), CURLOPT_PRIVATE,
			 flight);
}

static void start(struct reactor *reactor, struct job *job)
{
	struct flight *flight = reactor->free;

	must(flight != NULL);
	if (flight->transfer == NULL)
		equip(reactor, flight);
	reactor->free = flight->next_free;
	reactor->taken++;
	flight->flying = true;
	job->result.worker = reactor->owner.worker;
	job->result.slot = (unsigned)(flight - reactor->flights);
	transfer_begin(flight->transfer, job);
	must(curl_multi_add_handle(reactor->multi,
				   transfer_easy(flight->transfer)) ==
	     CURLM_OK);
}

void reactor_submit(struct reactor *reactor, struct job *job)
{
	if (lookup_admit(reactor->lookup, job))
		start(reactor, job);
}

static void abort_waiting(struct reactor *reactor)
{
	struct job *job;

	lookup_drain(reactor->lookup, &reactor->answered);
	while ((job = job_list_take(&reactor->answered)) != NULL) {
		result_fail(&job->result, CAUSE_ABORTED, "interrupted");
		reactor->owner.ended(reactor->owner.context, job);
	}
}

void reactor_cancel(struct reactor *reactor)
{
	abort_waiting(reactor);
	if (reactor->executor != NULL)
		executor_cancel(reactor->executor);
	for (size_t i = 0; i < reactor->flight_count; i++) {
		struct flight *flight = &reactor->flights[i];
		struct job *job;

		if (!flight->flying)
			continue;
		curl_multi_remove_handle(reactor->multi,
					 transfer_easy(flight->transfer));
		flight->flying = false;
		job = transfer_abort(flight->transfer);
		lookup_answered(reactor->lookup, job, false,
				&reactor->answered);
		land(reactor, job);
	}
}
