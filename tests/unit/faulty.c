/*
 * pfetch with three faulty strategies, for the gate of a comparison to catch.
 * Each is `event` with one job gone wrong; a fourth, `sound`, has none.
 *
 *   loses   the third body is lost: its result says ok, with 0 bytes
 *   swaps   the third body has the right length but the wrong bytes
 *   twice   the third job is fetched twice
 *
 * Linked in place of strategies.c, the table of strategies.
 */
#include "config.h"

#include <stdlib.h>

#include "base/memory.h"
#include "strategy/strategy.h"

extern const struct strategy strategy_sequential;
extern const struct strategy strategy_pool;
extern const struct strategy strategy_event;

struct faulty {
	struct strategy_env env;
	const struct strategy_env *real;
	void *state;
	bool done;
	void (*spoil)(struct faulty *faulty, struct job *job);
	bool again;
};

static void spoil_none(struct faulty *faulty, struct job *job)
{
	(void)faulty, (void)job;
}

static void lose(struct faulty *faulty, struct job *job)
{
	(void)faulty;
	job->result.bytes = 0;
}

static void swap(struct faulty *faulty, struct job *job)
{
	(void)faulty;
	job->result.digest[0] ^= 1;
}

static void fetch_twice(struct faulty *faulty, struct job *job)
{
	(void)job;
	faulty->again = true;
}

static void faulty_finished(void *context, struct job *job)
{
	struct faulty *faulty = context;

	if (job->number == 3 && !faulty->done) {
		faulty->done = true;
		faulty->spoil(faulty, job);
		if (faulty->again) {
			job_clear_result(job);
			strategy_event.submit(faulty->state, job);
			return;
		}
	}
	faulty->real->finished(faulty->real->core, job);
}

static void faulty_shortage(void *context, unsigned running, const char *what)
{
	struct faulty *faulty = context;

	faulty->real->shortage(faulty->real->core, running, what);
}

static void faulty_memory(void *context, uint64_t largest, uint64_t sum)
{
	struct faulty *faulty = context;

	faulty->real->memory(faulty->real->core, largest, sum);
}

static void *faulty_open(const struct strategy_env *env,
			 void (*spoil)(struct faulty *faulty, struct job *job))
{
	struct faulty *faulty = memory_zeroed(sizeof(*faulty));

	faulty->real = env;
	faulty->env = *env;
	faulty->env.finished = faulty_finished;
	faulty->env.shortage = faulty_shortage;
	faulty->env.memory = faulty_memory;
	faulty->env.core = faulty;
	faulty->spoil = spoil;
	faulty->state = strategy_event.open(&faulty->env);
	return faulty;
}

static void *open_none(const struct strategy_env *env)
{
	return faulty_open(env, spoil_none);
}

static void *open_loses(const struct strategy_env *env)
{
	return faulty_open(env, lose);
}

static void *open_swaps(const struct strategy_env *env)
{
	return faulty_open(env, swap);
}

static void *open_twice(const struct strategy_env *env)
{
	return faulty_open(env, fetch_twice);
}

static void faulty_submit(void *context, struct job *job)
{
	struct faulty *faulty = context;

	strategy_event.submit(faulty->state, job);
}

static void faulty_cancel(void *context)
{
	struct faulty *faulty = context;

	strategy_event.cancel(faulty->state);
}

static void faulty_close(void *context)
{
	struct faulty *faulty = context;

	strategy_event.close(faulty->state);
	free(faulty);
}

#define FAULTY(called, opened)                                            \
	static const struct strategy strategy_##called = {                \
		.name = #called,                                          \
		.summary = "for tests",                                   \
		.descriptors = 4,                                         \
		.slots = true,                                            \
		.workers = strategy_one_worker,                           \
		.capacity = strategy_capacity_jobs,                       \
		.open = opened,                                           \
		.submit = faulty_submit,                                  \
		.cancel = faulty_cancel,                                  \
		.close = faulty_close,                                    \
	}

FAULTY(sound, open_none);
FAULTY(loses, open_loses);
FAULTY(swaps, open_swaps);
FAULTY(twice, open_twice);

const struct strategy *const strategies[] = {
	&strategy_sequential, &strategy_event, &strategy_pool,
	&strategy_sound, &strategy_loses, &strategy_swaps, &strategy_twice,
	NULL
};
