/*
 * Ready tasks wait in the queues of their servers; see schedule.h.
 *
 * A server with ready tasks is in one of three states: it may have a transfer
 * now and is in the heap `able`, ordered by its first task, so that the oldest
 * entry goes first; it must wait for a time (a rate, a cool-down) and is in the
 * heap `timed`; or as many of its transfers are in flight as it may have, and
 * the end of one will wake it.  So all operations take logarithmic time in the
 * number of servers, and the tasks of one server delay no other.
 */
#include "config.h"

#include "base/siphash.h"

#include "core/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "core/server.h"
#include "core/task.h"

enum { ADAPT_FIRST = 4, SILENCE_US = 1000 * 1000 };

struct hosts {
	const struct settings *settings;
	struct pace_rules each, all; /* for one server, and for all together */
	struct pace pace;            /* of all together */
	uint64_t flight;             /* of all together */
	struct servers servers;
	struct heap able, timed;
	struct heap given_up;        /* servers whose tasks are to fail */
	uint64_t given_up_count;
	uint64_t stuck, cooling;
};

static struct pace_rules rules_for_each(const struct settings *settings,
					uint64_t capacity)
{
	bool waits = settings->wait_ms > 0;
	struct pace_rules rules = {
		.most = settings->per_host > 0 ? settings->per_host
			: waits ? 1 : capacity,
		.adapt = settings->automatic,
		.interval_us = settings->host_interval_us,
		.wait_us = settings->wait_ms * 1000,
		.random_wait = settings->random_wait,
		.max_cooldown_us = settings->max_cooldown_ms * 1000,
	};

	rules.first = rules.adapt && rules.most > ADAPT_FIRST ? ADAPT_FIRST
							      : rules.most;
	return rules;
}

static struct pace_rules rules_for_all(const struct settings *settings,
				       uint64_t capacity)
{
	struct pace_rules rules = {
		.most = capacity,
		.adapt = settings->automatic,
		.interval_us = settings->interval_us,
	};

	if (rules.adapt && rules.most > settings->jobs)
		rules.most = settings->jobs;
	rules.first = rules.adapt && rules.most > ADAPT_FIRST ? ADAPT_FIRST
							      : rules.most;
	return rules;
}

static void *hosts_open(const struct settings *settings, uint64_t capacity)
{
	struct hosts *hosts = memory_zeroed(sizeof(*hosts));

	hosts->settings = settings;
	hosts->each = rules_for_each(settings, capacity);
	hosts->all = rules_for_all(settings, capacity);
	pace_init(&hosts->pace, &hosts->all);
	return hosts;
}

static void hosts_close(void *state)
{
	struct hosts *hosts = state;

	heap_release(&hosts->able);
	heap_release(&hosts->timed);
	heap_release(&hosts->given_up);
	servers_release(&hosts->servers);
	free(hosts);
}

/* ---- where a server belongs ---- */

static void move_to(struct server *server, struct heap *heap, uint64_t key)
{
	if (server->in != NULL)
		heap_remove(server->in, &server->node);
	server->in = heap;
	if (heap != NULL)
		heap_add(heap, &server->node, key);
}

static void note_stuck(struct hosts *hosts, struct server *server)
{
	uint64_t stuck = server->in == &hosts->able ? 0 : server->ready;
	uint64_t cooling = server->in == &hosts->timed ? server->ready : 0;

	hosts->stuck += stuck - server->stuck;
	server->stuck = stuck;
	hosts->cooling += cooling - server->cooling;
	server->cooling = cooling;
}

/* Puts SERVER where it belongs at NOW_US. */
static void place(struct hosts *hosts, struct server *server, uint64_t now_us)
{
	uint64_t start_us = pace_start_us(&server->pace);
	bool room = pace_has_room(&server->pace, server->flight);

	if (server->first == NULL) {
		move_to(server, NULL, 0);
		note_stuck(hosts, server);
		if (server->flight == 0)
			servers_rest(&hosts->servers, server);
		return;
	}
	if (server->fault != NULL)
		move_to(server, &hosts->given_up, 0);
	else if (!room)
		move_to(server, NULL, 0);
	else if (start_us > now_us)
		move_to(server, &hosts->timed, start_us);
	else
		move_to(server, &hosts->able, server->first->number);
	note_stuck(hosts, server);
}

/* ---- the policy ---- */

static void hosts_add(void *state, struct task *task, uint64_t now_us)
{
	struct hosts *hosts = state;
	struct server *server = servers_get(&hosts->servers,
					    task->request->url, &hosts->each);

	task->server = server;
	server_put(server, task);
	if (server->ready == 1 || server->in == NULL)
		place(hosts, server, now_us);
	else
		note_stuck(hosts, server);
}

static void wake_timed(struct hosts *hosts, uint64_t now_us)
{
	struct heap_node *node;

	while ((node = heap_first(&hosts->timed)) != NULL &&
	       node->key <= now_us)
		place(hosts, HEAP_ENTRY(node, struct server, node), now_us);
}

static struct task *hosts_next(void *state, uint64_t now_us)
{
	struct hosts *hosts = state;
	struct heap_node *node;
	struct server *server;
	struct task *task;

	if (!pace_has_room(&hosts->pace, hosts->flight) ||
	    pace_start_us(&hosts->pace) > now_us)
		return NULL;
	wake_timed(hosts, now_us);
	node = heap_first(&hosts->able);
	if (node == NULL)
		return NULL;
	server = HEAP_ENTRY(node, struct server, node);
	task = server_take(server);
	task->started_us = now_us;
	pace_started(&server->pace, &hosts->each, now_us, server->flight++);
	pace_started(&hosts->pace, &hosts->all, now_us, hosts->flight++);
	place(hosts, server, now_us);
	return task;
}

static uint64_t hosts_when(void *state, uint64_t now_us)
{
	const struct hosts *hosts = state;
	const struct heap_node *timed = heap_first(&hosts->timed);
	uint64_t start_us = pace_start_us(&hosts->pace);
	uint64_t when_us = SCHEDULE_NEVER;

	if (heap_first(&hosts->given_up) != NULL)
		return now_us;
	if (!pace_has_room(&hosts->pace, hosts->flight))
		return SCHEDULE_NEVER;
	if (heap_first(&hosts->able) != NULL)
		when_us = now_us;
	else if (timed != NULL)
		when_us = timed->key;
	return when_us > start_us ? when_us : start_us;
}

static void hosts_clear(void *state)
{
	struct hosts *hosts = state;
	struct server *server, *next;

	HASH_ITER(hh, hosts->servers.table, server, next) {
		server->first = server->last = NULL;
		server->ready = 0;
		/* Not place(), which may forget the next server. */
		move_to(server, NULL, 0);
		note_stuck(hosts, server);
	}
}

/* ---- ends ---- */

enum verdict { SERVED, REFUSED, UNREACHABLE, OTHER };

/* A request got no answer, although there was a connection: the server closed
 * that or kept silent.  Once is bad luck, but more than once within a second is
 * how some servers refuse. */
static enum verdict judge_silence(struct server *server, uint64_t now_us)
{
	bool often = server->silent_us != 0 &&
		     now_us - server->silent_us < SILENCE_US;

	server->silent_us = now_us;
	return often ? REFUSED : OTHER;
}

static enum verdict judge(struct server *server, const struct result *result,
			  uint64_t now_us)
{
	if (result->outcome != OUTCOME_FAILED)
		return SERVED;
	if (result->starved)
		return OTHER;
	switch (result->cause) {
	case CAUSE_HTTP:
		return result->http_status == 429 ||
		       result->http_status == 503 ? REFUSED : SERVED;
	case CAUSE_DNS: case CAUSE_CONNECT:
		return UNREACHABLE;
	case CAUSE_TIMEOUT:
		if (result->http_status != 0)
			return OTHER;
		return result->asked ? judge_silence(server, now_us)
				     : UNREACHABLE;
	case CAUSE_RESET:
		return result->http_status != 0
			       ? SERVED : judge_silence(server, now_us);
	case CAUSE_INPUT: case CAUSE_LIMIT: case CAUSE_ABORTED:
	case CAUSE_FILE: case CAUSE_RESOURCE: case CAUSE_WORKER:
		return OTHER;
	default:
		return SERVED;
	}
}

/* The server could not be reached FAILURES times in a row: its tasks will not
 * be tried. */
static void give_up(struct hosts *hosts, struct server *server,
		    const struct result *result)
{
	hosts->given_up_count++;
	server->fault = memory_format("%s has failed %u times in a row: %s",
				      server->key, server->failures,
				      result->detail);
}

static void note_record(struct server *server, enum verdict verdict,
			const struct result *result,
			const struct pace_end *end, uint64_t start_us)
{
	struct listener_host *record = &server->record;
	uint64_t later_us = pace_start_us(&server->pace);

	record->tries++;
	record->failed += verdict != REFUSED &&
			  result->outcome == OUTCOME_FAILED;
	record->refused += verdict == REFUSED;
	record->time_us += end->now_us - end->begun_us;
	if ((verdict == REFUSED || verdict == UNREACHABLE) &&
	    later_us > start_us)
		record->cooled_us += later_us - (start_us > end->now_us
						 ? start_us : end->now_us);
}

static bool hosts_ended(void *state, struct task *task,
			const struct result *result, uint64_t now_us)
{
	struct hosts *hosts = state;
	struct server *server = task->server;
	uint64_t begun_us = result->moments.begun_us;
	uint64_t start_us = pace_start_us(&server->pace);
	enum verdict verdict = judge(server, result, now_us);
	bool spared = false;
	struct pace_end end = {
		.now_us = now_us,
		.given_us = task->started_us,
		.begun_us = begun_us > task->started_us ? begun_us
							: task->started_us,
		.flight = --server->flight,
		.bytes = result->bytes,
		.random = siphash_random(),
	};

	hosts->flight--;
	if (result->retry_after_s > 0)
		end.asked_us = (uint64_t)result->retry_after_s < UINT32_MAX
			? (uint64_t)result->retry_after_s * 1000000
			: UINT64_MAX / 4;
	switch (verdict) {
	case SERVED:
		server->failures = 0;
		pace_served(&server->pace, &hosts->each, &end);
		break;
	case REFUSED:
		spared = pace_refused(&server->pace, &hosts->each, &end) &&
			 result->cause != CAUSE_TIMEOUT;
		break;
	case UNREACHABLE:
		server->failures += pace_unreachable(&server->pace,
						     &hosts->each, &end);
		break;
	case OTHER:
		pace_other(&server->pace, &hosts->each, &end);
		break;
	}
	note_record(server, verdict, result, &end, start_us);
	end.flight = hosts->flight;
	if (verdict == SERVED)
		pace_served(&hosts->pace, &hosts->all, &end);
	task->server = NULL;
	if (hosts->settings->host_failures > 0 && server->fault == NULL &&
	    server->failures >= hosts->settings->host_failures)
		give_up(hosts, server, result);
	place(hosts, server, now_us);
	return spared;
}

static struct task *hosts_doomed(void *state, const char **fault)
{
	struct hosts *hosts = state;
	struct heap_node *node = heap_first(&hosts->given_up);
	struct server *server;
	struct task *task;

	if (node == NULL)
		return NULL;
	server = HEAP_ENTRY(node, struct server, node);
	task = server_take(server);
	task->server = NULL;
	*fault = server->fault;
	place(hosts, server, 0);
	return task;
}

static uint64_t hosts_given_up(void *state)
{
	return ((const struct hosts *)state)->given_up_count;
}

static bool hosts_is_given_up(void *state, const struct task *task)
{
	const struct hosts *hosts = state;
	const struct server *server = servers_find(&hosts->servers,
						   task->request->url);

	return server != NULL && server->fault != NULL;
}

static uint64_t hosts_stuck(void *state)
{
	return ((const struct hosts *)state)->stuck;
}

static char *hosts_awaits(void *state, uint64_t *until_us)
{
	const struct hosts *hosts = state;
	const struct heap_node *node = heap_first(&hosts->timed);
	const struct server *server;

	if (node == NULL)
		return NULL;
	server = HEAP_ENTRY(node, const struct server, node);
	*until_us = node->key;
	return memory_string(server->key);
}

static uint64_t hosts_cooling(void *state)
{
	return ((const struct hosts *)state)->cooling;
}

static size_t hosts_worst(void *state, const struct listener_host **rows)
{
	return servers_worst(&((struct hosts *)state)->servers, rows);
}

static uint64_t hosts_settled(void *state)
{
	return (uint64_t)((const struct hosts *)state)->pace.limit;
}

const struct schedule_policy schedule_hosts = {
	.open = hosts_open,
	.close = hosts_close,
	.add = hosts_add,
	.next = hosts_next,
	.when = hosts_when,
	.clear = hosts_clear,
	.ended = hosts_ended,
	.doomed = hosts_doomed,
	.given_up = hosts_given_up,
	.is_given_up = hosts_is_given_up,
	.stuck = hosts_stuck,
	.cooling = hosts_cooling,
	.awaits = hosts_awaits,
	.worst = hosts_worst,
	.settled = hosts_settled,
};
