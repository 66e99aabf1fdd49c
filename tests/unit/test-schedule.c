/* The schedule, and which listeners are told and asked what. */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "core/schedule.h"
#include "core/task.h"
#include "output/listener.h"

static struct task tasks[1000];
static struct request requests[1000];
static char urls[1000][32];
static struct settings settings;
static const struct result good;

/* Makes TASK number I, of host number HOST. */
static struct task *make(size_t i, int host)
{
	snprintf(urls[i], sizeof(urls[i]), "http://h%d/", host);
	requests[i].url = urls[i];
	tasks[i] = (struct task){ .number = i + 1, .request = &requests[i] };
	return &tasks[i];
}

static uint64_t number_of(const struct task *task)
{
	return task != NULL ? task->number : 0;
}

static struct schedule *filled(uint64_t capacity, size_t count)
{
	struct schedule *schedule = schedule_new(&schedule_hosts, &settings, capacity);

	for (size_t i = 0; i < count; i++) {
		schedule_add(schedule, make(i, 0), 0);
	}
	return schedule;
}

START_TEST(first_in_first_out_as_far_as_there_is_room)
{
	struct schedule *schedule = filled(2, 3);
	const struct schedule_counts *counts = schedule_counts(schedule);

	ck_assert_uint_eq(counts->ready, 3);
	ck_assert_uint_eq(schedule_when(schedule, 5), 5);
	ck_assert_uint_eq(number_of(schedule_next(schedule, 5)), 1);
	ck_assert_uint_eq(number_of(schedule_next(schedule, 5)), 2);
	ck_assert_ptr_null(schedule_next(schedule, 5));
	/* Only the end of a task makes room. */
	ck_assert_uint_eq(schedule_when(schedule, 5), SCHEDULE_NEVER);
	schedule_ended(schedule, &tasks[1], &good, 1);
	ck_assert_uint_eq(number_of(schedule_next(schedule, 5)), 3);
	ck_assert_uint_eq(counts->ready, 0);
	ck_assert_uint_eq(counts->outstanding, 2);
	schedule_ended(schedule, &tasks[0], &good, 1);
	schedule_ended(schedule, &tasks[2], &good, 1);
	ck_assert_ptr_null(schedule_next(schedule, 5));
	schedule_free(schedule);
}
END_TEST

START_TEST(parked_tasks_wake_in_the_order_of_their_times)
{
	struct schedule *schedule = filled(1000, 0);
	uint64_t last = 0;
	size_t count = sizeof(tasks) / sizeof(*tasks);

	for (size_t i = 0; i < count; i++) {
		make(i, 0);
		/* 37 and 1,009 are coprime, so each time occurs only once. */
		schedule_park(schedule, &tasks[i], 1 + i * 37 % 1009);
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t when = schedule_when(schedule, 0);
		struct task *task;

		ck_assert_ptr_null(schedule_next(schedule, when - 1));
		task = schedule_next(schedule, when);
		ck_assert_uint_eq(task->started_us, when);
		ck_assert_uint_gt(when, last);
		last = when;
	}
	ck_assert_uint_eq(schedule_when(schedule, 0), SCHEDULE_NEVER);
	schedule_free(schedule);
}
END_TEST

START_TEST(a_shortage_passes_slowly)
{
	struct schedule *schedule = filled(8, 200);
	const struct schedule_counts *counts = schedule_counts(schedule);
	struct result starved = { .starved = true };
	struct task *running[8];

	for (int i = 0; i < 8; i++)
		running[i] = schedule_next(schedule, 1);
	schedule_ended(schedule, running[7], &starved, 1);
	ck_assert(schedule_starved(schedule, 1000));
	ck_assert_uint_eq(counts->limit, 4);
	/* At almost the same moment, so it is the same shortage. */
	schedule_ended(schedule, running[6], &starved, 1);
	ck_assert(!schedule_starved(schedule, 1001));
	ck_assert_uint_eq(counts->limit, 4);
	ck_assert_ptr_null(schedule_next(schedule, 1));
	for (int i = 0; i < 6; i++)
		schedule_ended(schedule, running[i], &good, 1);
	ck_assert_uint_eq(counts->limit, 5);
	for (int i = 0; i < 100; i++)
		schedule_ended(schedule, schedule_next(schedule, 1), &good, 1);
	ck_assert_uint_eq(counts->limit, 8);
	schedule_shortage(schedule, 0);
	ck_assert_uint_eq(counts->limit, 1);
	schedule_clear(schedule);
	schedule_free(schedule);
}
END_TEST

START_TEST(clearing_forgets_all)
{
	struct schedule *schedule = filled(8, 3);

	schedule_park(schedule, make(10, 0), 7);
	schedule_clear(schedule);
	ck_assert_ptr_null(schedule_next(schedule, 100));
	ck_assert_uint_eq(schedule_counts(schedule)->ready, 0);
	ck_assert_uint_eq(schedule_counts(schedule)->parked, 0);
	schedule_add(schedule, &tasks[1], 0);
	ck_assert_uint_eq(number_of(schedule_next(schedule, 0)), 2);
	schedule_free(schedule);
}
END_TEST

/* ---- listeners ---- */

struct heard {
	char events[64];
	bool is_full;
};

#define HEAR(name, letter)                                                \
	static void name(void *state, const struct listener_item *item)   \
	{                                                                 \
		struct heard *heard = state;                              \
									  \
		(void)item;                                               \
		strcat(heard->events, letter);                            \
	}

HEAR(hear_entry, "e")
HEAR(hear_begun, "b")
HEAR(hear_ended, "d")
HEAR(hear_final, "f")

static void hear_summary(void *state, const struct run_totals *totals)
{
	(void)totals;
	strcat(((struct heard *)state)->events, "s");
}

static void hear_message(void *state, const char *text)
{
	strcat(((struct heard *)state)->events, text);
}

static bool say_full(void *state)
{
	return ((struct heard *)state)->is_full;
}

START_TEST(listeners_hear_what_they_ask_for)
{
	static const struct listener_kind all = {
		.entry = hear_entry, .begun = hear_begun, .ended = hear_ended,
		.final = hear_final, .summary = hear_summary,
		.message = hear_message, .full = say_full,
	};
	static const struct listener_kind few = {
		.final = hear_final, .full = say_full, .pending = say_full,
	};
	struct heard one = { .events = "" }, two = { .events = "" };
	struct listeners listeners = { .count = 0 };
	struct listener_item item = { .number = 1 };

	listeners_entry(&listeners, &item);
	ck_assert(!listeners_full(&listeners));
	listeners_add(&listeners, (struct listener){ &all, &one });
	listeners_add(&listeners, (struct listener){ &few, &two });
	listeners_entry(&listeners, &item);
	listeners_begun(&listeners, &item);
	listeners_ended(&listeners, &item);
	listeners_final(&listeners, &item);
	listeners_summary(&listeners, NULL);
	listeners_message(&listeners, "<%d>", 7);
	listeners_flush(&listeners);
	ck_assert_str_eq(one.events, "ebdfs<7>");
	ck_assert_str_eq(two.events, "f");
	ck_assert(!listeners_full(&listeners) &&
		  !listeners_pending(&listeners));
	two.is_full = true;
	ck_assert(listeners_full(&listeners) && listeners_pending(&listeners));
	listeners_free(&listeners);
}
END_TEST

UNIT_MAIN(first_in_first_out_as_far_as_there_is_room,
	  parked_tasks_wake_in_the_order_of_their_times,
	  a_shortage_passes_slowly, clearing_forgets_all,
	  listeners_hear_what_they_ask_for)
