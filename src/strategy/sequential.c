/*
 * sequential: one transfer after another, on the core's own thread.
 *
 * This is the plain loop that serves as the baseline.  While a job runs, the
 * core's loop is blocked; a signal still gets through, because the fetcher
 * watches the descriptor that the signal makes readable.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "strategy/fetcher.h"
#include "strategy/strategy.h"

struct sequential {
	const struct strategy_env *env;
	struct fetcher *fetcher;
};

static uint64_t sequential_capacity(const struct settings *settings)
{
	(void)settings;
	return 1;
}

static void *sequential_open(const struct strategy_env *env)
{
	struct sequential *state = memory_zeroed(sizeof(*state));

	state->env = env;
	state->fetcher = fetcher_new_in_core(env);
	if (state->fetcher == NULL) {
		free(state);
		errno = EMFILE;
		return NULL;
	}
	return state;
}

static void sequential_submit(void *context, struct job *job)
{
	struct sequential *state = context;

	fetcher_run(state->fetcher, job);
	state->env->finished(state->env->core, job);
}

/* Nothing can be outstanding when the core calls this. */
static void sequential_cancel(void *context)
{
	(void)context;
}

static void sequential_close(void *context)
{
	struct sequential *state = context;

	fetcher_free(state->fetcher);
	free(state);
}

const struct strategy strategy_sequential = {
	.name = "sequential",
	.summary = "one transfer after another",
	.blocks = true,
	.workers = strategy_one_worker,
	.descriptors = FETCHER_DESCRIPTORS,
	.capacity = sequential_capacity,
	.open = sequential_open,
	.submit = sequential_submit,
	.cancel = sequential_cancel,
	.close = sequential_close,
};
