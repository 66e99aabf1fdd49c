/*
 * Requests: what follows a redirect, what is sent to which origin, and what a
 * server receives.  The server is a child process that answers each request
 * with the next of the given responses and passes the request on to the test.
 */
#include "config.h"

#include "unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "strategy/fetcher.h"
#include "transfer/transfer.h"

enum { ASKED_ROOM = 8192 };

static char asked[ASKED_ROOM];  /* the last request, as received */

/* Reads a request from FD up to the end of its content. */
static size_t read_request(int fd, char text[ASKED_ROOM])
{
	size_t used = 0, wanted = 0;

	while (used < ASKED_ROOM - 1) {
		ssize_t got = read(fd, text + used, ASKED_ROOM - 1 - used);
		char *end, *length;

		if (got <= 0)
			break;
		used += (size_t)got;
		text[used] = '\0';
		end = strstr(text, "\r\n\r\n");
		if (end == NULL)
			continue;
		length = strstr(text, "Content-Length: ");
		wanted = (size_t)(end + 4 - text) +
			 (length != NULL ? strtoul(length + 16, NULL, 10) : 0);
		if (used >= wanted)
			break;
	}
	return used;
}

static _Noreturn void serve(int listening, int told,
			    const char *const *responses)
{
	char text[ASKED_ROOM];

	for (; *responses != NULL; responses++) {
		int fd = accept(listening, NULL, NULL);
		size_t length = read_request(fd, text);

		must(write(told, text, length) == (ssize_t)length);
		must(write(fd, *responses, strlen(*responses)) > 0);
		close(fd);
	}
	_exit(0);
}

static struct {
	pid_t pid;
	int told, port;
} server;

static void start_server(const char *const *responses)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	int listening = socket(AF_INET, SOCK_STREAM, 0), ends[2];

	must(bind(listening, (void *)&address, length) == 0);
	must(listen(listening, 8) == 0);
	must(getsockname(listening, (void *)&address, &length) == 0);
	must(pipe(ends) == 0);
	server.pid = fork();
	if (server.pid == 0)
		serve(listening, ends[1], responses);
	close(listening);
	close(ends[1]);
	server.told = ends[0];
	server.port = ntohs(address.sin_port);
}

static void stop_server(void)
{
	close(server.told);
	must(waitpid(server.pid, NULL, 0) == server.pid);
}

static struct settings settings = {
	.jobs = 1, .connect_timeout_ms = 5000, .stall_timeout_ms = 5000,
	.max_header = 65536, .ask = { .auth = "basic" },
	.net = { .proxy_auth = "basic" }, .tls = { .version = "1.2" },
};
static struct transfer_common common = { .settings = &settings };
static struct fetcher *fetcher;
static char directory[64];

static void set_up(const char *const *responses)
{
	static bool done;
	char place[] = "/tmp/pfetch-request-XXXXXX";

	start_server(responses);
	if (!done)
		must(transfer_global_init() == NULL);
	done = true;
	must(mkdtemp(place) != NULL);
	common.place = (struct sink_place){
		.directory_fd = open(place, O_RDONLY | O_DIRECTORY),
		.run_id = "1",
	};
	snprintf(directory, sizeof(directory), "%s", place);
	fetcher = fetcher_new(&common, 0, -1, 0, NULL, NULL);
	must(fetcher != NULL);
}

static void tear_down(void)
{
	fetcher_free(fetcher);
	close(common.place.directory_fd);
	must(rmdir(directory) == 0); /* nothing was left behind */
	stop_server();
}

static struct request *make_request(struct request_terms *terms)
{
	struct request *request = request_new(
		memory_format("http://127.0.0.1:%d/x", server.port), terms);

	request_terms_release(terms);
	return request;
}

/* Sends and frees REQUEST; `asked` then holds what the server received. */
static struct job fetch(struct request *request)
{
	struct job job = { .number = 3, .request = request };
	ssize_t got;

	job_clear_result(&job);
	fetcher_run(fetcher, &job);
	got = read(server.told, asked, sizeof(asked) - 1);
	asked[got > 0 ? got : 0] = '\0';
	request_free(request);
	return job;
}

static void expect_line(const char *line)
{
	if (strstr(asked, line) == NULL)
		ck_abort_msg("no '%s' in: %s", line, asked);
}

static void expect_no(const char *text)
{
	if (strstr(asked, text) != NULL)
		ck_abort_msg("'%s' in: %s", text, asked);
}

#define HELLO "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static void add_header(struct request_terms *terms, const char *line)
{
	terms->headers = memory_resize(terms->headers,
				       (terms->header_count + 1) *
					       sizeof(*terms->headers));
	terms->headers[terms->header_count++] = memory_string(line);
}

/* Nothing that one request sets carries over to the next. */
START_TEST(each_request_is_its_own)
{
	static const char *const responses[] = { HELLO, HELLO, HELLO, HELLO,
						 NULL };
	struct request_terms *terms;

	set_up(responses);
	fetch(make_request(request_terms_new(SINK_DISCARD)));
	expect_line("GET /x HTTP/1.1\r\n");
	expect_no("Range");
	terms = request_terms_new(SINK_DISCARD);
	terms->content = memory_string("a=b");
	terms->content_length = 3;
	terms->login = memory_string("user:secret");
	add_header(terms, "X-Key: 1");
	fetch(make_request(terms));
	expect_line("POST /x HTTP/1.1\r\n");
	expect_line("X-Key: 1\r\n");
	expect_line("Authorization: Basic ");
	expect_line("\r\n\r\na=b");
	expect_no("Expect");
	terms = request_terms_new(SINK_DISCARD);
	terms->method = memory_string("PUT");
	terms->content = memory_string("");
	fetch(make_request(terms));
	expect_line("PUT /x HTTP/1.1\r\n");
	expect_line("Content-Length: 0\r\n");
	fetch(make_request(request_terms_new(SINK_DISCARD)));
	expect_line("GET /x HTTP/1.1\r\n");
	expect_no("X-Key");
	expect_no("Authorization");
	expect_no("Content-");
	tear_down();
}
END_TEST

START_TEST(what_is_out_of_scope_is_not_sent)
{
	static const char *const responses[] = { HELLO, NULL };
	struct request_terms *terms;
	struct request *request;

	set_up(responses);
	terms = request_terms_new(SINK_DISCARD);
	terms->content = memory_string("a=b");
	terms->content_length = 3;
	terms->login = memory_string("user:secret");
	terms->cookie = memory_string("secret=1");
	terms->accept = memory_string("text/x-test");
	add_header(terms, "X-Key: 1");
	request = make_request(terms);
	request->scope = memory_string("http://127.0.0.1:1/");
	fetch(request);
	expect_line("Accept: text/x-test\r\n");
	expect_no("Cookie");
	expect_line("GET /x HTTP/1.1\r\n");
	expect_no("X-Key");
	expect_no("Authorization");
	expect_no("a=b");
	tear_down();
}
END_TEST

START_TEST(a_head_has_no_body)
{
	static const char *const responses[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", NULL
	};
	struct request_terms *terms;
	struct job job;

	set_up(responses);
	terms = request_terms_new(SINK_DISCARD);
	terms->method = memory_string("HEAD");
	job = fetch(make_request(terms));
	expect_line("HEAD /x HTTP/1.1\r\n");
	ck_assert_int_eq(job.result.outcome, OUTCOME_OK);
	ck_assert_int_eq(job.result.proof, PROOF_NO_BODY);
	tear_down();
}
END_TEST

static void expect_digest(struct request_terms *terms, const uint8_t *value)
{
	struct request_expected *expected = &terms->expected;

	expected->digest_count = 1;
	expected->digests = memory_zeroed(sizeof(*expected->digests));
	expected->digests[0].kind = DIGEST_MD5;
	memcpy(expected->digests[0].value, value, 16);
}

static const uint8_t hello_md5[] = {
	0x5d, 0x41, 0x40, 0x2a, 0xbc, 0x4b, 0x2a, 0x76,
	0xb9, 0x71, 0x9d, 0x91, 0x10, 0x17, 0xc5, 0x92,
};

START_TEST(sizes_and_digests_are_held_to)
{
	static const char *const responses[] = { HELLO, HELLO, HELLO, HELLO,
						 NULL };
	static const uint8_t other[16];
	struct request_terms *terms;
	struct job job;

	set_up(responses);
	terms = request_terms_new(SINK_DISCARD);
	expect_digest(terms, hello_md5);
	job = fetch(make_request(terms));
	ck_assert_int_eq(job.result.outcome, OUTCOME_OK);
	terms = request_terms_new(SINK_DISCARD);
	expect_digest(terms, other);
	job = fetch(make_request(terms));
	ck_assert_int_eq(job.result.cause, CAUSE_MISMATCH);
	terms = request_terms_new(SINK_DISCARD);
	terms->expected.size = 4;
	job = fetch(make_request(terms));
	ck_assert_int_eq(job.result.cause, CAUSE_MISMATCH);
	terms = request_terms_new(SINK_DISCARD);
	terms->expected.largest = 4;
	job = fetch(make_request(terms));
	ck_assert_int_eq(job.result.cause, CAUSE_LIMIT);
	tear_down();
}
END_TEST

/* Leaves BYTES in the temporary file, as an earlier try would. */
static void leave(const char *bytes)
{
	char name[SINK_NAME_ROOM];
	int fd;

	sink_temp_name(&common.place, 3, name);
	fd = openat(common.place.directory_fd, name,
		    O_WRONLY | O_CREAT | O_TRUNC, 0666);
	must(fd >= 0);
	must(write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
	close(fd);
}

/* The body of JOB, read from its temporary file, which is removed. */
static const char *body_of(const struct job *job)
{
	static char text[64];
	char name[SINK_NAME_ROOM];
	ssize_t got;
	int fd;

	ck_assert_int_eq(job->result.outcome, OUTCOME_OK);
	ck_assert_int_eq(job->body.kind, BODY_TEMP);
	sink_temp_name(&common.place, 3, name);
	fd = openat(common.place.directory_fd, name, O_RDONLY);
	got = read(fd, text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	close(fd);
	sink_remove_temp(&common.place, 3);
	return text;
}

static struct request *ask_for_rest(void)
{
	struct request_terms *terms = request_terms_new(SINK_FILE);
	struct request *request;

	expect_digest(terms, hello_md5);
	request = make_request(terms);
	request->from = 2;
	request->validator = memory_string("\"v1\"");
	return request;
}

START_TEST(the_rest_of_a_body_is_put_behind_what_is_there)
{
	static const char *const responses[] = {
		"HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n"
		"Content-Range: bytes 2-4/5\r\nETag: \"v1\"\r\n\r\nllo",
		HELLO,
		"HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\n"
		"Content-Range: bytes 1-4/5\r\nETag: \"v1\"\r\n\r\nello",
		NULL
	};
	struct job job;
	char name[SINK_NAME_ROOM];

	set_up(responses);
	/* Bytes beyond the offset that was asked for are cut off. */
	leave("heXX");
	job = fetch(ask_for_rest());
	expect_line("Range: bytes=2-\r\n");
	expect_line("If-Range: \"v1\"\r\n");
	ck_assert_str_eq(body_of(&job), "hello");
	/* The body has changed meanwhile: the server sends all of it. */
	leave("XX");
	job = fetch(ask_for_rest());
	ck_assert_int_eq(job.result.outcome, OUTCOME_OK);
	ck_assert_str_eq(body_of(&job), "hello");
	/* A range that was not asked for is refused, and nothing is kept. */
	leave("he");
	job = fetch(ask_for_rest());
	ck_assert_int_eq(job.result.cause, CAUSE_PROTOCOL);
	sink_temp_name(&common.place, 3, name);
	ck_assert_int_ne(faccessat(common.place.directory_fd, name, F_OK, 0),
			 0);
	tear_down();
}
END_TEST

START_TEST(origins)
{
	static const struct {
		const char *one, *other;
		bool same;
	} cases[] = {
		{ "http://a/", "http://a/x?y", true },
		{ "http://A/", "HTTP://a:80", true },
		{ "https://a/", "https://a:443/", true },
		{ "https://a/", "http://a/", false },
		{ "http://a:8080/", "http://a/", false },
		{ "http://a/", "http://b/", false },
		{ "http://a/", "http://ab/", false },
		{ "http://u:p@a/", "http://a/", true },
		{ "http://b@a/", "http://a@b/", false },
		{ "http://[::1]:80/", "http://[::1]/", true },
		{ "http://[::1]/", "http://[::2]/", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ck_assert_int_eq(host_same_origin(cases[i].one,
						  cases[i].other),
				 cases[i].same);
}
END_TEST

/* RFC 9110, 15.4. */
START_TEST(redirects_keep_or_drop_the_content)
{
	static const struct {
		const char *method;
		int status;
		const char *then;
	} cases[] = {
		{ NULL, 301, "GET" }, { "HEAD", 303, "HEAD" },
		{ "POST", 301, "GET" }, { "POST", 302, "GET" },
		{ "POST", 303, "GET" }, { "POST", 307, "POST" },
		{ "POST", 308, "POST" }, { "PUT", 301, "PUT" },
		{ "PUT", 303, "GET" }, { "DELETE", 302, "DELETE" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct request_terms *terms = request_terms_new(SINK_FILE);
		struct request *one, *next;
		bool kept;

		if (cases[i].method != NULL) {
			terms->method = memory_string(cases[i].method);
			terms->content = memory_string("c");
			terms->content_length = 1;
		}
		add_header(terms, "A: b");
		one = request_new(memory_string("http://a/"), terms);
		request_terms_release(terms);
		next = request_redirected(one, cases[i].status,
					  memory_string("http://a/b"), false);
		ck_assert_str_eq(request_method(next), cases[i].then);
		ck_assert_str_eq(next->terms->headers[0], "A: b");
		kept = strcmp(request_method(one), cases[i].then) == 0;
		ck_assert_int_eq(next->terms == one->terms, kept);
		ck_assert(kept || next->terms->content == NULL);
		request_free(one);
		request_free(next);
	}
}
END_TEST

UNIT_MAIN(each_request_is_its_own, what_is_out_of_scope_is_not_sent,
	  a_head_has_no_body, sizes_and_digests_are_held_to,
	  the_rest_of_a_body_is_put_behind_what_is_there, origins,
	  redirects_keep_or_drop_the_content)
