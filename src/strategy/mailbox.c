/* A mailbox; see mailbox.h. */
#include "config.h"

#include "strategy/mailbox.h"

#include <errno.h>

#include "base/fatal.h"

static void on_wakeup(evutil_socket_t fd, short what, void *context)
{
	struct mailbox *box = context;
	struct job_list jobs;

	(void)fd, (void)what;
	wakeup_clear(&box->wakeup);
	must(pthread_mutex_lock(&box->lock) == 0);
	jobs = box->jobs;
	box->jobs = (struct job_list){ 0 };
	must(pthread_mutex_unlock(&box->lock) == 0);
	box->deliver(box->context, &jobs);
}

int mailbox_open(struct mailbox *box, struct event_base *base,
		 void (*deliver)(void *context, struct job_list *jobs),
		 void *context)
{
	box->jobs = (struct job_list){ 0 };
	box->deliver = deliver;
	box->context = context;
	if (wakeup_open(&box->wakeup) != 0)
		return -1;
	box->event = event_new(base, box->wakeup.read_fd,
			       EV_READ | EV_PERSIST, on_wakeup, box);
	if (box->event == NULL || event_add(box->event, NULL) != 0) {
		if (box->event != NULL)
			event_free(box->event);
		wakeup_close(&box->wakeup);
		errno = ENOMEM;
		return -1;
	}
	must(pthread_mutex_init(&box->lock, NULL) == 0);
	return 0;
}

void mailbox_close(struct mailbox *box)
{
	event_free(box->event);
	wakeup_close(&box->wakeup);
	must(pthread_mutex_destroy(&box->lock) == 0);
}

void mailbox_post_all(struct mailbox *box, struct job_list *jobs)
{
	bool was_empty;

	if (jobs->count == 0)
		return;
	must(pthread_mutex_lock(&box->lock) == 0);
	was_empty = box->jobs.count == 0;
	job_list_move(&box->jobs, jobs);
	must(pthread_mutex_unlock(&box->lock) == 0);
	if (was_empty)
		wakeup_signal(&box->wakeup);
}

void mailbox_post(struct mailbox *box, struct job *job)
{
	struct job_list one = { 0 };

	job_list_append(&one, job);
	mailbox_post_all(box, &one);
}

void mailbox_poke(struct mailbox *box)
{
	wakeup_signal(&box->wakeup);
}
