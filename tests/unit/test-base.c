/* Units, job lists, results, the table of causes and settings. */
#include "config.h"

#include "unit.h"

#include "base/job.h"
#include "base/result.h"
#include "base/settings.h"
#include "base/units.h"

START_TEST(counts)
{
	uint64_t value = 7;

	ck_assert_int_eq(units_parse_count("0", &value), 0);
	ck_assert_uint_eq(value, 0);
	ck_assert_int_eq(units_parse_count("18446744073709551615", &value), 0);
	ck_assert(value == UINT64_MAX);
	ck_assert_int_eq(units_parse_count("18446744073709551616", &value), -1);
	ck_assert_int_eq(units_parse_count("", &value), -1);
	ck_assert_int_eq(units_parse_count("-1", &value), -1);
	ck_assert_int_eq(units_parse_count("+1", &value), -1);
	ck_assert_int_eq(units_parse_count(" 1", &value), -1);
	ck_assert_int_eq(units_parse_count("1 ", &value), -1);
	ck_assert_int_eq(units_parse_count("0x10", &value), -1);
	ck_assert(value == UINT64_MAX);
}
END_TEST

START_TEST(sizes)
{
	uint64_t value = 7;

	ck_assert_int_eq(units_parse_size("12", &value), 0);
	ck_assert_uint_eq(value, 12);
	ck_assert_int_eq(units_parse_size("12B", &value), 0);
	ck_assert_uint_eq(value, 12);
	ck_assert_int_eq(units_parse_size("2k", &value), 0);
	ck_assert_uint_eq(value, 2048);
	ck_assert_int_eq(units_parse_size("3MiB", &value), 0);
	ck_assert_uint_eq(value, 3 << 20);
	ck_assert_int_eq(units_parse_size("1T", &value), 0);
	ck_assert(value == (uint64_t)1 << 40);
	ck_assert_int_eq(units_parse_size("16777216T", &value), -1);
	ck_assert_int_eq(units_parse_size("1X", &value), -1);
	ck_assert_int_eq(units_parse_size("1KB", &value), -1);
	ck_assert_int_eq(units_parse_size("K", &value), -1);
}
END_TEST

/* The value of each text in milliseconds and microseconds; NONE: refused. */
enum { NONE = -1 };
static const struct {
	const char *text;
	int64_t milli, micro;
} times[] = {
	{ "2", 2000, 2000000 },
	{ "0.25s", 250, 250000 },
	{ "1.5", 1500, 1500000 },
	{ "40ms", 40, 40000 },
	{ "1.5ms", NONE, 1500 },
	{ "300us", NONE, 300 },
	{ "0.5us", NONE, NONE },
	{ "1.2345", NONE, 1234500 },
	{ "0.000025s", NONE, 25 },
	{ "1.0000001", NONE, NONE },
	{ "1.", NONE, NONE },
	{ ".5", NONE, NONE },
	{ "1,5", NONE, NONE },
	{ "1.2.3s", NONE, NONE },
	{ "us", NONE, NONE },
	{ "18446744073710s", 18446744073710000, NONE },
	{ "18446744073709551615", NONE, NONE },
};

static void expect_time(int (*parse)(const char *text, uint64_t *value),
			const char *text, int64_t want)
{
	uint64_t value = 7;

	ck_assert_msg(parse(text, &value) == (want == NONE ? -1 : 0), "%s",
		      text);
	ck_assert_uint_eq(value, want == NONE ? 7 : (uint64_t)want);
}

START_TEST(seconds)
{
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		expect_time(units_parse_seconds, times[i].text,
			    times[i].milli);
		expect_time(units_parse_fine_seconds, times[i].text,
			    times[i].micro);
	}
}
END_TEST

START_TEST(bytes_for_people)
{
	char text[UNITS_ROOM];

	units_format_bytes(text, 0);
	ck_assert_str_eq(text, "0 B");
	units_format_bytes(text, 1023);
	ck_assert_str_eq(text, "1023 B");
	units_format_bytes(text, 1536);
	ck_assert_str_eq(text, "1.5 KiB");
	units_format_bytes(text, 3.0 * 1024 * 1024 * 1024);
	ck_assert_str_eq(text, "3.0 GiB");
}
END_TEST

START_TEST(lists_keep_their_order)
{
	struct job jobs[4] = { { .number = 1 }, { .number = 2 },
			       { .number = 3 }, { .number = 4 } };
	struct job_list one = { 0 }, two = { 0 };

	ck_assert_ptr_null(job_list_take(&one));
	job_list_append(&one, &jobs[0]);
	job_list_append(&one, &jobs[1]);
	job_list_append(&two, &jobs[2]);
	job_list_append(&two, &jobs[3]);
	job_list_move(&one, &two);
	ck_assert_uint_eq(one.count, 4);
	ck_assert_uint_eq(two.count, 0);
	job_list_move(&one, &two);
	for (uint64_t i = 1; i <= 4; i++)
		ck_assert_uint_eq(job_list_take(&one)->number, i);
	ck_assert_ptr_null(one.last);
	job_list_append(&one, &jobs[0]);
	ck_assert_uint_eq(one.count, 1);
}
END_TEST

START_TEST(every_cause_has_a_row)
{
	for (int i = 0; i < CAUSE_COUNT; i++) {
		ck_assert_ptr_nonnull(cause_table[i].name);
		ck_assert_int_eq(cause_table[i].exit_status == 0,
				 i == CAUSE_NONE);
		ck_assert_int_le(cause_table[i].exit_status, 8);
	}
}
END_TEST

START_TEST(details_are_cut_to_fit)
{
	struct result result = { .outcome = OUTCOME_OK };

	result_fail(&result, CAUSE_HTTP, "%01000d", 5);
	ck_assert_int_eq(result.outcome, OUTCOME_FAILED);
	ck_assert_uint_eq(strlen(result.detail), RESULT_DETAIL_ROOM - 1);
}
END_TEST

START_TEST(the_window_is_jobs_and_queue)
{
	struct settings settings = { .jobs = 4, .queue = SETTINGS_UNSET };

	ck_assert_uint_eq(settings_window(&settings), 8);
	settings.queue = 0;
	ck_assert_uint_eq(settings_window(&settings), 4);
}
END_TEST

UNIT_MAIN(counts, sizes, seconds, bytes_for_people,
	  lists_keep_their_order,
	  every_cause_has_a_row, details_are_cut_to_fit,
	  the_window_is_jobs_and_queue)
