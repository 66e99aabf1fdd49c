/*
 * The laboratory's pure parts: statistics on samples with known answers,
 * histograms, the gate, the syntax of --origin, ideal times, records; also
 * digests and hosts.
 */
#include "config.h"

#include "unit.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/host.h"
#include "lab/gate.h"
#include "base/histogram.h"
#include "lab/statistics/random.h"
#include "lab/statistics/stats.h"
#include "lab/summary.h"
#include "lab/workload.h"

/* ---- statistics ---- */

START_TEST(medians_and_spread)
{
	double odd[] = { 9, 1, 5 }, even[] = { 4, 1, 3, 2 };
	const double known[] = { 2, 4, 4, 4, 5, 5, 7, 9 };

	stats_sort(odd, 3);
	stats_sort(even, 4);
	ck_assert_double_eq(stats_median(odd, 3), 5);
	ck_assert_double_eq(stats_median(even, 4), 2.5);
	ck_assert(isnan(stats_median(odd, 0)));
	ck_assert_double_eq(stats_mean(known, 8), 5);
	ck_assert_double_eq_tol(stats_deviation(known, 8), 2.13809, 1e-5);
	ck_assert_double_eq(stats_deviation(known, 1), 0);
}
END_TEST

/* The ranks are from tables of the sign test: the lower rank is the largest
 * whose tail probability is at most 2.5 %. */
START_TEST(the_interval_of_a_median_has_the_tables_ranks)
{
	static const struct {
		size_t count, low;
	} ranks[] = {
		{ 6, 1 }, { 8, 1 }, { 9, 2 }, { 10, 2 }, { 12, 3 },
		{ 15, 4 }, { 20, 6 }, { 25, 8 }, { 30, 10 }, { 50, 18 },
		{ 100, 40 }, { 2000, 956 },
	};
	static double values[2000];

	for (size_t i = 0; i < 2000; i++)
		values[i] = (double)(i + 1);
	for (size_t i = 0; i < sizeof(ranks) / sizeof(*ranks); i++) {
		size_t count = ranks[i].count;
		struct interval interval =
			stats_median_interval(values, count);

		ck_assert(interval.known);
		ck_assert_double_eq(interval.low, (double)ranks[i].low);
		ck_assert_double_eq(interval.high,
				    (double)(count + 1 - ranks[i].low));
	}
	ck_assert(!stats_median_interval(values, 5).known);
}
END_TEST

/* In about 95 % of samples from a skewed distribution, the interval contains
 * the true median. */
static void expect_cover(size_t count)
{
	struct random random = random_from(7);
	int covered = 0, covered_by_bootstrap = 0;
	enum { SAMPLES = 200, MOST = 13 };

	for (int sample = 0; sample < SAMPLES; sample++) {
		double sorted[MOST], median = log(2);
		struct interval exact, bootstrap;

		for (size_t i = 0; i < count; i++)
			sorted[i] = -log((double)(random_below(&random,
							       1000000) + 1) /
					 1000001);
		stats_sort(sorted, count);
		exact = stats_median_interval(sorted, count);
		bootstrap = stats_bootstrap_median(sorted, count, &random);
		covered += exact.low <= median && median <= exact.high;
		covered_by_bootstrap += bootstrap.low <= median &&
					median <= bootstrap.high;
	}
	ck_assert_int_ge(covered, SAMPLES * 94 / 100);
	ck_assert_int_ge(covered_by_bootstrap, SAMPLES * 94 / 100);
	ck_assert_int_lt(covered_by_bootstrap, SAMPLES);
}

/* Plain percentiles would do worst with 7 and 13 values. */
START_TEST(intervals_cover_the_median)
{
	expect_cover(7);
	expect_cover(12);
	expect_cover(13);
}
END_TEST

START_TEST(a_bootstrap_can_be_had_again)
{
	const double values[] = { 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3 };
	const double same[] = { 3, 3, 3, 3, 3, 3 };
	struct random one = random_from(1), again = random_from(1);
	struct interval first = stats_bootstrap_median(values, 7, &one);
	struct interval second = stats_bootstrap_median(values, 7, &again);

	ck_assert(first.known);
	ck_assert_double_eq(first.low, second.low);
	ck_assert_double_eq(first.high, second.high);
	ck_assert(first.low >= 0.9 && first.low <= 1.05);
	ck_assert(first.high >= 1.05 && first.high <= 1.3);
	first = stats_bootstrap_median(same, 6, &one);
	ck_assert_double_eq(first.low, 3);
	ck_assert_double_eq(first.high, 3);
	ck_assert(!stats_bootstrap_median(values, 5, &one).known);
}
END_TEST

START_TEST(outliers_by_the_mad_rule)
{
	/* Median 10, MAD 1: the limit is 14.826 away. */
	const double values[] = { 9, 10, 11, 9, 11, 10, 24.7, 24.9, 10 };
	const double equal[] = { 5, 5, 5, 5, 100 };
	bool marks[9];

	ck_assert_uint_eq(stats_outliers(values, 9, marks), 1);
	for (int i = 0; i < 9; i++)
		ck_assert(marks[i] == (i == 7));
	ck_assert_uint_eq(stats_outliers(equal, 5, marks), 0);
	ck_assert_uint_eq(stats_outliers(values, 0, marks), 0);
}
END_TEST

START_TEST(shuffles_are_fair_and_can_be_had_again)
{
	struct random random = random_from(3), again = random_from(3);
	size_t orders[6] = { 0 };

	for (int i = 0; i < 6000; i++) {
		size_t one[] = { 0, 1, 2 }, other[] = { 0, 1, 2 };

		random_shuffle(&random, one, 3);
		random_shuffle(&again, other, 3);
		ck_assert_mem_eq(one, other, sizeof(one));
		orders[one[0] * 2 + (one[1] > one[2])]++;
	}
	/* 1,000 each; 5 standard deviations are 144. */
	for (int i = 0; i < 6; i++)
		ck_assert(orders[i] > 850 && orders[i] < 1150);
}
END_TEST

/* ---- histograms ---- */

START_TEST(a_histogram_keeps_three_digits)
{
	struct histogram *histogram = histogram_new();

	for (uint64_t value = 1; value < UINT64_C(1) << 36;
	     value += value / 50 + 1) {
		uint64_t read;

		memset(histogram, 0, sizeof(*histogram));
		histogram_add(histogram, value);
		read = histogram_quantile(histogram, 0.5);
		ck_assert_uint_ge(read, value);
		ck_assert_uint_le(read - value, value / 1000);
		ck_assert_uint_eq(read, histogram->largest_us);
	}
	histogram_add(histogram, UINT64_MAX);
	ck_assert_uint_eq(histogram->count, 2);
	free(histogram);
}
END_TEST

START_TEST(quantiles_of_a_known_sample)
{
	struct histogram *histogram = histogram_new();

	ck_assert_uint_eq(histogram_quantile(histogram, 0.5), 0);
	for (uint64_t value = 1; value <= 1000; value++)
		histogram_add(histogram, value);
	ck_assert_uint_eq(histogram_quantile(histogram, 0.5), 500);
	ck_assert_uint_eq(histogram_quantile(histogram, 0.9), 900);
	ck_assert_uint_eq(histogram_quantile(histogram, 0.99), 990);
	ck_assert_uint_eq(histogram_quantile(histogram, 0.999), 999);
	ck_assert_uint_eq(histogram_quantile(histogram, 1), 1000);
	ck_assert_uint_eq(histogram->largest_us, 1000);
	free(histogram);
}
END_TEST

START_TEST(merging_is_adding_all_values)
{
	struct histogram *one = histogram_new(), *other = histogram_new();
	struct histogram *all = histogram_new();

	for (uint64_t i = 0; i < 5000; i++) {
		uint64_t value = i * i * 37 % 900001;

		histogram_add(i % 3 == 0 ? one : other, value);
		histogram_add(all, value);
	}
	for (size_t cell = 0; cell < HISTOGRAM_CELLS; cell++)
		histogram_add_cell(one, cell, other->cells[cell]);
	ck_assert_mem_eq(one->cells, all->cells, sizeof(all->cells));
	ck_assert_uint_eq(one->count, all->count);
	ck_assert_uint_eq(one->largest_us, all->largest_us);
	free(one);
	free(other);
	free(all);
}
END_TEST

START_TEST(no_quantile_that_the_sample_cannot_support)
{
	static const struct {
		uint64_t count;
		bool p50, p90, p99, p999;
	} cases[] = {
		{ 9, false, false, false, false },
		{ 10, true, false, false, false },
		{ 49, true, false, false, false },
		{ 50, true, true, false, false },
		{ 499, true, true, false, false },
		{ 500, true, true, true, false },
		{ 4999, true, true, true, false },
		{ 5000, true, true, true, true },
	};
	struct histogram *histogram = histogram_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		histogram->count = cases[i].count;
		ck_assert(histogram_supports(histogram, .5) == cases[i].p50);
		ck_assert(histogram_supports(histogram, .9) == cases[i].p90);
		ck_assert(histogram_supports(histogram, .99) == cases[i].p99);
		ck_assert(histogram_supports(histogram, .999) ==
			  cases[i].p999);
	}
	free(histogram);
}
END_TEST

/* ---- the gate ---- */

enum { BLOCK = 4 };

/* Makes a block of sound runs that all agree. */
static void make_block(struct trial *trials, struct trial **pointers)
{
	memset(trials, 0, BLOCK * sizeof(*trials));
	for (int i = 0; i < BLOCK; i++) {
		struct measure_record *record =
			&trials[i].sample.measure.record;

		pointers[i] = &trials[i];
		trials[i].sample.complete = true;
		trials[i].sample.served = 50;
		record->good = 49;
		record->totals.entries = 50;
		record->totals.bytes = 5000;
		record->totals.submitted = record->totals.fetches = 50;
		memset(record->digest, 7, sizeof(record->digest));
	}
}

static size_t judge(struct trial **pointers, bool counted)
{
	struct gate gate = { .entries = 50, .counted = counted };

	return gate_block(&gate, pointers, BLOCK);
}

START_TEST(the_gate_lets_equals_pass)
{
	struct trial trials[BLOCK], *pointers[BLOCK];

	make_block(trials, pointers);
	ck_assert_uint_eq(judge(pointers, true), BLOCK);
	for (int i = 0; i < BLOCK; i++)
		ck_assert_str_eq(trials[i].fault, "");
}
END_TEST

START_TEST(the_gate_leaves_out_what_differs)
{
	struct trial trials[BLOCK], *pointers[BLOCK];
	struct measure_record *odd = &trials[2].sample.measure.record;
	static const char *const words[] = {
		"48 successes, not 49", "4999 bytes, not 5000",
		"the digest of all bodies differs", "51 transfers for 50 jobs",
		"49 transfers for 50 jobs", "counted 51 requests for 50 jobs",
		"signal 9", "status 3 without a record",
		"could not read its list", "had 0 entries, not 50",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		make_block(trials, pointers);
		odd->good -= i == 0;
		odd->totals.bytes -= i == 1;
		odd->digest[31] ^= i == 2;
		odd->totals.fetches += i == 3;
		odd->totals.fetches -= i == 4;
		trials[2].sample.served += i == 5;
		trials[2].sample.wait_status = i == 6 ? 9 : i == 7 ? 3 << 8
								   : 0;
		trials[2].sample.complete = i != 6 && i != 7;
		odd->status = i == 8 ? 2 : 0;
		odd->totals.entries = i == 9 ? 0 : 50;
		ck_assert_uint_eq(judge(pointers, true),
				  BLOCK - 1);
		ck_assert_ptr_nonnull(strstr(trials[2].fault, words[i]));
		ck_assert_str_eq(trials[1].fault, "");
	}
	/* If the server does not count, an extra request goes unnoticed. */
	make_block(trials, pointers);
	trials[2].sample.served = 51;
	ck_assert_uint_eq(judge(pointers, false), BLOCK);
	/* A worker that died took its count of transfers with it. */
	make_block(trials, pointers);
	odd->totals.fetches--;
	odd->totals.deaths = 1;
	ck_assert_uint_eq(judge(pointers, true), BLOCK);
}
END_TEST

START_TEST(without_a_majority_none_is_valid)
{
	struct trial trials[BLOCK], *pointers[BLOCK];

	make_block(trials, pointers);
	trials[0].sample.measure.record.digest[0] = 1;
	trials[1].sample.measure.record.digest[0] = 1;
	ck_assert_uint_eq(judge(pointers, true), 0);
	ck_assert_ptr_nonnull(strstr(trials[3].fault, "no more than half"));
}
END_TEST

START_TEST(blocks_hold_to_the_first_ones_norm)
{
	struct trial trials[BLOCK], *pointers[BLOCK];
	struct gate gate = { .entries = 50 };

	make_block(trials, pointers);
	ck_assert_uint_eq(gate_block(&gate, pointers, BLOCK), BLOCK);
	/* All agree with each other, but not with the first block. */
	for (int i = 0; i < BLOCK; i++)
		trials[i].sample.measure.record.digest[0] = 1;
	ck_assert_uint_eq(gate_block(&gate, pointers, BLOCK), 0);
	ck_assert_ptr_nonnull(strstr(trials[0].fault, "digest"));
	/* A single run is compared with the first block only. */
	make_block(trials, pointers);
	ck_assert_uint_eq(gate_block(&gate, pointers, 1), 1);
	trials[0].sample.measure.record.totals.bytes++;
	ck_assert_uint_eq(gate_block(&gate, pointers, 1), 0);
}
END_TEST

START_TEST(the_sum_of_digests_shows_what_is_twice)
{
	uint8_t one[DIGEST_BYTES], other[DIGEST_BYTES];
	uint8_t forth[DIGEST_BYTES] = { 0 }, back[DIGEST_BYTES] = { 0 };
	const uint8_t none[DIGEST_BYTES] = { 0 };
	struct digest *digest = digest_new(DIGEST_SHA256);
	char hex[DIGEST_HEX_ROOM];

	digest_begin(digest);
	digest_add(digest, "ab", 2);
	digest_add(digest, "c", 1);
	digest_end(digest, one);
	digest_hex(DIGEST_SHA256, one, hex);
	/* FIPS 180-4's own example. */
	ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad");
	digest_begin(digest);
	digest_end(digest, other);
	digest_free(digest);
	digest_sum(forth, one);
	digest_sum(forth, other);
	digest_sum(back, other);
	digest_sum(back, one);
	ck_assert_mem_eq(forth, back, sizeof(back));
	digest_sum(back, one);
	ck_assert_mem_ne(forth, back, sizeof(back));
	digest_sum(forth, none);
	digest_sum(forth, one);
	ck_assert_mem_eq(forth, back, sizeof(back));
}
END_TEST

/* ---- the rest ---- */

START_TEST(what_the_origin_is_to_serve)
{
	static const char *const wrong[] = {
		"", "urls", "urls=", "urls=0", "urls=x", "latency=50ms",
		"urls=5,", "urls=5,nosuch=1", "urls=5 ,size=1",
		"urls=1000001", "urls=5,latency=61s", "urls=5,size=1z",
	};
	struct workload_spec spec;

	ck_assert(workload_parse("urls=50,latency=50ms,size=16k", &spec));
	ck_assert_uint_eq(spec.urls, 50);
	ck_assert_uint_eq(spec.latency_ms, 50);
	ck_assert_uint_eq(spec.size, 16384);
	ck_assert(workload_parse("size=0,urls=1,latency=1.5", &spec));
	ck_assert_uint_eq(spec.size, 0);
	ck_assert_uint_eq(spec.latency_ms, 1500);
	ck_assert(workload_parse("urls=7", &spec));
	ck_assert_uint_eq(spec.latency_ms, 0);
	ck_assert_uint_eq(spec.size, 1024);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert(!workload_parse(wrong[i], &spec));
}
END_TEST

START_TEST(the_ideal)
{
	/* ceil(n / j) x latency */
	ck_assert_double_eq_tol(summary_ideal(50, 5, .05, 0, 2), .5, 1e-9);
	ck_assert_double_eq_tol(summary_ideal(50, 8, .05, 0, 2), .35, 1e-9);
	ck_assert_double_eq_tol(summary_ideal(50, 100, .05, 0, 2), .05, 1e-9);
	/* Synthetic work: no more at once than there are processors. */
	ck_assert_double_eq_tol(summary_ideal(40, 1, 0, .02, 2), .8, 1e-9);
	ck_assert_double_eq_tol(summary_ideal(40, 2, 0, .02, 2), .4, 1e-9);
	ck_assert_double_eq_tol(summary_ideal(40, 8, 0, .02, 2), .4, 1e-9);
	ck_assert_double_eq_tol(summary_ideal(40, 40, .1, .02, 2), .5, 1e-9);
	/* Three jobs share two processors equally. */
	ck_assert_double_eq_tol(summary_ideal(3, 3, 0, .1, 2), .15, 1e-9);
}
END_TEST

START_TEST(hosts_and_who_they_are)
{
	static const struct {
		const char *url, *host;
		bool address, loopback, origin;
	} cases[] = {
		{ "http://127.0.0.1:80/x", "127.0.0.1", true, true, false },
		{ "http://127.9.9.9", "127.9.9.9", true, true, false },
		{ "http://128.0.0.1/", "128.0.0.1", true, false, false },
		{ "http://[::1]:8080/a:b", "[::1]", true, true, false },
		{ "http://[2001:db8::1]/", "[2001:db8::1]", true, false, false },
		{ "http://u:p@localhost/?@x", "localhost", false, true, false },
		{ "http://u@p@a.localhost:1", "a.localhost", false, true, false },
		{ "http://localhost.example/", "localhost.example", false, false, false },
		{ "http://notlocalhost/", "notlocalhost", false, false, false },
		{ "https://example#@localhost", "example", false, false, false },
		{ "http://1.example/", "1.example", false, false, false },
		{ "http://origin.test:80/", "origin.test", false, false, true },
		{ "http://ORIGIN.test", "ORIGIN.test", false, false, true },
		{ "http://origin/", "origin", false, false, false },
		{ "http://o", "o", false, false, false },
		{ "http://my.origin.test", "my.origin.test", false, false,
		  false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct host host = host_of(cases[i].url);

		ck_assert_uint_eq(host.length, strlen(cases[i].host));
		ck_assert_mem_eq(host.name, cases[i].host, host.length);
		ck_assert(host_is_address(host) == cases[i].address);
		ck_assert(host_is_origin(host) == cases[i].origin);
		ck_assert(host_is_loopback(host) == cases[i].loopback);
	}
}
END_TEST

/* A record that is truncated or malformed is refused. */
START_TEST(only_a_whole_record_is_read)
{
	struct measure measure;
	struct measure_cell cell = { .cell = 5, .count = 2 };
	struct measure_record record = {
		.size = sizeof(record), .service_cells = 1,
	};
	char bytes[sizeof(record) + sizeof(cell)];

	memcpy(bytes, &record, sizeof(record));
	memcpy(bytes + sizeof(record), &cell, sizeof(cell));
	ck_assert(measure_read(&measure, bytes, sizeof(bytes)));
	ck_assert_uint_eq(measure.service[0].count, 2);
	measure_release(&measure);
	for (size_t length = 0; length < sizeof(bytes); length++)
		ck_assert(!measure_read(&measure, bytes, length));
	cell.cell = HISTOGRAM_CELLS;
	memcpy(bytes + sizeof(record), &cell, sizeof(cell));
	ck_assert(!measure_read(&measure, bytes, sizeof(bytes)));
	record.spans = UINT64_MAX;
	memcpy(bytes, &record, sizeof(record));
	ck_assert(!measure_read(&measure, bytes, sizeof(bytes)));
	ck_assert(!measure_read(&measure, "", 0));
}
END_TEST

UNIT_MAIN(medians_and_spread, the_interval_of_a_median_has_the_tables_ranks,
	  intervals_cover_the_median, a_bootstrap_can_be_had_again,
	  outliers_by_the_mad_rule, shuffles_are_fair_and_can_be_had_again,
	  a_histogram_keeps_three_digits, quantiles_of_a_known_sample,
	  merging_is_adding_all_values,
	  no_quantile_that_the_sample_cannot_support,
	  the_gate_lets_equals_pass, the_gate_leaves_out_what_differs,
	  without_a_majority_none_is_valid,
	  blocks_hold_to_the_first_ones_norm,
	  the_sum_of_digests_shows_what_is_twice, what_the_origin_is_to_serve,
	  the_ideal, hosts_and_who_they_are, only_a_whole_record_is_read)
