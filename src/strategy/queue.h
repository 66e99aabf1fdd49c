/*
 * A bounded blocking queue of jobs: one mutex, two condition variables.
 */
#ifndef PFETCH_STRATEGY_QUEUE_H
#define PFETCH_STRATEGY_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

#include "base/job.h"

struct queue {
	pthread_mutex_t lock;      /* guards all fields below */
	pthread_cond_t not_empty;  /* signalled on a put and on closing */
	pthread_cond_t not_full;   /* signalled on a take and on closing */
	struct job_list jobs;
	size_t limit;
	bool closed;
};

/* LIMIT is at least 1. */
void queue_init(struct queue *queue, size_t limit);

/* Call only when no thread uses the queue any more; it must be empty. */
void queue_release(struct queue *queue);

/* Blocks while the queue is full.  Returns false, without taking JOB, when the
 * queue is closed. */
bool queue_put(struct queue *queue, struct job *job);

/* Blocks while the queue is empty.  Returns NULL when it is closed and
 * empty. */
struct job *queue_take(struct queue *queue);

/* Moves all waiting jobs to JOBS, without blocking. */
void queue_drain(struct queue *queue, struct job_list *jobs);

/* Closes the queue: no more jobs are accepted, those inside can still be
 * taken, and all waiting threads wake up. */
void queue_close(struct queue *queue);

#endif
