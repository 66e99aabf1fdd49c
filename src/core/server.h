/*
 * The servers that a run has to do with.
 *
 * A server is a host name and a port, as they are in the URL: https://h and
 * http://h are two servers.  Each has its ready tasks, first in, first out, its
 * pace and its record.  Those that nothing waits for are forgotten when there
 * are too many, the longest unused first, so that memory does not grow with the
 * list; only the ten worst records are kept.  For the core's thread only.
 */
#ifndef PFETCH_CORE_SERVER_H
#define PFETCH_CORE_SERVER_H

#include "base/heap.h"
#include "base/siphash.h" /* before uthash.h */

#include <uthash.h>

#include "core/pace.h"
#include "output/listener.h"

struct task;

enum { SERVERS_IDLE_MAX = 4096 };

struct server {
	/* Ready tasks, linked by task->schedule_next. */
	struct task *first, *last;
	uint64_t ready, flight;    /* how many are ready, and in flight */
	uint64_t stuck;            /* READY, as far as they must wait for this
				    * server; else 0 */
	uint64_t cooling;          /* READY, as far as they must wait for a
				    * time; else 0 */
	struct heap *in;           /* the heap that NODE is in, or NULL */
	struct heap_node node;
	struct pace pace;
	unsigned failures;         /* connections, one after another */
	uint64_t silent_us;        /* when a request last got no answer */
	char *fault;               /* why it was given up, or NULL */
	struct listener_host record;
	struct server *prev, *next; /* on the list of idle ones */
	bool idle;
	UT_hash_handle hh;
	char key[];                /* "name:port" */
};

struct servers {
	struct server *table;
	struct server *idle;       /* longest unused first */
	size_t idle_count;
	bool forgot;               /* some were forgotten */
	struct listener_host worst[LISTENER_WORST_HOSTS];
	size_t worst_count;
};

/* The server of URL, created with RULES if there is none.  It is no longer
 * idle. */
struct server *servers_get(struct servers *servers, const char *url,
			   const struct pace_rules *rules);
/* The server of URL, or NULL. */
const struct server *servers_find(const struct servers *servers,
				  const char *url);
/* SERVER has neither ready tasks nor any in flight. */
void servers_rest(struct servers *servers, struct server *server);
/* Sets *ROWS to the worst servers, the worst first; returns how many there are.
 * Valid until the next call. */
size_t servers_worst(struct servers *servers,
		     const struct listener_host **rows);
void servers_release(struct servers *servers);

/* Adds a task to the end of SERVER's queue, or takes the first one. */
void server_put(struct server *server, struct task *task);
struct task *server_take(struct server *server);

#endif
