/*
 * A mailbox: passes jobs from any thread to the loop of one thread.
 *
 * It is a locked list with a wake-up descriptor.  A post to a box that is not
 * empty wakes nobody, because its owner is about to look anyway, so a busy box
 * costs one wake-up per batch.
 */
#ifndef PFETCH_STRATEGY_MAILBOX_H
#define PFETCH_STRATEGY_MAILBOX_H

#include <event2/event.h>
#include <pthread.h>

#include "base/job.h"
#include "base/wakeup.h"

struct mailbox {
	pthread_mutex_t lock;   /* guards jobs */
	struct job_list jobs;
	struct wakeup wakeup;
	struct event *event;
	void (*deliver)(void *context, struct job_list *jobs);
	void *context;
};

/* Opens a box in BASE.  DELIVER is called from BASE's loop, with no lock held,
 * and must take all jobs posted so far off the list; the list may be empty
 * after mailbox_poke().  Returns 0, or -1 with errno set. */
int mailbox_open(struct mailbox *box, struct event_base *base,
		 void (*deliver)(void *context, struct job_list *jobs),
		 void *context);

/* Call only when nobody posts any more. */
void mailbox_close(struct mailbox *box);

/* Posts JOB, or all of JOBS, which is then empty.  Thread-safe. */
void mailbox_post(struct mailbox *box, struct job *job);
void mailbox_post_all(struct mailbox *box, struct job_list *jobs);

/* Makes DELIVER run even if nothing was posted.  Thread-safe. */
void mailbox_poke(struct mailbox *box);

#endif
