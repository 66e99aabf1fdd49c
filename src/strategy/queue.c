/* A bounded blocking queue of jobs; see queue.h. */
#include "config.h"

#include "strategy/queue.h"

#include "base/fatal.h"

void queue_init(struct queue *queue, size_t limit)
{
	must(limit > 0);
	*queue = (struct queue){ .limit = limit };
	must(pthread_mutex_init(&queue->lock, NULL) == 0);
	must(pthread_cond_init(&queue->not_empty, NULL) == 0);
	must(pthread_cond_init(&queue->not_full, NULL) == 0);
}

void queue_release(struct queue *queue)
{
	must(queue->jobs.count == 0);
	must(pthread_cond_destroy(&queue->not_full) == 0);
	must(pthread_cond_destroy(&queue->not_empty) == 0);
	must(pthread_mutex_destroy(&queue->lock) == 0);
}

static void enter(struct queue *queue)
{
	must(pthread_mutex_lock(&queue->lock) == 0);
}

static void leave(struct queue *queue)
{
	must(pthread_mutex_unlock(&queue->lock) == 0);
}

bool queue_put(struct queue *queue, struct job *job)
{
	bool open;

	enter(queue);
	while (!queue->closed && queue->jobs.count >= queue->limit)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	open = !queue->closed;
	if (open) {
		job_list_append(&queue->jobs, job);
		pthread_cond_signal(&queue->not_empty);
	}
	leave(queue);
	return open;
}

struct job *queue_take(struct queue *queue)
{
	struct job *job;

	enter(queue);
	while (!queue->closed && queue->jobs.count == 0)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	job = job_list_take(&queue->jobs);
	if (job != NULL)
		pthread_cond_signal(&queue->not_full);
	leave(queue);
	return job;
}

void queue_drain(struct queue *queue, struct job_list *jobs)
{
	enter(queue);
	job_list_move(jobs, &queue->jobs);
	pthread_cond_broadcast(&queue->not_full);
	leave(queue);
}

void queue_close(struct queue *queue)
{
	enter(queue);
	queue->closed = true;
	pthread_cond_broadcast(&queue->not_empty);
	pthread_cond_broadcast(&queue->not_full);
	leave(queue);
}
