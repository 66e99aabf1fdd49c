/* One name look-up at a time for each host; see lookup.h. */
#include "config.h"

#include "strategy/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/siphash.h"

#include <uthash.h>

struct known {
	UT_hash_handle hh;
	const struct job *pilot;  /* whose look-up is in progress, or NULL */
	struct job_list waiting;  /* for the pilot */
	uint64_t known_until_us;
	char name[];
};

struct lookup {
	struct known *hosts;       /* oldest first */
	unsigned pilots, most;
	struct job_list queue;     /* waiting to be pilots */
};

struct lookup *lookup_new(unsigned most)
{
	struct lookup *lookup = memory_zeroed(sizeof(*lookup));

	lookup->most = most;
	return lookup;
}

static void drop(struct lookup *lookup, struct known *host)
{
	must(host->pilot == NULL && host->waiting.count == 0);
	HASH_DEL(lookup->hosts, host);
	free(host);
}

void lookup_free(struct lookup *lookup)
{
	while (lookup->hosts != NULL)
		drop(lookup, lookup->hosts);
	free(lookup);
}

static struct known *find(struct lookup *lookup, const struct job *job)
{
	struct known *host;
	struct host asked = host_of(job->request->url);

	HASH_FIND(hh, lookup->hosts, asked.name, asked.length, host);
	return host;
}

/* Forgets the oldest host that is not in use, if the table is full. */
static void make_room(struct lookup *lookup)
{
	struct known *host, *next;

	if (HASH_COUNT(lookup->hosts) < LOOKUP_HOSTS_MAX)
		return;
	HASH_ITER(hh, lookup->hosts, host, next) {
		if (host->pilot == NULL && host->waiting.count == 0) {
			drop(lookup, host);
			return;
		}
	}
}

static struct known *find_or_add(struct lookup *lookup, struct host asked)
{
	struct known *host;

	HASH_FIND(hh, lookup->hosts, asked.name, asked.length, host);
	if (host != NULL)
		return host;
	make_room(lookup);
	host = memory_zeroed(sizeof(*host) + asked.length + 1);
	memcpy(host->name, asked.name, asked.length);
	HASH_ADD_KEYPTR(hh, lookup->hosts, host->name, asked.length, host);
	return host;
}

bool lookup_admit(struct lookup *lookup, struct job *job)
{
	struct host asked = host_of(job->request->url);
	struct known *host;

	if (host_is_address(asked))
		return true;
	host = find_or_add(lookup, asked);
	if (host->pilot != NULL) {
		job_list_append(&host->waiting, job);
		return false;
	}
	if (host->known_until_us >= clock_now_us())
		return true;
	if (lookup->pilots >= lookup->most) {
		job_list_append(&lookup->queue, job);
		return false;
	}
	lookup->pilots++;
	host->pilot = job;
	return true;
}

/* Hands out the queued jobs that can be pilots now, and has others wait for a
 * pilot that their hosts have got. */
static void advance(struct lookup *lookup, struct job_list *ready)
{
	struct job_list before = lookup->queue;
	struct job *job;

	lookup->queue = (struct job_list){ 0 };
	while ((job = job_list_take(&before)) != NULL) {
		if (lookup_admit(lookup, job))
			job_list_append(ready, job);
	}
}

void lookup_answered(struct lookup *lookup, const struct job *job, bool known,
		     struct job_list *waited, struct job_list *ready)
{
	struct known *host;

	if (lookup->hosts == NULL)
		return;
	host = find(lookup, job);
	if (host == NULL || host->pilot != job)
		return;
	host->pilot = NULL;
	lookup->pilots--;
	if (known)
		host->known_until_us = clock_now_us() +
				       (uint64_t)LOOKUP_KNOWN_MS * 1000;
	job_list_move(waited, &host->waiting);
	advance(lookup, ready);
}

void lookup_drain(struct lookup *lookup, struct job_list *ready)
{
	for (struct known *host = lookup->hosts; host != NULL;
	     host = host->hh.next)
		job_list_move(ready, &host->waiting);
	job_list_move(ready, &lookup->queue);
}
