/*
 * thread: a new thread for every URL, with at most j alive at a time.
 *
 * A thread runs one job, posts it to the core and ends; the core joins it.
 * Its fetcher, and with it the connections, passes to a later thread.  When no
 * thread can be started, jobs wait for one to end; when none is alive, the
 * core runs the job itself, as sequential does.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/fetcher.h"
#include "strategy/mailbox.h"
#include "strategy/strategy.h"

/* A place for a thread, reused by one thread after another. */
struct place {
	struct threads *owner;
	struct fetcher *fetcher;  /* NULL until first needed */
	pthread_t thread;
	struct job *job;          /* in progress; NULL: the place is free */
	struct place *next_free;
};

struct threads {
	const struct strategy_env *env;
	struct mailbox mailbox;   /* finished jobs, to the core */
	struct place *places;
	size_t count, alive;
	struct place *free;       /* a stack: most recently used first */
	struct job_list waiting;  /* for a thread; only after a shortage */
	struct fetcher *here;     /* fallback on the core's thread */
	bool cancelled;
};

static void *thread_work(void *argument)
{
	struct place *place = argument;
	struct job *job = place->job;

	fetcher_run(place->fetcher, job);
	mailbox_post(&place->owner->mailbox, job);
	return NULL;
}

static void give_back(struct threads *state, struct place *place)
{
	place->job = NULL;
	place->next_free = state->free;
	state->free = place;
}

/* Returns 0, or the error that kept a thread from starting. */
static int start(struct threads *state, struct job *job)
{
	struct place *place = state->free;
	int error;

	if (place->fetcher == NULL)
		place->fetcher = fetcher_new(
			state->env->common,
			(unsigned)(place - state->places), -1, 0, NULL, NULL);
	if (place->fetcher == NULL)
		return EMFILE;
	place->job = job;
	error = fetcher_thread(&place->thread, thread_work, place);
	if (error != 0) {
		place->job = NULL;
		return error;
	}
	state->free = place->next_free;
	state->alive++;
	return 0;
}

/* No thread at all can be started: runs JOB on the core's thread. */
static void run_here(struct threads *state, struct job *job)
{
	if (state->here == NULL)
		state->here = fetcher_new_in_core(state->env);
	if (state->here == NULL)
		result_fail(&job->result, CAUSE_RESOURCE,
			    "no memory for a transfer");
	else
		fetcher_run(state->here, job);
	state->env->finished(state->env->core, job);
}

static void thread_submit(void *context, struct job *job)
{
	struct threads *state = context;

	if (state->free != NULL && start(state, job) == 0)
		return;
	if (state->alive == 0) {
		state->env->shortage(state->env->core, 1, "threads");
		run_here(state, job);
		return;
	}
	/* Each thread needs a second one for name look-ups. */
	state->env->shortage(state->env->core,
			     (unsigned)(state->alive + 1) / 2, "threads");
	job_list_append(&state->waiting, job);
}

static struct place *place_of(struct threads *state, const struct job *job)
{
	for (size_t i = 0; i < state->count; i++) {
		if (state->places[i].job == job)
			return &state->places[i];
	}
	bug("a job came back from no thread");
}

static void thread_deliver(void *context, struct job_list *jobs)
{
	struct threads *state = context;
	struct job *job;
	size_t left;

	while ((job = job_list_take(jobs)) != NULL) {
		struct place *place = place_of(state, job);

		must(pthread_join(place->thread, NULL) == 0);
		state->alive--;
		give_back(state, place);
		state->env->finished(state->env->core, job);
	}
	while (state->waiting.count > 0 &&
	       (state->cancelled || state->alive < state->count)) {
		job = job_list_take(&state->waiting);
		if (state->cancelled) {
			result_fail(&job->result, CAUSE_ABORTED,
				    "interrupted");
			state->env->finished(state->env->core, job);
			continue;
		}
		left = state->waiting.count;
		thread_submit(state, job);
		if (state->waiting.count > left)
			break; /* still no thread for it */
	}
}

static void *thread_open(const struct strategy_env *env)
{
	struct threads *state = memory_zeroed(sizeof(*state));

	state->env = env;
	if (mailbox_open(&state->mailbox, env->base, thread_deliver,
			 state) != 0) {
		free(state);
		return NULL;
	}
	state->count = (size_t)env->settings->jobs;
	state->places = memory_zeroed(state->count * sizeof(*state->places));
	for (size_t i = state->count; i-- > 0;) {
		state->places[i].owner = state;
		give_back(state, &state->places[i]);
	}
	return state;
}

static void thread_cancel(void *context)
{
	struct threads *state = context;

	state->cancelled = true;
	for (size_t i = 0; i < state->count; i++) {
		if (state->places[i].job != NULL)
			fetcher_stop(state->places[i].fetcher);
	}
	mailbox_poke(&state->mailbox);
}

static void thread_close(void *context)
{
	struct threads *state = context;

	must(state->alive == 0);
	for (size_t i = 0; i < state->count; i++) {
		if (state->places[i].fetcher != NULL)
			fetcher_free(state->places[i].fetcher);
	}
	if (state->here != NULL)
		fetcher_free(state->here);
	mailbox_close(&state->mailbox);
	free(state->places);
	free(state);
}

const struct strategy strategy_thread = {
	.name = "thread",
	.summary = "a new thread for every URL",
	.worker = "thread",
	.workers = strategy_capacity_jobs,
	.descriptors = FETCHER_DESCRIPTORS,
	.capacity = strategy_capacity_jobs,
	.open = thread_open,
	.submit = thread_submit,
	.cancel = thread_cancel,
	.close = thread_close,
};
