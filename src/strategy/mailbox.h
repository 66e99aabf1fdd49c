/*
 * A mailbox: jobs on their way to one thread's loop, from any thread.
 *
 * A locked list and one wake-up descriptor.  A post to a box that is not
 * empty wakes nobody: its owner is on the way already, so a busy box costs
 * one wake-up for a whole batch.
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

/* Opens a box in BASE.  DELIVER is called from BASE's loop, no lock held,
 * with all jobs posted so far, which it must take off the list; the list may
 * be empty after mailbox_poke().  Returns 0, or -1 with errno. */
int mailbox_open(struct mailbox *box, struct event_base *base,
		 void (*deliver)(void *context, struct job_list *jobs),
		 void *context);

/* Only when nobody posts any more. */
void mailbox_close(struct mailbox *box);

/* Any thread. */
void mailbox_post(struct mailbox *box, struct job *job);
void mailbox_post_all(struct mailbox *box, struct job_list *jobs);

/* Makes DELIVER run even with nothing posted.  Any thread. */
void mailbox_poke(struct mailbox *box);

#endif
