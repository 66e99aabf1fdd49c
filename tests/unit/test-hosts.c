/* Hosts: the heap, the schedule of their tasks, and their pace. */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "core/pace.h"
#include "core/schedule.h"
#include "core/server.h"
#include "core/task.h"

/* A generator of its own, so that each run is the same. */
static uint64_t state = 88172645463325252;

static uint64_t draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

START_TEST(the_heap_gives_the_smallest_and_loses_none)
{
	static struct heap_node nodes[500];
	struct heap heap = { .count = 0 };
	uint64_t last = 0;
	size_t left = 0;

	for (size_t i = 0; i < 500; i++)
		heap_add(&heap, &nodes[i], draw() % 1000);
	for (size_t i = 0; i < 500; i += 3)
		heap_remove(&heap, &nodes[i]);
	for (struct heap_node *node; (node = heap_first(&heap)) != NULL;) {
		ck_assert_uint_ge(node->key, last);
		last = node->key;
		heap_remove(&heap, node);
		ck_assert_uint_eq(node->place, 0);
		left++;
	}
	ck_assert_uint_eq(left, 500 - 167);
	heap_release(&heap);
}
END_TEST

/* ---- the schedule ---- */

static struct task tasks[64];
static struct request requests[64];
static char urls[64][40];
static struct settings settings;
static struct result good, busy, dead;

static struct schedule *schedule_of(uint64_t capacity, const char *hosts)
{
	struct schedule *schedule;

	good.moments.begun_us = 0;
	result_fail(&busy, CAUSE_HTTP, "HTTP 429");
	busy.http_status = 429;
	result_fail(&dead, CAUSE_CONNECT, "refused");
	schedule = schedule_new(&schedule_hosts, &settings, capacity);
	for (size_t i = 0; hosts[i] != '\0'; i++) {
		snprintf(urls[i], sizeof(urls[i]), "http://%c/", hosts[i]);
		requests[i].url = urls[i];
		tasks[i] = (struct task){
			.number = i + 1, .request = &requests[i],
		};
		schedule_add(schedule, &tasks[i], 1);
	}
	return schedule;
}

/* The hosts of the tasks that may start at NOW, in their order. */
static const char *starts(struct schedule *schedule, uint64_t now)
{
	static char hosts[65];
	struct task *task;
	size_t count = 0;

	while ((task = schedule_next(schedule, now)) != NULL)
		hosts[count++] = task->request->url[7];
	hosts[count] = '\0';
	return hosts;
}

static void end_all(struct schedule *schedule)
{
	for (size_t i = 0; i < 64; i++) {
		if (tasks[i].server != NULL && tasks[i].started_us > 0)
			schedule_ended(schedule, &tasks[i], &good, 2);
	}
	schedule_clear(schedule);
	schedule_free(schedule);
	memset(&settings, 0, sizeof(settings));
	memset(tasks, 0, sizeof(tasks));
}

START_TEST(no_host_has_more_than_its_share)
{
	struct schedule *schedule;

	settings.per_host = 2;
	settings.max_cooldown_ms = 60000;
	schedule = schedule_of(6, "aaaaabbc");
	ck_assert_str_eq(starts(schedule, 1), "aabbc");
	ck_assert_uint_eq(schedule_counts(schedule)->stuck, 3);
	ck_assert_uint_eq(schedule_when(schedule, 1), SCHEDULE_NEVER);
	schedule_ended(schedule, &tasks[0], &good, 2);
	tasks[0].started_us = 0;
	ck_assert_str_eq(starts(schedule, 2), "a");
	end_all(schedule);
}
END_TEST

START_TEST(hosts_have_rates_of_their_own)
{
	struct schedule *schedule;

	settings.host_interval_us = 100;
	schedule = schedule_of(9, "aaabb");
	ck_assert_str_eq(starts(schedule, 1000), "ab");
	ck_assert_uint_eq(schedule_when(schedule, 1000), 1100);
	ck_assert_str_eq(starts(schedule, 1099), "");
	ck_assert_str_eq(starts(schedule, 1110), "ab");
	/* Being late once does not make every later one late. */
	ck_assert_uint_eq(schedule_when(schedule, 1110), 1200);
	end_all(schedule);
	settings.interval_us = 50;
	schedule = schedule_of(9, "aab");
	ck_assert_str_eq(starts(schedule, 1000), "a");
	ck_assert_uint_eq(schedule_when(schedule, 1000), 1050);
	ck_assert_str_eq(starts(schedule, 1050), "a");
	end_all(schedule);
}
END_TEST

START_TEST(waits_are_from_the_end_to_the_start)
{
	struct schedule *schedule;

	settings.wait_ms = 10;
	schedule = schedule_of(9, "aab");
	ck_assert_str_eq(starts(schedule, 1000), "ab");
	schedule_ended(schedule, &tasks[0], &good, 5000);
	tasks[0].started_us = 0;
	ck_assert_uint_eq(schedule_when(schedule, 5000), 15000);
	ck_assert_str_eq(starts(schedule, 15000), "a");
	end_all(schedule);
}
END_TEST

START_TEST(a_refusal_cools_the_host_alone)
{
	struct schedule *schedule;
	uint64_t when;

	settings.max_cooldown_ms = 60000;
	schedule = schedule_of(3, "abaabab");
	ck_assert_str_eq(starts(schedule, 1000), "aba");
	ck_assert(!schedule_ended(schedule, &tasks[0], &good, 2000));
	busy.retry_after_s = 2;
	/* It has served another request, so this one may be innocent. */
	ck_assert(schedule_ended(schedule, &tasks[2], &busy, 3000));
	tasks[0].started_us = tasks[2].started_us = 0;
	ck_assert_str_eq(starts(schedule, 3000), "bb");
	ck_assert_uint_eq(schedule_counts(schedule)->stuck, 2);
	for (size_t i = 1; i < 7; i++) {
		if (tasks[i].request->url[7] != 'b')
			continue;
		schedule_ended(schedule, &tasks[i], &good, 4000);
		tasks[i].started_us = 0;
	}
	when = schedule_when(schedule, 4000);
	ck_assert_uint_ge(when, 2003000);
	ck_assert_uint_le(when, 2300000);
	ck_assert_str_eq(starts(schedule, when), "a");
	end_all(schedule);
}
END_TEST

START_TEST(a_dead_host_is_given_up)
{
	struct schedule *schedule;
	uint64_t now = 1000;
	const char *fault = NULL;

	settings.max_cooldown_ms = 60000;
	settings.host_failures = 2;
	schedule = schedule_of(2, "aaaaab");
	ck_assert_str_eq(starts(schedule, now), "aa");
	/* Two that were in flight together are one failure. */
	schedule_ended(schedule, &tasks[0], &dead, 2000);
	schedule_ended(schedule, &tasks[1], &dead, 2001);
	ck_assert_ptr_null(schedule_doomed(schedule, &fault));
	ck_assert_str_eq(starts(schedule, 2001), "b");
	now = schedule_when(schedule, 2001);
	ck_assert_str_eq(starts(schedule, now), "a");
	schedule_ended(schedule, &tasks[2], &dead, now);
	for (size_t i = 0; i < 5; i++)
		tasks[i].started_us = 0;
	ck_assert_ptr_eq(schedule_doomed(schedule, &fault), &tasks[3]);
	ck_assert_str_eq(fault, "a:80 has failed 2 times in a row: refused");
	ck_assert_ptr_eq(schedule_doomed(schedule, &fault), &tasks[4]);
	ck_assert_ptr_null(schedule_doomed(schedule, &fault));
	schedule_add(schedule, &tasks[0], now);
	ck_assert_ptr_eq(schedule_doomed(schedule, &fault), &tasks[0]);
	end_all(schedule);
}
END_TEST

START_TEST(a_run_that_stops_forgets_no_server_twice)
{
	static struct task many[SERVERS_IDLE_MAX + 2];
	static struct request to[SERVERS_IDLE_MAX + 2];
	static char names[SERVERS_IDLE_MAX + 2][32];
	struct schedule *schedule;
	size_t count = SERVERS_IDLE_MAX + 2;

	settings.max_cooldown_ms = 60000;
	schedule = schedule_of(1, "");
	/* All but the first are served, and that waits. */
	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "http://h%zu/", i);
		to[i].url = names[i];
		many[i] = (struct task){ .number = i + 1, .request = &to[i] };
		schedule_add(schedule, &many[i], 1);
		ck_assert_ptr_eq(schedule_next(schedule, 1), &many[i]);
		schedule_ended(schedule, &many[i], i == 0 ? &busy : &good, 2);
		if (i == 0)
			schedule_add(schedule, &many[i], 3);
	}
	ck_assert_uint_eq(schedule_counts(schedule)->stuck, 1);
	end_all(schedule);
}
END_TEST

/* ---- the pace, with simulated servers ---- */

/* What a server allows; 0: anything. */
struct model {
	uint64_t at_once;
	double rate, burst;
	uint64_t latency_us;
	double capacity;     /* requests a second, of which all wait their turn */
};

struct seen {
	double rate, refused; /* requests a second; share of all requests */
	double limit;
};

struct flight {
	uint64_t begun_us, ends_us;
	bool refused;
};

struct simulation {
	const struct model *model;
	struct flight flights[256];
	uint64_t count, accepted, now_us, filled_us;
	double tokens, free_us;
};

static void begin(struct simulation *sim)
{
	const struct model *model = sim->model;
	struct flight *flight = &sim->flights[sim->count++];
	uint64_t latency_us = model->latency_us;

	*flight = (struct flight){ .begun_us = sim->now_us };
	if (model->rate > 0) {
		sim->tokens += (double)(sim->now_us - sim->filled_us) *
			       model->rate / 1e6;
		sim->filled_us = sim->now_us;
		if (sim->tokens > model->burst)
			sim->tokens = model->burst;
		flight->refused = sim->tokens < 1;
		sim->tokens -= !flight->refused;
	}
	if (model->at_once > 0 && sim->accepted >= model->at_once)
		flight->refused = true;
	sim->accepted += !flight->refused;
	if (flight->refused)
		latency_us = 300;
	flight->ends_us = sim->now_us + latency_us +
			  draw() % (latency_us / 20 + 1);
	if (model->capacity > 0) {
		if (sim->free_us < (double)sim->now_us)
			sim->free_us = (double)sim->now_us;
		sim->free_us += 1e6 / model->capacity;
		flight->ends_us = latency_us + (uint64_t)sim->free_us;
	}
}

static struct flight *next_end(struct simulation *sim)
{
	struct flight *first = NULL;

	for (size_t i = 0; i < sim->count; i++) {
		if (first == NULL || sim->flights[i].ends_us < first->ends_us)
			first = &sim->flights[i];
	}
	return first;
}

static struct seen simulate(const struct model *model, uint64_t most,
			    bool adapt, uint64_t total)
{
	struct pace_rules rules = {
		.most = most, .first = adapt ? 4 : most, .adapt = adapt,
		.max_cooldown_us = 60000000,
	};
	struct simulation sim = { .model = model, .now_us = 1000000 };
	uint64_t served = 0, refused = 0, begun = 0;
	struct pace pace;

	sim.filled_us = sim.now_us;
	sim.tokens = model->burst;
	pace_init(&pace, &rules);
	while (served < total) {
		struct flight *first = next_end(&sim), ended;
		struct pace_end end = { .random = draw() };
		bool more = begun - refused < total &&
			    pace_has_room(&pace, sim.count);

		if (more && pace_start_us(&pace) <= sim.now_us) {
			pace_started(&pace, &rules, sim.now_us, sim.count);
			begin(&sim);
			begun++;
			continue;
		}
		if (more && (first == NULL ||
			     pace_start_us(&pace) < first->ends_us)) {
			sim.now_us = pace_start_us(&pace);
			continue;
		}
		ended = *first;
		*first = sim.flights[--sim.count];
		sim.now_us = ended.ends_us;
		sim.accepted -= !ended.refused;
		end.now_us = sim.now_us;
		end.given_us = end.begun_us = ended.begun_us;
		end.flight = sim.count;
		end.bytes = 100;
		refused += ended.refused;
		served += !ended.refused;
		if (ended.refused)
			pace_refused(&pace, &rules, &end);
		else
			pace_served(&pace, &rules, &end);
	}
	return (struct seen){
		.rate = (double)served * 1e6 / (double)(sim.now_us - 1000000),
		.refused = (double)refused / (double)(served + refused),
		.limit = pace.limit,
	};
}

START_TEST(limits_of_servers_are_found_and_kept)
{
	static const struct {
		struct model model;
		uint64_t most;
		bool adapt;
		uint64_t total;
		double rate, refused; /* at least; at most */
	} cases[] = {
		/* 20 at once, 50 ms each, is 400 a second at best. */
		{ { .at_once = 20, .latency_us = 50000 }, 16, false, 2000,
		  300, 0 },
		{ { .at_once = 20, .latency_us = 50000 }, 50, false, 4000,
		  340, 0.02 },
		{ { .at_once = 20, .latency_us = 50000 }, 128, true, 2000,
		  330, 0.02 },
		{ { .latency_us = 50000 }, 128, true, 3000, 800, 0 },
		{ { .rate = 100, .burst = 20, .latency_us = 1000 }, 16, false,
		  2000, 90, 0.03 },
		{ { .rate = 100, .burst = 20, .latency_us = 1000 }, 50, false,
		  2000, 90, 0.04 },
		{ { .rate = 100, .burst = 20, .latency_us = 1000 }, 128, true,
		  2000, 90, 0.03 },
		{ { .rate = 1000, .burst = 100, .latency_us = 5000 }, 50,
		  false, 10000, 900, 0.02 },
		{ { .rate = 100, .burst = 1, .latency_us = 1000 }, 16, false,
		  4000, 75, 0.03 },
		{ { .capacity = 500, .latency_us = 10000 }, 128, true, 3000,
		  450, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct seen seen = simulate(&cases[i].model, cases[i].most,
					    cases[i].adapt, cases[i].total);

		if (seen.rate < cases[i].rate ||
		    seen.refused > cases[i].refused)
			ck_abort_msg("case %zu: %.1f a second, %.2f %% "
				     "refused, limit %.1f", i, seen.rate,
				     100 * seen.refused, seen.limit);
	}
}
END_TEST

START_TEST(adapting_queues_nothing_at_a_busy_server)
{
	const struct model model = { .capacity = 500, .latency_us = 10000 };

	/* Five in flight would do. */
	ck_assert(simulate(&model, 128, true, 6000).limit <= 32);
}
END_TEST

UNIT_MAIN(the_heap_gives_the_smallest_and_loses_none,
	  no_host_has_more_than_its_share, hosts_have_rates_of_their_own,
	  waits_are_from_the_end_to_the_start, a_refusal_cools_the_host_alone,
	  a_dead_host_is_given_up,
	  a_run_that_stops_forgets_no_server_twice, limits_of_servers_are_found_and_kept,
	  adapting_queues_nothing_at_a_busy_server)
