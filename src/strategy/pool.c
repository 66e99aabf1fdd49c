/*
 * pool: j threads, started once and fed by a bounded blocking queue.
 *
 *   core --submit--> queue --take--> worker thread --post--> mailbox --> core
 *
 * The queue's bound equals the pool's capacity, which the core respects, so
 * the core never blocks in queue_put().  If not all threads can be started,
 * only half of those that could be do the work, because each needs another
 * thread for name look-ups.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/fetcher.h"
#include "strategy/mailbox.h"
#include "strategy/queue.h"
#include "strategy/strategy.h"

struct pool {
	const struct strategy_env *env;
	struct queue queue;
	struct mailbox mailbox;   /* finished jobs, to the core */
	struct worker {
		struct pool *pool;
		struct fetcher *fetcher;
		pthread_t thread;
	} *workers;
	size_t count;
	struct fetcher *here;     /* fallback on the core's thread */
};

static void *pool_work(void *argument)
{
	struct worker *worker = argument;
	struct pool *pool = worker->pool;
	struct job *job;

	while ((job = queue_take(&pool->queue)) != NULL) {
		fetcher_run(worker->fetcher, job);
		mailbox_post(&pool->mailbox, job);
	}
	return NULL;
}

static void pool_deliver(void *context, struct job_list *jobs)
{
	struct pool *pool = context;
	struct job *job;

	while ((job = job_list_take(jobs)) != NULL)
		pool->env->finished(pool->env->core, job);
}

/* Returns 0, or the error that kept the worker from starting. */
static int start_worker(struct pool *pool, struct worker *worker)
{
	int error;

	worker->pool = pool;
	worker->fetcher = fetcher_new(pool->env->common,
				      (unsigned)(worker - pool->workers),
				      -1, 0, NULL, NULL);
	if (worker->fetcher == NULL)
		return EMFILE;
	error = fetcher_thread(&worker->thread, pool_work, worker);
	if (error != 0)
		fetcher_free(worker->fetcher);
	return error;
}

/* Closes the queue and ends all workers. */
static void end_workers(struct pool *pool)
{
	queue_close(&pool->queue);
	for (size_t i = 0; i < pool->count; i++) {
		must(pthread_join(pool->workers[i].thread, NULL) == 0);
		fetcher_free(pool->workers[i].fetcher);
	}
	pool->count = 0;
}

static void pool_close(void *context)
{
	struct pool *pool = context;

	end_workers(pool);
	if (pool->here != NULL)
		fetcher_free(pool->here);
	mailbox_close(&pool->mailbox);
	queue_release(&pool->queue);
	free(pool->workers);
	free(pool);
}

/* Starts workers until there are WANTED; returns 0, or the error that
 * prevented it. */
static int start_workers(struct pool *pool, size_t wanted)
{
	int error = 0;

	while (pool->count < wanted && error == 0) {
		error = start_worker(pool, &pool->workers[pool->count]);
		if (error == 0)
			pool->count++;
	}
	return error;
}

static uint64_t pool_capacity(const struct settings *settings)
{
	return settings_window(settings);
}

static void *pool_open(const struct strategy_env *env)
{
	size_t wanted = (size_t)env->settings->jobs;
	struct pool *pool = memory_zeroed(sizeof(*pool));
	int error;

	pool->env = env;
	if (mailbox_open(&pool->mailbox, env->base, pool_deliver, pool) != 0) {
		free(pool);
		return NULL;
	}
	queue_init(&pool->queue, (size_t)pool_capacity(env->settings));
	pool->workers = memory_zeroed(wanted * sizeof(*pool->workers));
	error = start_workers(pool, wanted);
	if (error != 0 && pool->count > 1) {
		/* Each worker needs a second thread for name look-ups. */
		size_t fewer = pool->count / 2;


		end_workers(pool);
		queue_release(&pool->queue);
		queue_init(&pool->queue,
			   (size_t)pool_capacity(env->settings));
		start_workers(pool, fewer);
	}
	if (error != 0)
		env->shortage(env->core, (unsigned)pool->count, "threads");
	if (pool->count > 0)
		return pool;
	/* No thread could be started: the core does the work itself. */
	pool->here = fetcher_new_in_core(env);
	if (pool->here != NULL)
		return pool;
	pool_close(pool);
	errno = error;
	return NULL;
}

static void pool_submit(void *context, struct job *job)
{
	struct pool *pool = context;

	if (pool->here != NULL) {
		fetcher_run(pool->here, job);
		pool->env->finished(pool->env->core, job);
		return;
	}
	must(queue_put(&pool->queue, job));
}

static void pool_cancel(void *context)
{
	struct pool *pool = context;
	struct job_list waiting = { 0 };

	queue_drain(&pool->queue, &waiting);
	for (struct job *job = waiting.first; job != NULL; job = job->next)
		result_fail(&job->result, CAUSE_ABORTED, "interrupted");
	mailbox_post_all(&pool->mailbox, &waiting);
	for (size_t i = 0; i < pool->count; i++)
		fetcher_stop(pool->workers[i].fetcher);
}

const struct strategy strategy_pool = {
	.name = "pool",
	.summary = "a pool of threads fed by a bounded queue",
	.worker = "thread",
	.workers = strategy_capacity_jobs,
	.descriptors = FETCHER_DESCRIPTORS,
	.capacity = pool_capacity,
	.open = pool_open,
	.submit = pool_submit,
	.cancel = pool_cancel,
	.close = pool_close,
};
