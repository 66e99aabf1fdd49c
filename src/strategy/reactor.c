/*
 * A reactor; see reactor.h.
 *
 * libcurl says which sockets and which time-out it waits for (want_socket,
 * want_timer); libevent says when they are due (watches.h, on_timer); at the
 * end of the loop's turn, the transfers that have ended are collected.
 */
#include "config.h"

#include "strategy/reactor.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/compute.h"
#include "strategy/executor.h"
#include "strategy/keeping.h"
#include "strategy/lookup.h"
#include "strategy/watches.h"

enum {
	TURN_MS = 10,     /* how often paused transfers are looked at */
};

/* A place for a job, from its start until it is handed back. */
struct flight {
	struct transfer *transfer;
	struct flight *next_free;
	bool flying;             /* its transfer is in progress */
	bool single_use;         /* its connection is not kept */
};

struct reactor {
	struct event_base *base;
	const struct transfer_common *common;
	struct reactor_owner owner;

	CURLM *multi;
	struct executor *executor; /* NULL: synthetic work runs in the loop */
	struct lookup *lookup;
	struct job_list answered; /* look-up done, to be started */
	struct transfer_sockets sockets;
	struct event *timer, *collector;
	struct event *turns;      /* pending while a transfer is paused */
	struct watches *watches;
	struct flight *flights;   /* one for each possible job */
	size_t flight_count, taken, flying;
	struct keeping keeping;
	struct flight *free;      /* a stack: most recently used first */
};

/* Frees JOB's place and hands JOB back to the owner. */
static void land(struct reactor *reactor, struct job *job)
{
	struct flight *flight = &reactor->flights[job->result.slot];

	flight->next_free = reactor->free;
	reactor->free = flight;
	reactor->taken--;
	reactor->owner.ended(reactor->owner.context, job);
}

/* JOB, which may be the pilot of others, has ended.  If its host's name can't
 * be had, they fail in the same way. */
static void answer_waiting(struct reactor *reactor, const struct job *job)
{
	const struct result *result = &job->result;
	bool nameless = result->outcome == OUTCOME_FAILED && !result->starved &&
			(result->cause == CAUSE_DNS ||
			 result->cause == CAUSE_TIMEOUT);
	struct job_list waited = { 0 };
	struct job *other;

	lookup_answered(reactor->lookup, job, false, &waited,
			&reactor->answered);
	if (!nameless)
		job_list_move(&reactor->answered, &waited);
	while ((other = job_list_take(&waited)) != NULL) {
		result_fail(&other->result, result->cause, "%s",
			    result->detail);
		reactor->owner.ended(reactor->owner.context, other);
	}
}

/* JOB's transfer has ended.  While the executor works on JOB, it keeps its
 * place. */
static void settle(struct reactor *reactor, struct job *job)
{
	const struct settings *settings = reactor->common->settings;

	answer_waiting(reactor, job);
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

/* The handle of FLIGHT has been removed from the multi handle. */
static void land_flight(struct reactor *reactor, struct flight *flight)
{
	flight->flying = false;
	reactor->flying--;
}

/* Settles all transfers that have ended. */
static void collect(struct reactor *reactor)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(reactor->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result; /* lost on removal */
		struct flight *flight;
		char *private;

		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		flight = (void *)private;
		curl_multi_remove_handle(reactor->multi, easy);
		land_flight(reactor, flight);
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

static void act(void *context, curl_socket_t fd, int what)
{
	struct reactor *reactor = context;
	int running;
	CURLMcode code = curl_multi_socket_action(reactor->multi, fd, what,
						  &running);

	must(code == CURLM_OK);
	/* Collect at the end of this turn of the loop: what follows a
	 * transfer, above all work on files, is faster in batches. */
	if ((size_t)running < reactor->flying || reactor->answered.count > 0)
		event_active(reactor->collector, 0, 0);
}

static void on_collect(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	collect(context);
	start_answered(context);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	act(context, CURL_SOCKET_TIMEOUT, 0);
}

/* CURLMOPT_SOCKETFUNCTION(3) */
static int want_socket(CURL *easy, curl_socket_t fd, int what, void *context,
		       void *unused)
{
	struct reactor *reactor = context;

	(void)easy, (void)unused;
	watches_want(reactor->watches, fd, what);
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

/* JOB has a socket or a connection: its host's address is known. */
static void note_answered(void *context, const struct job *job)
{
	struct reactor *reactor = context;

	lookup_answered(reactor->lookup, job, true, &reactor->answered,
			&reactor->answered);
}

static void note_opened(void *context, const struct job *job,
			curl_socket_t fd)
{
	struct reactor *reactor = context;

	watches_opened(reactor->watches, fd);
	note_answered(context, job);
}

/* A connection's socket is about to be closed. */
static void note_closing(void *context, curl_socket_t fd)
{
	struct reactor *reactor = context;

	watches_closing(reactor->watches, fd);
}

/* A transfer has to wait because of the rate limit. */
static void note_paused(void *context)
{
	struct reactor *reactor = context;
	struct timeval time = clock_timeval_ms(TURN_MS);

	if (!evtimer_pending(reactor->turns, NULL))
		evtimer_add(reactor->turns, &time);
}

static void on_turns(evutil_socket_t fd, short what, void *context)
{
	struct reactor *reactor = context;

	(void)fd, (void)what;
	for (size_t i = 0; i < reactor->flight_count; i++) {
		struct flight *flight = &reactor->flights[i];

		if (flight->flying && transfer_resume(flight->transfer) > 0)
			note_paused(reactor);
	}
	event_active(reactor->collector, 0, 0);
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
	reactor->multi = multi;
	keeping_begin(&reactor->keeping, multi, kept,
		      reactor->common->settings, REACTOR_DESCRIPTORS);
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
		.paused = note_paused,
		.context = reactor,
	};
	reactor->lookup = lookup_new(owner->lookups);
	reactor->flight_count = limit;
	reactor->flights = memory_zeroed(limit * sizeof(*reactor->flights));
	for (size_t i = limit; i-- > 0;) {
		reactor->flights[i].next_free = reactor->free;
		reactor->free = &reactor->flights[i];
	}
	reactor->timer = evtimer_new(base, on_timer, reactor);
	reactor->collector = evtimer_new(base, on_collect, reactor);
	reactor->turns = evtimer_new(base, on_turns, reactor);
	reactor->watches = watches_new(base, act, reactor);
	if (reactor->timer == NULL || reactor->collector == NULL ||
	    reactor->turns == NULL ||
	    reactor->watches == NULL ||
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
	/* This closes the connections and so calls note_closing(). */
	if (reactor->multi != NULL)
		curl_multi_cleanup(reactor->multi);
	keeping_end(&reactor->keeping);
	if (reactor->watches != NULL)
		watches_free(reactor->watches);
	if (reactor->timer != NULL)
		event_free(reactor->timer);
	if (reactor->collector != NULL)
		event_free(reactor->collector);
	if (reactor->turns != NULL)
		event_free(reactor->turns);
	lookup_free(reactor->lookup);
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
	keeping_equip(&reactor->keeping, transfer_easy(flight->transfer));
}

/* Decides whether to keep JOB's connection. */
static void choose_keeping(struct reactor *reactor, struct flight *flight,
			   const struct job *job)
{
	bool single_use = keeping_is_single_use(
		&reactor->keeping, job, watches_connections(reactor->watches));

	/* A new job may have reset the handle. */
	if (flight->single_use || single_use)
		curl_easy_setopt(transfer_easy(flight->transfer),
				 CURLOPT_FORBID_REUSE, (long)single_use);
	flight->single_use = single_use;
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
	reactor->flying++;
	job->result.worker = reactor->owner.worker;
	job->result.slot = (unsigned)(flight - reactor->flights);
	transfer_begin(flight->transfer, job);
	choose_keeping(reactor, flight, job);
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
		land_flight(reactor, flight);
		job = transfer_abort(flight->transfer);
		lookup_answered(reactor->lookup, job, false,
				&reactor->answered, &reactor->answered);
		land(reactor, job);
	}
}
