/*
 * One name look-up at a time for each host.
 *
 * libcurl starts a thread and a query for every transfer whose host is not yet
 * in its cache, so the first thousand transfers to a host would start a
 * thousand threads with the same query.  Here, the first job for a host goes
 * ahead as its pilot, and the others wait until it has opened a socket, when
 * the answer is in the cache, or ended.  If the look-up failed, that is the
 * answer for the others too.  Only so many pilots are under way at a time; the
 * jobs for further unknown hosts wait in a queue.  Each instance serves one
 * multi handle, on its thread.
 */
#ifndef PFETCH_STRATEGY_LOOKUP_H
#define PFETCH_STRATEGY_LOOKUP_H

#include <stdbool.h>

#include "base/job.h"

enum {
	LOOKUP_KNOWN_MS = 50 * 1000, /* less than CURLOPT_DNS_CACHE_TIMEOUT */
	LOOKUP_HOSTS_MAX = 1024,     /* remembered, besides those in use */
};

struct lookup;

/* At most MOST look-ups at a time. */
struct lookup *lookup_new(unsigned most);

/* Call only when no job is waiting and none is a pilot. */
void lookup_free(struct lookup *lookup);

/* Whether JOB may start now.  If not, it waits here until lookup_answered() or
 * lookup_drain() hands it out. */
bool lookup_admit(struct lookup *lookup, struct job *job);

/* JOB has a socket or a reused connection (KNOWN) or has ended.  If it is a
 * pilot, the jobs that waited for it are added to WAITED, and those that may
 * look up other names now to READY. */
void lookup_answered(struct lookup *lookup, const struct job *job, bool known,
		     struct job_list *waited, struct job_list *ready);

/* Adds all waiting jobs to READY, whatever becomes of their pilots. */
void lookup_drain(struct lookup *lookup, struct job_list *ready);

#endif
