/*
 * An executor; see executor.h.
 *
 *   loop --submit--> queue --take--> thread --post--> mailbox --> loop
 */
#include "config.h"

#include "strategy/executor.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/compute.h"
#include "strategy/fetcher.h"
#include "strategy/mailbox.h"
#include "strategy/queue.h"

struct executor {
	const struct settings *settings;
	void (*done)(void *context, struct job *job);
	void *context;
	struct queue queue;
	struct mailbox mailbox;
	pthread_t *threads;
	size_t count;
	atomic_bool cancelled;
};

static bool is_cancelled(void *context)
{
	struct executor *executor = context;

	return atomic_load_explicit(&executor->cancelled,
				    memory_order_relaxed);
}

static void *executor_work(void *argument)
{
	struct executor *executor = argument;
	struct job *job;

	while ((job = queue_take(&executor->queue)) != NULL) {
		compute_run(executor->settings, job, is_cancelled, executor);
		mailbox_post(&executor->mailbox, job);
	}
	return NULL;
}

static void deliver(void *context, struct job_list *jobs)
{
	struct executor *executor = context;
	struct job *job;

	while ((job = job_list_take(jobs)) != NULL)
		executor->done(executor->context, job);
}

struct executor *executor_new(struct event_base *base,
			      const struct settings *settings, size_t threads,
			      size_t limit,
			      void (*done)(void *context, struct job *job),
			      void *context)
{
	struct executor *executor = memory_zeroed(sizeof(*executor));
	int error = 0;

	executor->settings = settings;
	executor->done = done;
	executor->context = context;
	if (mailbox_open(&executor->mailbox, base, deliver, executor) != 0) {
		free(executor);
		return NULL;
	}
	queue_init(&executor->queue, limit);
	executor->threads = memory_zeroed(threads *
					  sizeof(*executor->threads));
	while (executor->count < threads && error == 0) {
		error = fetcher_thread(&executor->threads[executor->count],
				       executor_work, executor);
		if (error == 0)
			executor->count++;
	}
	if (executor->count > 0)
		return executor;
	executor_free(executor);
	errno = error;
	return NULL;
}

void executor_free(struct executor *executor)
{
	queue_close(&executor->queue);
	for (size_t i = 0; i < executor->count; i++)
		must(pthread_join(executor->threads[i], NULL) == 0);
	mailbox_close(&executor->mailbox);
	queue_release(&executor->queue);
	free(executor->threads);
	free(executor);
}

void executor_submit(struct executor *executor, struct job *job)
{
	must(queue_put(&executor->queue, job));
}

void executor_cancel(struct executor *executor)
{
	atomic_store(&executor->cancelled, true);
}
