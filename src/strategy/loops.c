/*
 * loops: one event loop per processor, each in its own thread.
 *
 *   core --post--> a loop's inbox --> its reactor --> its outbox --> core
 *
 * A job goes to the loop with the fewest outstanding jobs.  The core collects
 * the jobs that it submits in one turn and posts them together, and a loop
 * does the same with the jobs that end in one turn, so that a busy run needs
 * few wake-ups and takes few locks.
 */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/evbase.h"
#include "base/fatal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "strategy/fetcher.h"
#include "strategy/mailbox.h"
#include "strategy/reactor.h"
#include "strategy/strategy.h"

struct loop {
	struct loops *owner;
	struct mailbox outbox;    /* delivers on the core's loop */
	size_t outstanding;       /* counted by the core */
	struct job_list outgoing; /* collected by the core, to be posted */

	pthread_t thread;         /* from here on: the loop's own */
	struct event_base *base;
	struct mailbox inbox;     /* a poke means: check the flags */
	struct reactor *reactor;
	struct job_list ended;    /* in this turn, not yet posted */
	atomic_bool cancelled, closing;
};

struct loops {
	const struct strategy_env *env;
	struct loop *loops;
	size_t count;
	struct reactor *here;     /* fallback on the core's loop */
};

static void loop_ended(void *context, struct job *job)
{
	struct loop *loop = context;

	job_list_append(&loop->ended, job);
}

static bool loop_stopped(void *context)
{
	struct loop *loop = context;

	return atomic_load_explicit(&loop->cancelled, memory_order_relaxed);
}

static void inbox_deliver(void *context, struct job_list *jobs)
{
	struct loop *loop = context;
	struct job *job;

	while ((job = job_list_take(jobs)) != NULL)
		reactor_submit(loop->reactor, job);
	if (atomic_load(&loop->cancelled))
		reactor_cancel(loop->reactor);
}

static void *loop_work(void *argument)
{
	struct loop *loop = argument;

	while (!atomic_load(&loop->closing)) {
		event_base_loop(loop->base, EVLOOP_ONCE);
		mailbox_post_all(&loop->outbox, &loop->ended);
	}
	return NULL;
}

static void outbox_deliver(void *context, struct job_list *jobs)
{
	struct loop *loop = context;
	const struct strategy_env *env = loop->owner->env;
	struct job *job;

	while ((job = job_list_take(jobs)) != NULL) {
		loop->outstanding--;
		env->finished(env->core, job);
	}
}

static uint64_t wanted_loops(const struct settings *settings)
{
	uint64_t count = settings->loops == SETTINGS_UNSET
				 ? limits_processors() : settings->loops;

	return count < settings->jobs ? count : settings->jobs;
}

/* Of the name look-ups that all loops may do at a time. */
static unsigned share_of_lookups(const struct settings *settings)
{
	uint64_t share = GATE_PLACES / wanted_loops(settings);

	return share > 0 ? (unsigned)share : 1;
}

/* Returns 0, or the error that kept the loop from starting, after undoing
 * everything. */
static int start_loop(struct loops *state, struct loop *loop, size_t limit,
		      size_t kept)
{
	const struct strategy_env *env = state->env;
	struct reactor_owner owner = {
		.ended = loop_ended,
		.stopped = loop_stopped,
		.context = loop,
		.worker = (unsigned)(loop - state->loops),
		.lookups = share_of_lookups(env->settings),
	};
	int error = EMFILE;

	loop->owner = state;
	loop->base = evbase_new(0);
	if (loop->base == NULL)
		return error;
	if (mailbox_open(&loop->inbox, loop->base, inbox_deliver, loop) != 0)
		goto no_inbox;
	if (mailbox_open(&loop->outbox, env->base, outbox_deliver, loop) != 0)
		goto no_outbox;
	loop->reactor = reactor_new(loop->base, env->common, limit, kept,
				    &owner);
	if (loop->reactor == NULL)
		goto no_reactor;
	error = fetcher_thread(&loop->thread, loop_work, loop);
	if (error == 0)
		return 0;
	reactor_free(loop->reactor);
no_reactor:
	mailbox_close(&loop->outbox);
no_outbox:
	mailbox_close(&loop->inbox);
no_inbox:
	event_base_free(loop->base);
	return error;
}

static void stop_loop(struct loop *loop)
{
	atomic_store(&loop->closing, true);
	mailbox_poke(&loop->inbox);
	must(pthread_join(loop->thread, NULL) == 0);
	reactor_free(loop->reactor);
	mailbox_close(&loop->outbox);
	mailbox_close(&loop->inbox);
	event_base_free(loop->base);
}

static void loops_close(void *context)
{
	struct loops *state = context;

	for (size_t i = 0; i < state->count; i++)
		stop_loop(&state->loops[i]);
	if (state->here != NULL)
		reactor_free(state->here);
	free(state->loops);
	free(state);
}

static void ended_here(void *context, struct job *job)
{
	struct loops *state = context;

	state->env->finished(state->env->core, job);
}

static bool stopped_here(void *context)
{
	struct loops *state = context;

	return *state->env->stop != 0;
}

static void *loops_open(const struct strategy_env *env)
{
	size_t wanted = (size_t)wanted_loops(env->settings);
	size_t jobs = (size_t)env->settings->jobs;
	struct loops *state = memory_zeroed(sizeof(*state));
	struct reactor_owner here = {
		.ended = ended_here,
		.stopped = stopped_here,
		.context = state,
		.lookups = GATE_PLACES,
	};
	int error = 0;

	state->env = env;
	state->loops = memory_zeroed(wanted * sizeof(*state->loops));
	while (state->count < wanted && error == 0) {
		/* Each has room for all jobs, in case later loops fail to
		 * start. */
		error = start_loop(state, &state->loops[state->count], jobs,
				   (jobs + wanted - 1) / wanted);
		if (error == 0)
			state->count++;
	}
	if (state->count > 0)
		return state;
	state->here = reactor_new(env->base, env->common, jobs, jobs, &here);
	if (state->here != NULL)
		return state;
	loops_close(state);
	errno = error;
	return NULL;
}

static void loops_submit(void *context, struct job *job)
{
	struct loops *state = context;
	struct loop *best = &state->loops[0];

	if (state->here != NULL) {
		reactor_submit(state->here, job);
		return;
	}
	for (size_t i = 1; i < state->count; i++) {
		if (state->loops[i].outstanding < best->outstanding)
			best = &state->loops[i];
	}
	best->outstanding++;
	job_list_append(&best->outgoing, job);
}

static void loops_flush(void *context)
{
	struct loops *state = context;

	for (size_t i = 0; i < state->count; i++)
		mailbox_post_all(&state->loops[i].inbox,
				 &state->loops[i].outgoing);
}

static void loops_cancel(void *context)
{
	struct loops *state = context;

	if (state->here != NULL)
		reactor_cancel(state->here);
	for (size_t i = 0; i < state->count; i++) {
		atomic_store(&state->loops[i].cancelled, true);
		mailbox_poke(&state->loops[i].inbox);
	}
}

const struct strategy strategy_loops = {
	.name = "loops",
	.summary = "one event loop per processor core",
	.worker = "loop",
	.slots = true,
	.workers = wanted_loops,
	.descriptors = REACTOR_DESCRIPTORS,
	.capacity = strategy_capacity_jobs,
	.open = loops_open,
	.submit = loops_submit,
	.flush = loops_flush,
	.cancel = loops_cancel,
	.close = loops_close,
};
