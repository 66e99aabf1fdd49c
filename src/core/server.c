/* The servers; see server.h. */
#include "config.h"

#include "base/siphash.h"

#include "core/server.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "core/task.h"

/* Longer names are cut: no real host has one. */
enum { KEY_ROOM = 300, NAME_MOST = 280 };

static size_t make_key(const char *url, char key[KEY_ROOM])
{
	struct host host = host_of(url);
	size_t length = host.length < NAME_MOST ? host.length : NAME_MOST;

	for (size_t i = 0; i < length; i++)
		key[i] = (char)tolower((unsigned char)host.name[i]);
	return length + (size_t)snprintf(key + length, KEY_ROOM - length,
					 ":%ld", host_port(url));
}

static struct server *create(struct servers *servers, const char *key,
			     size_t length, const struct pace_rules *rules)
{
	struct server *server = memory_zeroed(sizeof(*server) + length + 1);

	memcpy(server->key, key, length + 1);
	pace_init(&server->pace, rules);
	HASH_ADD_KEYPTR(hh, servers->table, server->key, length, server);
	return server;
}

static void wake(struct servers *servers, struct server *server)
{
	if (!server->idle)
		return;
	server->idle = false;
	DL_DELETE(servers->idle, server);
	servers->idle_count--;
}

struct server *servers_get(struct servers *servers, const char *url,
			   const struct pace_rules *rules)
{
	char key[KEY_ROOM];
	size_t length = make_key(url, key);
	struct server *server;

	HASH_FIND(hh, servers->table, key, length, server);
	if (server == NULL)
		return create(servers, key, length, rules);
	wake(servers, server);
	return server;
}

const struct server *servers_find(const struct servers *servers,
				  const char *url)
{
	char key[KEY_ROOM];
	size_t length = make_key(url, key);
	struct server *server;

	HASH_FIND(hh, servers->table, key, length, server);
	return server;
}

/* ---- records ---- */

/* Whether ONE is worse than OTHER: by failures and refusals, then by the mean
 * time of a try. */
static bool is_worse(const struct listener_host *one,
		     const struct listener_host *other)
{
	uint64_t trouble = one->failed + one->refused;
	uint64_t others = other->failed + other->refused;

	if (trouble != others)
		return trouble > others;
	return (double)one->time_us * (double)other->tries >
	       (double)other->time_us * (double)one->tries;
}

/* Keeps RECORD of the server called KEY if it is among the worst. */
static void keep(struct servers *servers, const struct listener_host *record,
		 const char *key)
{
	size_t at = servers->worst_count;
	struct listener_host *worst = servers->worst;

	if (record->tries == 0)
		return;
	if (at == LISTENER_WORST_HOSTS) {
		if (!is_worse(record, &worst[at - 1]))
			return;
		free(worst[--at].name);
	} else {
		servers->worst_count++;
	}
	for (; at > 0 && is_worse(record, &worst[at - 1]); at--)
		worst[at] = worst[at - 1];
	worst[at] = *record;
	worst[at].name = memory_string(key);
}

static void forget(struct servers *servers, struct server *server)
{
	keep(servers, &server->record, server->key);
	wake(servers, server);
	HASH_DEL(servers->table, server);
	free(server->fault);
	free(server);
}

void servers_rest(struct servers *servers, struct server *server)
{
	must(server->first == NULL && server->flight == 0);
	if (server->idle)
		return;
	server->idle = true;
	DL_APPEND(servers->idle, server);
	if (++servers->idle_count <= SERVERS_IDLE_MAX)
		return;
	servers->forgot = true;
	forget(servers, servers->idle);
}

size_t servers_worst(struct servers *servers,
		     const struct listener_host **rows)
{
	struct server *server, *next;

	HASH_ITER(hh, servers->table, server, next) {
		keep(servers, &server->record, server->key);
		server->record.tries = 0;
	}
	*rows = servers->worst;
	return servers->worst_count;
}

void servers_release(struct servers *servers)
{
	struct server *server, *next;

	HASH_ITER(hh, servers->table, server, next)
		forget(servers, server);
	for (size_t i = 0; i < servers->worst_count; i++)
		free(servers->worst[i].name);
	memset(servers, 0, sizeof(*servers));
}

/* ---- queues ---- */

void server_put(struct server *server, struct task *task)
{
	task->schedule_next = NULL;
	if (server->last == NULL)
		server->first = task;
	else
		server->last->schedule_next = task;
	server->last = task;
	server->ready++;
}

struct task *server_take(struct server *server)
{
	struct task *task = server->first;

	if (task == NULL)
		return NULL;
	server->first = task->schedule_next;
	if (server->first == NULL)
		server->last = NULL;
	server->ready--;
	return task;
}
