/*
 * One name look-up at a time for each host.
 *
 * libcurl starts a thread and a query for every transfer whose host is not in
 * its cache yet, so a thousand first transfers to one host are a thousand
 * threads that ask the same.  Here the first job to a host goes ahead as its
 * pilot, and the others wait until it has opened a socket, or has ended: then
 * the answer is in the cache.  For one multi handle, on its thread.
 */
#ifndef PFETCH_STRATEGY_LOOKUP_H
#define PFETCH_STRATEGY_LOOKUP_H

#include <stdbool.h>

#include "base/job.h"

enum {
	LOOKUP_KNOWN_MS = 50 * 1000, /* less than CURLOPT_DNS_CACHE_TIMEOUT */
	LOOKUP_HOSTS_MAX = 1024,     /* remembered, beside those in use */
};

struct lookup;

struct lookup *lookup_new(void);

/* No job is waiting and none a pilot. */
void lookup_free(struct lookup *lookup);

/* Whether JOB may start now.  Else it waits here, and comes out of a later
 * lookup_answered(). */
bool lookup_admit(struct lookup *lookup, struct job *job);

/* JOB has opened a socket (KNOWN) or has ended: if it is a pilot, those that
 * wait for it are added to READY. */
void lookup_answered(struct lookup *lookup, const struct job *job, bool known,
		     struct job_list *ready);

/* All that wait are added to READY, whatever becomes of their pilots. */
void lookup_drain(struct lookup *lookup, struct job_list *ready);

#endif
