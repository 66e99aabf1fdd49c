/*
 * event: one event loop, the core's own, with up to j transfers in flight.
 */
#include "config.h"

#include <stdlib.h>

#include "base/memory.h"
#include "strategy/reactor.h"
#include "strategy/strategy.h"

struct loop {
	const struct strategy_env *env;
	struct reactor *reactor;
};

static void event_ended(void *context, struct job *job)
{
	struct loop *state = context;

	state->env->finished(state->env->core, job);
}

static bool event_stopped(void *context)
{
	struct loop *state = context;

	return *state->env->stop != 0;
}

static void *event_open(const struct strategy_env *env)
{
	struct loop *state = memory_zeroed(sizeof(*state));
	struct reactor_owner owner = {
		.ended = event_ended,
		.stopped = event_stopped,
		.context = state,
		.lookups = GATE_PLACES,
	};

	state->env = env;
	state->reactor = reactor_new(env->base, env->common,
				     (size_t)env->settings->jobs,
				     (size_t)env->settings->jobs, &owner);
	if (state->reactor == NULL) {
		free(state);
		return NULL;
	}
	return state;
}

static void event_submit(void *context, struct job *job)
{
	struct loop *state = context;

	reactor_submit(state->reactor, job);
}

static void event_cancel(void *context)
{
	struct loop *state = context;

	reactor_cancel(state->reactor);
}

static void event_close(void *context)
{
	struct loop *state = context;

	reactor_free(state->reactor);
	free(state);
}

const struct strategy strategy_event = {
	.name = "event",
	.summary = "one event loop",
	.slots = true,
	.workers = strategy_one_worker,
	.descriptors = REACTOR_DESCRIPTORS,
	.capacity = strategy_capacity_jobs,
	.open = event_open,
	.submit = event_submit,
	.cancel = event_cancel,
	.close = event_close,
};
