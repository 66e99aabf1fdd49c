/* The head of a response, and the verdict branch by branch. */
#include "config.h"

#include "unit.h"

#include <errno.h>

#include "transfer/head.h"
#include "transfer/sink.h"
#include "transfer/verdict.h"

static struct head head;

/* Feeds LINES, which end in "\n" here and in CRLF on the wire. */
static void feed(const char *lines)
{
	char line[512];

	head_init(&head);
	while (*lines != '\0') {
		size_t length = strcspn(lines, "\n");

		snprintf(line, sizeof(line), "%.*s\r\n", (int)length, lines);
		head_line(&head, line, length + 2);
		lines += length + 1;
	}
}

START_TEST(a_plain_head)
{
	feed("HTTP/1.1 200 OK\nContent-Length: 12\nX: y\n\n");
	ck_assert_int_eq(head.status, 200);
	ck_assert_int_eq(head.version, 11);
	ck_assert_str_eq(head.reason, "OK");
	ck_assert(head.complete);
	ck_assert_int_eq(head.content_length, 12);
	ck_assert_ptr_null(head.fault);
	ck_assert_uint_eq(head.bytes, 17 + 20 + 6 + 2);
}
END_TEST

START_TEST(an_interim_response_is_not_the_final_one)
{
	feed("HTTP/1.1 100 Continue\nContent-Length: 1\n\n");
	ck_assert(!head.complete);
	feed("HTTP/1.1 103 Hints\nContent-Length: 1\n\nHTTP/2 404\n\n");
	ck_assert(head.complete);
	ck_assert_int_eq(head.status, 404);
	ck_assert_int_eq(head.version, 20);
	ck_assert_int_eq(head.content_length, -1);
}
END_TEST

START_TEST(trailers_change_nothing)
{
	feed("HTTP/1.1 200 OK\nTransfer-Encoding: Chunked\n\n"
	     "Content-Length: 5\nHTTP/1.1 500 no\n\n");
	ck_assert_int_eq(head.status, 200);
	ck_assert(head.chunked);
	ck_assert_ptr_null(head.fault);
}
END_TEST

START_TEST(lengths)
{
	int64_t value;

	ck_assert_int_eq(head_parse_length("0", 1, &value), 0);
	ck_assert_int_eq(head_parse_length("9223372036854775807", 19, &value),
			 0);
	ck_assert(value == INT64_MAX);
	ck_assert_int_eq(head_parse_length("9223372036854775808", 19, &value),
			 -1);
	ck_assert_int_eq(head_parse_length("", 0, &value), -1);
	ck_assert_int_eq(head_parse_length("-1", 2, &value), -1);
	ck_assert_int_eq(head_parse_length("+1", 2, &value), -1);
	ck_assert_int_eq(head_parse_length("0x1", 3, &value), -1);
	ck_assert_int_eq(head_parse_length("1 1", 3, &value), -1);
}
END_TEST

START_TEST(framing_faults)
{
	static const char *const bad[] = {
		"Content-Length: x\n", "Content-Length: 5\nContent-Length: 6\n",
		"Content-Length: 5\nTransfer-Encoding: chunked\n",
		"Transfer-Encoding: gzip, chunked\n",
		"Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n",
		"Content-Length : 5\n", "Content-Length: 5\n 6\n",
		"content-length:\n", "HTTP/1.1 200 OK\n",
	};
	char lines[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(lines, sizeof(lines), "HTTP/1.1 200 OK\n%s\n", bad[i]);
		feed(lines);
		ck_assert_msg(head.fault != NULL, "%s", bad[i]);
	}
	feed("HTTP/1.0 200 OK\nTransfer-Encoding: chunked\n\n");
	ck_assert_ptr_nonnull(head.fault);
	feed("HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length:  5 \n\n");
	ck_assert_ptr_null(head.fault);
	feed("HTTP/1.1 200 OK\nX-Fold: a\n b\n\n");
	ck_assert_ptr_null(head.fault);
}
END_TEST

START_TEST(retry_after)
{
	const char *date = "Sun, 06 Nov 1994 08:49:37 GMT";

	ck_assert_int_eq(head_parse_retry_after("120", 3, 0), 120);
	ck_assert(head_parse_retry_after("99999999999999999999", 20, 0) ==
		  INT64_MAX);
	ck_assert_int_eq(head_parse_retry_after("-5", 2, 0), -1);
	ck_assert_int_eq(head_parse_retry_after("", 0, 0), -1);
	ck_assert_int_eq(head_parse_retry_after("soon", 4, 0), -1);
	ck_assert_int_eq(head_parse_retry_after(date, 29, 784111777 - 30), 30);
	ck_assert_int_eq(head_parse_retry_after(date, 29, 784111777 + 30), 0);
}
END_TEST

START_TEST(locations)
{
	feed("HTTP/1.1 302 Found\nLocation:  /a b \nLocation: /c\n\n");
	ck_assert_str_eq(head.location, "/a b");
	head_release(&head);
}
END_TEST

static struct request_terms no_terms = { .expected.size = -1 };
static struct request plain = { .url = (char *)"http://a/", .terms = &no_terms };

/* The verdict on a response whose head is LINES. */
static struct result judge(const char *lines, struct evidence seen)
{
	struct result result = { .outcome = OUTCOME_FAILED };

	feed(lines);
	seen.head = &head;
	if (seen.request == NULL)
		seen.request = &plain;
	if (seen.message == NULL)
		seen.message = "";
	verdict_judge(&seen, &result);
	head_release(&head);
	return result;
}

#define LENGTH_5 "HTTP/1.1 200 OK\nContent-Length: 5\n\n"
#define CHUNKS "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"
#define NO_LENGTH "HTTP/1.1 200 OK\n\n"
#define SEEN(...) ((struct evidence){ __VA_ARGS__ })

static void expect_ok(const char *lines, struct evidence seen,
		      enum proof proof)
{
	struct result result = judge(lines, seen);

	ck_assert_int_eq(result.outcome, OUTCOME_OK);
	ck_assert_int_eq(result.proof, proof);
	ck_assert_int_eq(result.cause, CAUSE_NONE);
}

static void expect_cause(const char *lines, struct evidence seen,
			 enum cause cause)
{
	struct result result = judge(lines, seen);

	ck_assert_int_eq(result.outcome, OUTCOME_FAILED);
	ck_assert_str_eq(cause_table[result.cause].name,
			 cause_table[cause].name);
	ck_assert(result.detail[0] != '\0');
}

START_TEST(ok_only_with_proof)
{
	struct result result;

	expect_ok(LENGTH_5, SEEN(.received = 5), PROOF_LENGTH);
	expect_ok(CHUNKS, SEEN(.received = 5), PROOF_CHUNKED);
	expect_ok("HTTP/1.1 204 No\n\n", SEEN(.received = 0), PROOF_NO_BODY);
	result = judge("HTTP/1.1 205 Reset\n\n", SEEN(.received = 5));
	ck_assert_int_eq(result.outcome, OUTCOME_UNVERIFIED);
	expect_ok("HTTP/2 200\ncontent-length: 0\n\n", SEEN(.received = 0),
		  PROOF_LENGTH);
	result = judge(NO_LENGTH, SEEN(.received = 5));
	ck_assert_int_eq(result.outcome, OUTCOME_UNVERIFIED);
	result = judge("HTTP/2 200\n\n", SEEN(.received = 5));
	ck_assert_int_eq(result.outcome, OUTCOME_UNVERIFIED);
}
END_TEST

START_TEST(what_libcurl_calls_ok_and_is_not)
{
	expect_cause(LENGTH_5, SEEN(.received = 4), CAUSE_TRUNCATED);
	expect_cause(LENGTH_5, SEEN(.received = 6), CAUSE_TRUNCATED);
	expect_cause("HTTP/1.1 200 OK\nContent-Le\n", SEEN(.received = 0),
		     CAUSE_TRUNCATED);
	expect_cause("", SEEN(.received = 0), CAUSE_TRUNCATED);
	expect_cause("HTTP/1.1 200 OK\nContent-Length: 0x5\n\n",
		     SEEN(.received = 0), CAUSE_PROTOCOL);
	expect_cause("HTTP/1.1 206 Part\nContent-Length: 5\n\n",
		     SEEN(.received = 5), CAUSE_PROTOCOL);
	expect_cause("HTTP/1.1 304 Not\n\n", SEEN(.received = 0), CAUSE_HTTP);
	expect_cause("HTTP/1.1 302 No\nContent-Length: 0\n\n",
		     SEEN(.received = 0), CAUSE_HTTP);
	expect_cause("HTTP/1.1 300 Many\nLocation: /x\n\n",
		     SEEN(.received = 0), CAUSE_HTTP);
}
END_TEST

START_TEST(errors_of_the_server)
{
	expect_cause("HTTP/1.1 404 Not\n\n", SEEN(.received = 5), CAUSE_HTTP);
	expect_cause("HTTP/1.1 401 No\n\n", SEEN(.received = 5), CAUSE_AUTH);
	expect_cause("HTTP/1.1 407 No\n\n", SEEN(.received = 5), CAUSE_AUTH);
	/* An error status stays an error, however the body ends. */
	expect_cause("HTTP/1.1 503 No\nContent-Length: 9\n\n",
		     SEEN(.code = CURLE_PARTIAL_FILE), CAUSE_HTTP);
	expect_cause("HTTP/1.1 500 No\n\n",
		     SEEN(.code = CURLE_WRITE_ERROR,
			  .breakage = BREAKAGE_UNWANTED), CAUSE_HTTP);
	expect_cause("HTTP/1.1 302 Go\nLocation: /x\n\n",
		     SEEN(.code = CURLE_WRITE_ERROR,
			  .breakage = BREAKAGE_UNWANTED), CAUSE_PROTOCOL);
}
END_TEST

START_TEST(redirects)
{
	static const int statuses[] = { 301, 302, 303, 307, 308 };
	char lines[128];

	for (int i = 0; i < 5; i++) {
		snprintf(lines, sizeof(lines),
			 "HTTP/1.1 %d Go\nLocation: /x\nContent-Length: 0\n\n",
			 statuses[i]);
		ck_assert_int_eq(judge(lines, SEEN(.received = 0)).outcome,
				 OUTCOME_REDIRECT);
	}
	expect_cause("HTTP/1.1 302 Go\nLocation: /x\nContent-Length: 9\n\n",
		     SEEN(.code = CURLE_PARTIAL_FILE), CAUSE_TRUNCATED);
}
END_TEST

START_TEST(codes_of_libcurl)
{
	expect_cause("", SEEN(.code = CURLE_COULDNT_RESOLVE_HOST), CAUSE_DNS);
	expect_cause("", SEEN(.code = CURLE_COULDNT_CONNECT), CAUSE_CONNECT);
	expect_cause("", SEEN(.code = CURLE_GOT_NOTHING), CAUSE_RESET);
	expect_cause("", SEEN(.code = CURLE_SEND_ERROR), CAUSE_RESET);
	expect_cause("", SEEN(.code = CURLE_RECV_ERROR), CAUSE_RESET);
	expect_cause(LENGTH_5, SEEN(.code = CURLE_RECV_ERROR),
		     CAUSE_TRUNCATED);
	expect_cause(CHUNKS, SEEN(.code = CURLE_RECV_ERROR,
				  .message = "Illegal chunk size"),
		     CAUSE_PROTOCOL);
	expect_cause(LENGTH_5, SEEN(.code = CURLE_PARTIAL_FILE),
		     CAUSE_TRUNCATED);
	expect_cause("", SEEN(.code = CURLE_OPERATION_TIMEDOUT),
		     CAUSE_TIMEOUT);
	expect_cause("", SEEN(.code = CURLE_PEER_FAILED_VERIFICATION),
		     CAUSE_TLS);
	expect_cause("", SEEN(.code = CURLE_UNSUPPORTED_PROTOCOL),
		     CAUSE_PROTOCOL);
	expect_cause("", SEEN(.code = CURLE_OUT_OF_MEMORY), CAUSE_PROTOCOL);
	expect_cause("", SEEN(.code = CURLE_FTP_WEIRD_PASS_REPLY), CAUSE_PROTOCOL);
}
END_TEST

START_TEST(our_own_limits)
{
	expect_cause("HTTP/1.1 200 OK\n",
		     SEEN(.code = CURLE_WRITE_ERROR,
			  .breakage = BREAKAGE_HEADER_LIMIT), CAUSE_PROTOCOL);
	expect_cause(NO_LENGTH, SEEN(.code = CURLE_WRITE_ERROR,
				     .breakage = BREAKAGE_SIZE_LIMIT),
		     CAUSE_LIMIT);
	expect_cause("HTTP/1.1 200 OK\nContent-Length: z\n\n",
		     SEEN(.code = CURLE_WRITE_ERROR,
			  .breakage = BREAKAGE_FRAMING), CAUSE_PROTOCOL);
}
END_TEST

START_TEST(our_own_troubles)
{
	struct result result;

	expect_cause(LENGTH_5, SEEN(.code = CURLE_WRITE_ERROR,
				    .breakage = BREAKAGE_FILE,
				    .file_error = ENOSPC), CAUSE_FILE);
	result = judge(LENGTH_5, SEEN(.code = CURLE_WRITE_ERROR,
				      .breakage = BREAKAGE_FILE,
				      .file_error = EMFILE));
	ck_assert(result.starved);
	result = judge("", SEEN(.code = CURLE_COULDNT_CONNECT,
				.socket_error = EMFILE));
	ck_assert(result.starved);
	ck_assert_int_eq(result.cause, CAUSE_RESOURCE);
	result = judge("", SEEN(.code = CURLE_COULDNT_RESOLVE_HOST,
				.starved = true));
	ck_assert(result.starved);
	/* If a response arrived, only that counts. */
	expect_ok(LENGTH_5, SEEN(.received = 5, .starved = true,
				 .socket_error = EMFILE), PROOF_LENGTH);
}
END_TEST

START_TEST(removing_bytes_never_makes_a_failure_ok)
{
	for (uint64_t got = 0; got < 5; got++)
		expect_cause(LENGTH_5, SEEN(.received = got),
			     CAUSE_TRUNCATED);
}
END_TEST

START_TEST(ranges)
{
	static const struct {
		const char *value;
		int64_t first, last, total;
	} cases[] = {
		{ "bytes 0-0/1", 0, 0, 1 },
		{ "Bytes 5-9/10", 5, 9, 10 },
		{ "bytes 5-9/*", 5, 9, -1 },
		{ "bytes 9223372036854775806-9223372036854775806/"
		  "9223372036854775807", INT64_MAX - 1, INT64_MAX - 1,
		  INT64_MAX },
	};
	static const char *const wrong[] = {
		"", "bytes", "bytes ", "bytes 5", "bytes 5-", "bytes 5-9",
		"bytes 5-9/", "bytes 9-5/10", "bytes 5-9/9", "bytes */10",
		"bytes -9/10", "bytes 5-9/10 ", "bytes +5-9/10",
		"bytes 5-9/1x", "bytes=5-9/10", "lines 5-9/10",
		"bytes 5-99999999999999999999/*", "bytes 5-9/**",
	};
	struct head_range range;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *value = cases[i].value;

		ck_assert_int_eq(head_parse_range(value, strlen(value),
						  &range), 0);
		ck_assert_int_eq(range.first, cases[i].first);
		ck_assert_int_eq(range.last, cases[i].last);
		ck_assert_int_eq(range.total, cases[i].total);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_int_eq(head_parse_range(wrong[i], strlen(wrong[i]),
						  &range), -1);
}
END_TEST

#define PART(range, length)                                             \
	"HTTP/1.1 206 Partial\nContent-Range: bytes " range                 \
	"\nContent-Length: " length "\n\n"

#define TAGGED(range, length)                                           \
	"HTTP/1.1 206 Partial\nContent-Range: bytes " range                 \
	"\nETag: \"t\"\nContent-Length: " length "\n\n"

/* Expects a part up to byte KEPT of a body of TOTAL bytes. */
static void expect_part(const char *lines, struct evidence evidence,
			uint64_t kept, uint64_t total)
{
	struct result result = judge(lines, evidence);

	ck_assert_int_eq(result.outcome, OUTCOME_PART);
	ck_assert_uint_eq(result.kept, kept);
	ck_assert_uint_eq(result.total, total);
}

/* A part is accepted as the rest of a body only if the server proves it. */
START_TEST(parts_of_bodies)
{
	struct request rest = plain;
	char tag[] = "\"t\"";

	rest.from = 5;
	expect_ok(PART("5-9/10", "5"), SEEN(.request = &rest, .from = 5,
					    .received = 5), PROOF_LENGTH);
	/* Not asked for; wrong offset; not up to the end; total unknown; range
	 * and length differ; no Content-Range. */
	expect_cause(PART("5-9/10", "5"), SEEN(.received = 5), CAUSE_PROTOCOL);
	expect_cause(PART("4-9/10", "6"), SEEN(.request = &rest, .from = 5,
					       .received = 6), CAUSE_PROTOCOL);
	expect_cause(PART("5-9/99", "5"), SEEN(.request = &rest, .from = 5,
					       .received = 5), CAUSE_PROTOCOL);
	expect_cause(PART("5-9/*", "5"), SEEN(.request = &rest, .from = 5,
					      .received = 5), CAUSE_PROTOCOL);
	expect_cause(PART("5-9/10", "4"), SEEN(.request = &rest, .from = 5,
					       .received = 4), CAUSE_PROTOCOL);
	expect_cause("HTTP/1.1 206 x\nContent-Length: 5\n\n",
		     SEEN(.request = &rest, .from = 5, .received = 5),
		     CAUSE_PROTOCOL);
	/* What is between two bytes is a part; one that ends the body is the
	 * rest of it, unless others write to the same file. */
	rest.to = 8;
	rest.validator = tag;
	expect_part(TAGGED("5-7/10", "3"), SEEN(.request = &rest, .from = 5,
					      .received = 3), 8, 10);
	expect_cause(TAGGED("5-8/10", "4"), SEEN(.request = &rest, .from = 5,
					       .received = 4), CAUSE_PROTOCOL);
	expect_ok(TAGGED("5-6/7", "2"), SEEN(.request = &rest, .from = 5,
					   .received = 2), PROOF_LENGTH);
	rest.shared = true;
	expect_part(TAGGED("5-6/7", "2"), SEEN(.request = &rest, .from = 5,
					     .received = 2), 7, 7);
	expect_cause(LENGTH_5, SEEN(.request = &rest, .received = 5),
		     CAUSE_PROTOCOL);
	/* A part that nothing identifies can't be joined with others. */
	rest = plain;
	rest.to = 8;
	expect_cause("HTTP/1.1 206 x\nContent-Range: bytes 0-7/10\n\n",
		     SEEN(.request = &rest, .received = 8), CAUSE_PROTOCOL);
	/* The server sends the whole body instead. */
	expect_ok(LENGTH_5, SEEN(.request = &rest, .received = 5),
		  PROOF_LENGTH);
}
END_TEST

START_TEST(what_is_expected_of_a_body)
{
	struct request_terms terms = { .expected.size = 5 };
	struct request request = { .url = plain.url, .terms = &terms };

	expect_ok(LENGTH_5, SEEN(.request = &request, .received = 5, .stored = 5),
		  PROOF_LENGTH);
	expect_cause(LENGTH_5, SEEN(.request = &request, .received = 5, .stored = 5,
				    .mismatch = "sha256"), CAUSE_MISMATCH);
	terms.expected.size = 6;
	expect_cause(LENGTH_5, SEEN(.request = &request, .received = 5, .stored = 5),
		     CAUSE_MISMATCH);
	/* A response to HEAD announces a body but does not contain it. */
	terms.expected.size = -1;
	terms.method = (char *)"HEAD";
	expect_ok(LENGTH_5, SEEN(.request = &request), PROOF_NO_BODY);
}
END_TEST

UNIT_MAIN(a_plain_head, an_interim_response_is_not_the_final_one,
	  trailers_change_nothing, lengths, framing_faults, retry_after,
	  locations, ok_only_with_proof, what_libcurl_calls_ok_and_is_not,
	  errors_of_the_server, redirects, codes_of_libcurl, our_own_limits,
	  our_own_troubles, ranges, parts_of_bodies,
	  what_is_expected_of_a_body, removing_bytes_never_makes_a_failure_ok)
