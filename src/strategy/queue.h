/*
 * A bounded blocking queue of jobs: one mutex, two conditions.
 */
#ifndef PFETCH_STRATEGY_QUEUE_H
#define PFETCH_STRATEGY_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/job.h"

struct queue {
	pthread_mutex_t lock;      /* guards all that follows */
	pthread_cond_t not_empty;  /* signalled when a job is put, or closed */
	pthread_cond_t not_full;   /* signalled when one is taken, or closed */
	struct job_list jobs;
	size_t limit;
	bool closed;
};

/* LIMIT is at least 1. */
void queue_init(struct queue *queue, size_t limit);

/* Only when no thread uses it any more; it must be empty. */
void queue_release(struct queue *queue);

/* Waits while the queue is full.  Returns false, and takes nothing, when the
 * queue is closed. */
bool queue_put(struct queue *queue, struct job *job);

/* Waits while the queue is empty.  Returns NULL when it is closed and
 * empty. */
struct job *queue_take(struct queue *queue);

/* Takes all that waits, without waiting itself. */
void queue_drain(struct queue *queue, struct job_list *jobs);

/* No further job goes in; those inside can still be taken; all who wait wake
 * up. */
void queue_close(struct queue *queue);

#endif
