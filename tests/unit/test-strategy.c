/* The queue and the mailbox with real threads, the wire, host look-ups, the
 * watchdog and the table of strategies. */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/siphash.h"
#include "strategy/familiar.h"
#include "strategy/lookup.h"
#include "strategy/mailbox.h"
#include "strategy/queue.h"
#include "strategy/serial.h"
#include "strategy/strategy.h"
#include "strategy/watchdog.h"
#include "strategy/wire.h"

enum { JOBS = 20000, THREADS = 4 };

static struct queue queue;
static struct mailbox mailbox;
static struct job jobs[JOBS];
static unsigned seen[JOBS];
static size_t delivered;

static void *pass_on(void *unused)
{
	struct job *job;

	(void)unused;
	while ((job = queue_take(&queue)) != NULL)
		mailbox_post(&mailbox, job);
	return NULL;
}

static void *put_all(void *unused)
{
	(void)unused;
	for (size_t i = 0; i < JOBS; i++) {
		jobs[i].number = i;
		ck_assert(queue_put(&queue, &jobs[i]));
		ck_assert_uint_le(queue.limit, 3);
	}
	queue_close(&queue);
	return NULL;
}

static void take_delivery(void *context, struct job_list *list)
{
	struct event_base *base = context;
	struct job *job;

	while ((job = job_list_take(list)) != NULL) {
		seen[job->number]++;
		delivered++;
	}
	if (delivered == JOBS)
		event_base_loopbreak(base);
}

START_TEST(each_job_passes_once)
{
	struct event_base *base = event_base_new();
	pthread_t threads[THREADS], producer;

	queue_init(&queue, 3);
	ck_assert_int_eq(mailbox_open(&mailbox, base, take_delivery, base), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, pass_on, NULL);
	pthread_create(&producer, NULL, put_all, NULL);
	event_base_dispatch(base);
	pthread_join(producer, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < JOBS; i++)
		ck_assert_uint_eq(seen[i], 1);
	mailbox_close(&mailbox);
	queue_release(&queue);
	event_base_free(base);
}
END_TEST

static void *put_one_more(void *job)
{
	return queue_put(&queue, job) ? job : NULL;
}

START_TEST(closing_wakes_who_waits)
{
	struct job_list rest = { 0 };
	pthread_t producer;
	void *put;

	queue_init(&queue, 1);
	ck_assert(queue_put(&queue, &jobs[0]));
	pthread_create(&producer, NULL, put_one_more, &jobs[1]);
	usleep(20000);
	queue_close(&queue);
	pthread_join(producer, &put);
	ck_assert_ptr_null(put);
	ck_assert(!queue_put(&queue, &jobs[1]));
	queue_drain(&queue, &rest);
	ck_assert_uint_eq(rest.count, 1);
	ck_assert_ptr_null(queue_take(&queue));
	queue_release(&queue);
}
END_TEST

static int ends[2];

static struct job *received(uint64_t number)
{
	static struct job job;

	memset(&job, 0, sizeof(job));
	job.number = number;
	job.body.fd = -1;
	return &job;
}

/* A job for URL with a request and terms of its own; free_job() frees these. */
static struct job job_for(const char *url)
{
	struct request_terms *terms = request_terms_new(SINK_DISCARD);
	struct job job = {
		.request = request_new(memory_string(url), terms),
		.body.fd = -1,
	};

	request_terms_release(terms);
	return job;
}

static void free_job(const struct job *job)
{
	request_free((struct request *)job->request);
}

/* A request with every field set. */
static struct request *full_request(size_t url_length, size_t content_length)
{
	struct request_terms *terms = request_terms_new(SINK_SPOOL);
	struct request_expected *expected = &terms->expected;
	char *url = memory_alloc(url_length + 1);
	struct request *request;

	memset(url, 'u', url_length);
	url[url_length] = '\0';
	request = request_new(url, terms);
	request_terms_release(terms);
	terms->method = memory_string("PUT");
	terms->headers = memory_zeroed(2 * sizeof(*terms->headers));
	terms->headers[0] = memory_string("X-One: 1");
	terms->headers[1] = memory_string("X-Two:");
	terms->header_count = 2;
	terms->content = memory_zeroed(content_length);
	terms->content_length = content_length;
	terms->login = memory_string("user:secret");
	terms->conditional = true;
	terms->cookie = memory_string("a=b");
	terms->accept = memory_string("text/html");
	request->scope = memory_string("https://example.com/");
	request->public_only = true;
	request->host_login = memory_string("host:secret");
	request->host_cookie = memory_string("c=d");
	expected->size = 12345;
	expected->largest = 1 << 20;
	expected->digest_count = 2;
	expected->digests = memory_zeroed(2 * sizeof(*expected->digests));
	expected->digests[0].kind = DIGEST_SHA512;
	memset(expected->digests[0].value, 0xa5, 64);
	expected->digests[1].kind = DIGEST_MD5;
	request->from = 77;
	request->to = 99;
	request->shared = true;
	request->validator = memory_string("\"tag\"");
	return request;
}

static bool same(const char *one, const char *other)
{
	return one == NULL || other == NULL ? one == other
					    : strcmp(one, other) == 0;
}

static void cross_as_job(struct request *request)
{
	char *buffer = memory_alloc(WIRE_MESSAGE_MAX);
	struct job got, job = { .number = 42, .request = request };

	ck_assert_int_eq(wire_pair(ends), 0);
	ck_assert_int_eq(wire_send_job(ends[0], &job), 0);
	ck_assert_int_eq(wire_receive_job(ends[1], &got, buffer), 1);
	ck_assert_uint_eq(got.number, 42);
	ck_assert_str_eq(got.request->url, request->url);
	ck_assert(request_terms_equal(got.request->terms, request->terms));
	ck_assert_uint_eq(got.request->from, request->from);
	ck_assert_uint_eq(got.request->to, request->to);
	ck_assert(got.request->shared == request->shared);
	ck_assert(same(got.request->validator, request->validator));
	ck_assert(same(got.request->scope, request->scope));
	ck_assert(same(got.request->host_login, request->host_login));
	ck_assert(same(got.request->host_cookie, request->host_cookie));
	ck_assert(got.request->public_only == request->public_only);
	free_job(&got);
	close(ends[0]);
	ck_assert_int_eq(wire_receive_job(ends[1], &got, buffer), 0);
	close(ends[1]);
	request_free(request);
	free(buffer);
}

START_TEST(jobs_cross_the_wire)
{
	struct job plain = job_for("http://a/");

	cross_as_job((struct request *)plain.request);
	cross_as_job(full_request(128 * 1024, 1));
	cross_as_job(full_request(9, 0));
	/* Too long for a single message. */
	cross_as_job(full_request(9, 3000000));
}
END_TEST

/* Every prefix of a request is refused; a request with any byte changed is
 * either refused or read as another one, without reading past its end. */
START_TEST(a_request_that_is_not_whole_is_none)
{
	struct request *request = full_request(9, 3), *got;
	struct serial all = { .length = 0 };

	serial_put_request(&all, request);
	for (size_t length = 0; length < all.length; length++) {
		/* A copy of just that length, so that sanitizers catch any
		 * read past its end. */
		struct serial part = { .length = length };

		part.bytes = memory_copy(all.bytes, length);
		ck_assert_ptr_null(serial_take_request(&part));
		free(part.bytes);
	}
	for (size_t at = 0; at < all.length; at++) {
		struct serial other = all;

		other.at = 0;
		other.bytes = memory_copy(all.bytes, all.length);
		other.bytes[at] ^= (char)0xff;
		got = serial_take_request(&other);
		request_free(got);
		free(other.bytes);
	}
	request_free(request);
	free(all.bytes);
}
END_TEST

START_TEST(terms_differ_by_any_field)
{
	static const size_t count = 6;
	struct request *one = full_request(9, 3);

	for (size_t i = 0; i < count; i++) {
		struct request *other = full_request(9, 3);
		struct request_terms *terms = other->terms;

		ck_assert(request_terms_equal(one->terms, terms));
		switch (i) {
		case 0: terms->method[0] = 'G'; break;
		case 1: terms->headers[1][2] = 't'; break;
		case 2: terms->content[2] = 1; break;
		case 3: terms->login[0] = 'U'; break;
		case 4: terms->expected.digests[1].value[15] = 1; break;
		case 5: terms->sink = SINK_FILE; break;
		}
		ck_assert(!request_terms_equal(one->terms, terms));
		request_free(other);
	}
	request_free(one);
}
END_TEST

START_TEST(results_cross_the_wire)
{
	char body[8] = { 0 };
	struct job *got, job = { .number = 7 };

	ck_assert_int_eq(wire_pair(ends), 0);
	job.result.outcome = OUTCOME_REDIRECT;
	job.result.bytes = 5;
	job.location = memory_string("/there");
	job.body.kind = BODY_MEMORY;
	job.body.memory = memory_copy("hello", 5);
	job.body.length = 5;
	ck_assert_int_eq(wire_receive_result(ends[0], received(7)), -1);
	ck_assert_int_eq(errno, EAGAIN);
	ck_assert_int_eq(wire_send_result(ends[1], &job), 0);
	job_clear_result(&job);
	got = received(7);
	ck_assert_int_eq(wire_receive_result(ends[0], got), 1);
	ck_assert_int_eq(got->result.outcome, OUTCOME_REDIRECT);
	ck_assert_uint_eq(got->result.bytes, 5);
	ck_assert_str_eq(got->location, "/there");
	ck_assert_int_eq(got->body.kind, BODY_MEMORY);
	ck_assert_uint_eq(got->body.length, 5);
	ck_assert_int_eq(memcmp(got->body.memory, "hello", 5), 0);
	job_clear_result(got);
	job.body.kind = BODY_MEMORY;
	job.body.memory = memory_zeroed(100000);
	job.body.length = 100000;
	ck_assert_int_eq(wire_send_result(ends[1], &job), 0);
	job_clear_result(&job);
	got = received(7);
	ck_assert_int_eq(wire_receive_result(ends[0], got), 1);
	ck_assert_int_eq(got->body.kind, BODY_FD);
	ck_assert_int_eq(pread(got->body.fd, body, sizeof(body), 99995), 5);
	ck_assert_int_ne(fcntl(got->body.fd, F_GETFD) & FD_CLOEXEC, 0);
	job_clear_result(got);
	close(ends[1]);
	ck_assert_int_eq(wire_receive_result(ends[0], received(7)), 0);
	close(ends[0]);
}
END_TEST

START_TEST(an_unsound_worker_counts_as_dead)
{
	struct job job = { .number = 8 };

	ck_assert_int_eq(wire_pair(ends), 0);
	ck_assert_int_eq(wire_send_result(ends[1], &job), 0);
	ck_assert_int_eq(wire_receive_result(ends[0], received(9)), 0);
	ck_assert_int_eq(send(ends[1], "short", 5, 0), 5);
	ck_assert_int_eq(wire_receive_result(ends[0], received(8)), 0);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(one_look_up_for_each_host)
{
	struct lookup *lookup = lookup_new(32);
	struct job_list ready = { 0 };
	struct job a[4] = { job_for("http://a/1"), job_for("http://a/2"),
			    job_for("http://u:p@a:8/3"),
			    job_for("https://a?4") };
	struct job b = job_for("http://b/");
	struct job c = job_for("http://127.0.0.1/");

	siphash_seed();
	ck_assert(lookup_admit(lookup, &a[0]));
	ck_assert(!lookup_admit(lookup, &a[1]));
	ck_assert(!lookup_admit(lookup, &a[2]));
	ck_assert(lookup_admit(lookup, &b));
	ck_assert(lookup_admit(lookup, &c));
	lookup_answered(lookup, &b, true, &ready, &ready);
	lookup_answered(lookup, &c, true, &ready, &ready);
	ck_assert_uint_eq(ready.count, 0);
	lookup_answered(lookup, &a[0], true, &ready, &ready);
	ck_assert_uint_eq(ready.count, 2);
	lookup_answered(lookup, &a[0], false, &ready, &ready);
	ck_assert_uint_eq(ready.count, 2);
	/* The host is known now: its jobs need no pilot. */
	ck_assert(lookup_admit(lookup, &a[3]));
	ck_assert(lookup_admit(lookup, &a[0]));
	lookup_free(lookup);
	for (int i = 0; i < 4; i++)
		free_job(&a[i]);
	free_job(&b);
	free_job(&c);
}
END_TEST

START_TEST(a_look_up_that_fails_lets_the_others_try)
{
	struct lookup *lookup = lookup_new(32);
	struct job_list ready = { 0 };
	struct job jobs_of[3] = { job_for("http://a/"), job_for("http://a/"),
				  job_for("http://a/") };

	ck_assert(lookup_admit(lookup, &jobs_of[0]));
	ck_assert(!lookup_admit(lookup, &jobs_of[1]));
	lookup_answered(lookup, &jobs_of[0], false, &ready, &ready);
	ck_assert_ptr_eq(job_list_take(&ready), &jobs_of[1]);
	ck_assert(lookup_admit(lookup, &jobs_of[2]));
	ck_assert(!lookup_admit(lookup, &jobs_of[0]));
	lookup_drain(lookup, &ready);
	ck_assert_uint_eq(ready.count, 1);
	lookup_answered(lookup, &jobs_of[2], false, &ready, &ready);
	lookup_free(lookup);
	for (int i = 0; i < 3; i++)
		free_job(&jobs_of[i]);
}
END_TEST

START_TEST(only_so_many_names_at_a_time)
{
	struct lookup *lookup = lookup_new(2);
	struct job_list waited = { 0 }, ready = { 0 };
	struct job a = job_for("http://a/"), b = job_for("http://b/"),
		   c = job_for("http://c/"), d = job_for("http://d/"),
		   more = job_for("http://c/2");

	ck_assert(lookup_admit(lookup, &a));
	ck_assert(lookup_admit(lookup, &b));
	ck_assert(!lookup_admit(lookup, &c));
	ck_assert(!lookup_admit(lookup, &d));
	ck_assert(!lookup_admit(lookup, &more));
	lookup_answered(lookup, &a, false, &waited, &ready);
	ck_assert_uint_eq(waited.count, 0);
	ck_assert_ptr_eq(job_list_take(&ready), &c);
	lookup_answered(lookup, &b, true, &waited, &ready);
	ck_assert_ptr_eq(job_list_take(&ready), &d);
	lookup_answered(lookup, &c, false, &waited, &ready);
	/* C's second job had found a pilot and shares its answer. */
	ck_assert_ptr_eq(job_list_take(&waited), &more);
	ck_assert_uint_eq(ready.count, 0);
	lookup_answered(lookup, &d, true, &waited, &ready);
	lookup_free(lookup);
	free_job(&a);
	free_job(&b);
	free_job(&c);
	free_job(&d);
	free_job(&more);
}
END_TEST

START_TEST(hosts_do_not_pile_up)
{
	struct lookup *lookup = lookup_new(32);
	struct job_list ready = { 0 };
	char url[64];

	for (int i = 0; i < 100000; i++) {
		struct job job;

		snprintf(url, sizeof(url), "http://h%d/", i);
		job = job_for(url);
		ck_assert(lookup_admit(lookup, &job));
		lookup_answered(lookup, &job, true, &ready, &ready);
		free_job(&job);
	}
	lookup_free(lookup);
}
END_TEST

START_TEST(hosts_become_familiar_and_are_forgotten)
{
	struct familiar *familiar = memory_zeroed(sizeof(*familiar));
	unsigned forgotten = 0;
	char url[64];

	ck_assert(!familiar_meet(familiar, "http://a/1"));
	ck_assert(familiar_meet(familiar, "http://a/2?x"));
	ck_assert(familiar_meet(familiar, "http://a"));
	/* A different port, scheme or name makes it a different host. */
	ck_assert(!familiar_meet(familiar, "http://a:81/"));
	ck_assert(!familiar_meet(familiar, "https://a/"));
	ck_assert(!familiar_meet(familiar, "http://ab/"));
	for (int i = 0; i < 100000; i++) {
		snprintf(url, sizeof(url), "http://h%d/", i);
		ck_assert(!familiar_meet(familiar, url));
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(url, sizeof(url), "http://h%d/", i);
		forgotten += !familiar_meet(familiar, url);
	}
	ck_assert_uint_gt(forgotten, 990);
	free(familiar);
}
END_TEST

/* The tick at which a silent worker is found; another one stays alive. */
static unsigned found_at(const struct settings *settings)
{
	struct watchdog *watchdog = watchdog_new(settings, 2);
	unsigned tick = 0;

	watchdog_begin(watchdog, 0);
	watchdog_begin(watchdog, 1);
	do {
		tick++;
		watchdog_beat(watchdog_pulse(watchdog, 1));
		ck_assert(!watchdog_tick(watchdog, 1));
	} while (!watchdog_tick(watchdog, 0));
	/* With a new job, the count starts again. */
	watchdog_begin(watchdog, 0);
	ck_assert(!watchdog_tick(watchdog, 0));
	watchdog_free(watchdog);
	return tick;
}

START_TEST(silent_workers_are_found)
{
	struct settings settings = { .connect_timeout_ms = 2000,
				     .stall_timeout_ms = 3500 };

	/* 2 s to connect, 3.5 s to stall and 5 s of grace may be silent. */
	ck_assert_uint_eq(found_at(&settings), 12);
	settings.max_time_ms = 1000;
	ck_assert_uint_eq(found_at(&settings), 7);
	settings.max_time_ms = 0;
	settings.stall_timeout_ms = 0;
	ck_assert_uint_eq(found_at(&settings), 38);
}
END_TEST

START_TEST(the_table_is_whole)
{
	int count = 0;

	for (const struct strategy *const *at = strategies; *at; at++) {
		ck_assert_ptr_eq(strategy_find((*at)->name), *at);
		ck_assert((*at)->summary && (*at)->capacity && (*at)->open &&
			  (*at)->submit && (*at)->cancel && (*at)->close &&
			  (*at)->descriptors > 0);
		count++;
	}
	ck_assert_int_ge(count, 6);
	ck_assert_ptr_null(strategy_find("nosuch"));
}
END_TEST

UNIT_MAIN(one_look_up_for_each_host, a_look_up_that_fails_lets_the_others_try,
	  only_so_many_names_at_a_time,
	  hosts_do_not_pile_up,
	  hosts_become_familiar_and_are_forgotten,
	  silent_workers_are_found, each_job_passes_once, closing_wakes_who_waits, jobs_cross_the_wire,
	  a_request_that_is_not_whole_is_none, terms_differ_by_any_field,
	  results_cross_the_wire, an_unsound_worker_counts_as_dead,
	  the_table_is_whole)
