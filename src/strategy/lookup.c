/* One name look-up at a time for each host; see lookup.h. */
#include "config.h"

#include "strategy/lookup.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "base/siphash.h"

#include <uthash.h>

struct host {
	UT_hash_handle hh;
	const struct job *pilot;  /* whose look-up is under way, or NULL */
	struct job_list waiting;  /* for the pilot */
	uint64_t known_until_us;
	char name[];
};

struct lookup {
	struct host *hosts;       /* the oldest first */
};

struct lookup *lookup_new(void)
{
	return memory_zeroed(sizeof(struct lookup));
}

static void drop(struct lookup *lookup, struct host *host)
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

/* The host of URL, which has been parsed before; sets its length. */
static const char *host_of(const char *url, size_t *length)
{
	const char *start = strstr(url, "://") + 3;
	const char *end = start + strcspn(start, "/?#");

	for (const char *at = start; at < end; at++) {
		if (*at == '@')
			start = at + 1;
	}
	*length = strcspn(start, ":/?#");
	return start;
}

/* Addresses need no look-up.  A name may begin with a digit: then it is only
 * not spared the queries. */
static bool is_address(const char *host)
{
	return *host == '[' || (*host >= '0' && *host <= '9');
}

static struct host *find(struct lookup *lookup, const struct job *job)
{
	struct host *host;
	size_t length;
	const char *name = host_of(job->url, &length);

	HASH_FIND(hh, lookup->hosts, name, length, host);
	return host;
}

/* Forgets the oldest host that is not in use, when there are many. */
static void make_room(struct lookup *lookup)
{
	struct host *host, *next;

	if (HASH_COUNT(lookup->hosts) < LOOKUP_HOSTS_MAX)
		return;
	HASH_ITER(hh, lookup->hosts, host, next) {
		if (host->pilot == NULL && host->waiting.count == 0) {
			drop(lookup, host);
			return;
		}
	}
}

static struct host *find_or_add(struct lookup *lookup, const char *name,
				size_t length)
{
	struct host *host;

	HASH_FIND(hh, lookup->hosts, name, length, host);
	if (host != NULL)
		return host;
	make_room(lookup);
	host = memory_zeroed(sizeof(*host) + length + 1);
	memcpy(host->name, name, length);
	HASH_ADD_KEYPTR(hh, lookup->hosts, host->name, length, host);
	return host;
}

bool lookup_admit(struct lookup *lookup, struct job *job)
{
	size_t length;
	const char *name = host_of(job->url, &length);
	struct host *host;

	if (is_address(name))
		return true;
	host = find_or_add(lookup, name, length);
	if (host->pilot != NULL) {
		job_list_append(&host->waiting, job);
		return false;
	}
	if (host->known_until_us < clock_now_us())
		host->pilot = job;
	return true;
}

void lookup_answered(struct lookup *lookup, const struct job *job, bool known,
		     struct job_list *ready)
{
	struct host *host;

	if (lookup->hosts == NULL)
		return;
	host = find(lookup, job);
	if (host == NULL || host->pilot != job)
		return;
	host->pilot = NULL;
	if (known)
		host->known_until_us = clock_now_us() +
				       (uint64_t)LOOKUP_KNOWN_MS * 1000;
	job_list_move(ready, &host->waiting);
}

void lookup_drain(struct lookup *lookup, struct job_list *ready)
{
	for (struct host *host = lookup->hosts; host != NULL;
	     host = host->hh.next)
		job_list_move(ready, &host->waiting);
}
