/*
 * One transfer; see transfer.h.
 *
 * A libcurl option is set in one of two places: in configure(), once for the
 * life of a handle, if it is the same for all jobs, or in apply(), which turns
 * a request into options.  Where a default is spelled out, or an odd value
 * chosen, the comment says what goes wrong without it.
 */
#include "config.h"

#include "transfer/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/fatal.h"
#include "base/host.h"
#include "base/limits.h"
#include "base/memory.h"
#include "transfer/head.h"
#include "transfer/phases.h"
#include "transfer/verdict.h"

enum {
	USEFUL_RATE = 100,           /* bytes/s; 1 would let a drip pass */
	UNWANTED_MAX = 64 * 1024,    /* of an error's or redirect's body */
	RECEIVE_MAX = 512 * 1024,    /* CURLOPT_BUFFERSIZE's own limit */
	RECEIVE_MIN = 16 * 1024,
	RECEIVE_ALL = 16 << 20,      /* of all together, up to 1,024 jobs */
	DNS_CACHE_S = 60,
	CONNECTION_LIFE_S = 300,
};

struct transfer {
	const struct transfer_common *common;
	const struct transfer_sockets *sockets; /* or NULL */
	CURL *easy;
	struct job *job;         /* under way, or NULL */
	struct sink sink;
	struct head head;
	struct curl_slist *lines; /* header lines of the request, or NULL */
	bool special;            /* options of apply() are set that a plain
				  * request does not need */
	struct digest *digest;   /* of the body, or NULL: not asked for */
	struct digest *checks[DIGEST_KINDS]; /* for those expected; or NULL */
	enum breakage breakage;
	int file_error, socket_error;
	const char *mismatch;    /* a digest that is not as expected; or NULL */
	char message[CURL_ERROR_SIZE];
};

const char *transfer_global_init(void)
{
	const curl_version_info_data *info;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return "libcurl could not start";
	info = curl_version_info(CURLVERSION_NOW);
	if (info->version_num < 0x075500)
		return "libcurl 7.85 or newer is needed";
	if ((info->features & CURL_VERSION_SSL) == 0)
		return "libcurl has no TLS";
	return NULL;
}

/* Returns 0 and notes why to make libcurl break the transfer off. */
static size_t break_off(struct transfer *transfer, enum breakage why)
{
	if (transfer->breakage == BREAKAGE_NONE)
		transfer->breakage = why;
	return 0;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	struct head *head = &transfer->head;
	size_t length = size * count;

	head_line(head, line, length);
	if (head->bytes > transfer->common->settings->max_header)
		return break_off(transfer, BREAKAGE_HEADER_LIMIT);
	if (head->complete && head->fault != NULL)
		return break_off(transfer, BREAKAGE_FRAMING);
	return length;
}

/* Begins all digests that are wanted of the job's body. */
static void begin_digests(struct transfer *transfer)
{
	const struct request_expected *expected =
		&transfer->job->request->terms->expected;

	if (transfer->digest != NULL)
		digest_begin(transfer->digest);
	for (size_t i = 0; i < expected->digest_count; i++) {
		enum digest_kind kind = expected->digests[i].kind;

		if (transfer->checks[kind] == NULL)
			transfer->checks[kind] = digest_new(kind);
		digest_begin(transfer->checks[kind]);
	}
}

static void digest_body(void *context, const char *bytes, size_t length)
{
	struct transfer *transfer = context;
	const struct request_expected *expected =
		&transfer->job->request->terms->expected;

	if (transfer->digest != NULL)
		digest_add(transfer->digest, bytes, length);
	for (size_t i = 0; i < expected->digest_count; i++)
		digest_add(transfer->checks[expected->digests[i].kind], bytes,
			   length);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	const struct request *request = transfer->job->request;
	uint64_t largest = request->terms->expected.largest;
	size_t length = size * count;
	uint64_t total;

	/* The whole body, where the rest of it was asked for. */
	if (transfer->sink.from > 0 && transfer->head.status != 206) {
		sink_restart(&transfer->sink);
		begin_digests(transfer);
	}
	total = transfer->sink.bytes + length;

	if (!verdict_wants_body(transfer->head.status)) {
		transfer->sink.bytes = total;
		return total > UNWANTED_MAX
			       ? break_off(transfer, BREAKAGE_UNWANTED)
			       : length;
	}
	if (largest != 0 && transfer->sink.from + total > largest)
		return break_off(transfer, BREAKAGE_SIZE_LIMIT);
	digest_body(transfer, bytes, length);
	transfer->file_error = sink_write(&transfer->sink, bytes, length);
	if (transfer->file_error != 0)
		return break_off(transfer, BREAKAGE_FILE);
	return length;
}

/* CURLOPT_OPENSOCKETDATA(3) is the transfer.  Making the socket ourselves
 * keeps the errno, which libcurl loses, and closes it on exec. */
static curl_socket_t open_socket(void *context, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	struct transfer *transfer = context;
	int type = address->socktype;
	int fd;

	(void)purpose;
#ifdef SOCK_CLOEXEC
	type |= SOCK_CLOEXEC;
#endif
	fd = socket(address->family, type, address->protocol);
	if (fd < 0) {
		/* A family that is missing here is no shortage: libcurl goes
		 * on to the host's next address. */
		if (limits_is_shortage(errno))
			transfer->socket_error = errno;
		return CURL_SOCKET_BAD;
	}
#ifndef SOCK_CLOEXEC
	fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
	return fd;
}

/* CURLOPT_CLOSESOCKETDATA(3) is a struct transfer_sockets, or NULL. */
static int close_socket(void *context, curl_socket_t fd)
{
	const struct transfer_sockets *sockets = context;

	if (sockets != NULL)
		sockets->closing(sockets->context, fd);
	return close(fd);
}

/* CURLOPT_SOCKOPTDATA(3) is the transfer, which has SOCKETS. */
static int socket_opened(void *context, curl_socket_t fd, curlsocktype purpose)
{
	struct transfer *transfer = context;

	(void)purpose;
	transfer->sockets->opened(transfer->sockets->context, transfer->job,
				  fd);
	return CURL_SOCKOPT_OK;
}

/* CURLOPT_PREREQDATA(3) is the transfer, which has SOCKETS. */
static int connection_ready(void *context, char *remote, char *local,
			    int remote_port, int local_port)
{
	struct transfer *transfer = context;

	(void)remote, (void)local, (void)remote_port, (void)local_port;
	transfer->sockets->answered(transfer->sockets->context, transfer->job);
	return CURL_PREREQFUNC_OK;
}

/* Whether requests to HOST go to an address that we were told. */
static bool is_mapped(const struct curl_slist *connect_to, struct host host)
{
	return connect_to != NULL &&
	       strncmp(connect_to->data, host.name, host.length) == 0 &&
	       connect_to->data[host.length] == ':';
}

/* CURLOPT_RESOLVER_START_DATA(3) is the transfer.  Addresses come here too
 * and are not counted: nobody is asked about them. */
static int count_lookup(void *resolver, void *unused, void *context)
{
	struct transfer *transfer = context;
	struct host host = host_of(transfer->job->request->url);

	(void)resolver, (void)unused;
	if (!host_is_address(host) &&
	    !is_mapped(transfer->common->connect_to, host))
		transfer->job->result.lookups++;
	return 0;
}

#define SET(option, value) \
	must(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

/* Large reads save half the time of a large body; only as much of a buffer
 * as a response fills is ever touched. */
static long receive_buffer(const struct settings *settings)
{
	uint64_t share = RECEIVE_ALL / settings->jobs;

	if (share > RECEIVE_MAX)
		return RECEIVE_MAX;
	return share < RECEIVE_MIN ? RECEIVE_MIN : (long)share;
}

static void configure_limits(CURL *easy, const struct settings *settings)
{
	/* 0 means libcurl's own default here, which is 300 s: never ask it. */
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
	if (settings->stall_timeout_ms > 0) {
		uint64_t up = settings->stall_timeout_ms + 999;

		SET(CURLOPT_LOW_SPEED_LIMIT, (long)USEFUL_RATE);
		SET(CURLOPT_LOW_SPEED_TIME, (long)(up / 1000));
	}
	SET(CURLOPT_TIMEOUT_MS, (long)settings->max_time_ms);
	SET(CURLOPT_BUFFERSIZE, receive_buffer(settings));
	SET(CURLOPT_DNS_CACHE_TIMEOUT, (long)DNS_CACHE_S);
	SET(CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S);
}

static void configure_safety(CURL *easy, const struct settings *settings)
{
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_PROXY, "");         /* no proxy by the environment */
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_HTTP_VERSION, settings->http2
	    ? (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
	if (settings->ca_certificate != NULL)
		SET(CURLOPT_CAINFO, settings->ca_certificate);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Else removing a handle waits for its name look-up to end.  A
	 * libcurl older than its header does not know it: no matter. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static void configure(struct transfer *transfer)
{
	const struct transfer_sockets *sockets = transfer->sockets;
	CURL *easy = transfer->easy;

	configure_limits(easy, transfer->common->settings);
	configure_safety(easy, transfer->common->settings);
	SET(CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	SET(CURLOPT_ERRORBUFFER, transfer->message);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, transfer);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, transfer);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_RESOLVER_START_FUNCTION, count_lookup);
	SET(CURLOPT_RESOLVER_START_DATA, transfer);
	if (transfer->common->connect_to != NULL)
		SET(CURLOPT_CONNECT_TO, transfer->common->connect_to);
	SET(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	SET(CURLOPT_CLOSESOCKETDATA, (void *)sockets);
	if (sockets != NULL) {
		SET(CURLOPT_SOCKOPTFUNCTION, socket_opened);
		SET(CURLOPT_SOCKOPTDATA, transfer);
		SET(CURLOPT_PREREQFUNCTION, connection_ready);
		SET(CURLOPT_PREREQDATA, transfer);
	}
}

struct transfer *transfer_new(const struct transfer_common *common,
			      const struct transfer_sockets *sockets)
{
	CURL *easy = curl_easy_init();
	struct transfer *transfer;

	if (easy == NULL)
		return NULL;
	transfer = memory_zeroed(sizeof(*transfer));
	transfer->common = common;
	transfer->sockets = sockets;
	transfer->easy = easy;
	sink_init(&transfer->sink, &common->place);
	head_init(&transfer->head);
	if (common->settings->digest)
		transfer->digest = digest_new(DIGEST_SHA256);
	configure(transfer);
	return transfer;
}

void transfer_free(struct transfer *transfer)
{
	must(transfer->job == NULL);
	curl_easy_cleanup(transfer->easy);
	sink_release(&transfer->sink);
	head_release(&transfer->head);
	digest_free(transfer->digest);
	for (int kind = 0; kind < DIGEST_KINDS; kind++)
		digest_free(transfer->checks[kind]);
	curl_slist_free_all(transfer->lines);
	free(transfer);
}

CURL *transfer_easy(struct transfer *transfer)
{
	return transfer->easy;
}

/* ---- a request as libcurl's options ---- */

static void add_line(struct transfer *transfer, const char *line)
{
	struct curl_slist *list = curl_slist_append(transfer->lines, line);

	if (list == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	transfer->lines = list;
}

/* libcurl's own resuming takes a range that is not the one asked for; the
 * verdict does not, so the lines are ours. */
static void add_range(struct transfer *transfer, const struct request *request)
{
	char line[64];
	char *condition;

	if (request->from == 0)
		return;
	snprintf(line, sizeof(line), "Range: bytes=%" PRIu64 "-",
		 request->from);
	add_line(transfer, line);
	if (request->validator == NULL)
		return;
	condition = memory_format("If-Range: %s", request->validator);
	add_line(transfer, condition);
	free(condition);
}

static void apply_headers(struct transfer *transfer,
			  const struct request *request, bool in_scope)
{
	const struct request_terms *terms = request->terms;

	curl_slist_free_all(transfer->lines);
	transfer->lines = NULL;
	for (size_t i = 0; in_scope && i < terms->header_count; i++)
		add_line(transfer, terms->headers[i]);
	add_range(transfer, request);
	/* Without this libcurl waits a second for a server's consent to send
	 * a large content. */
	if (terms->content != NULL)
		add_line(transfer, "Expect:");
}

static void apply_method(CURL *easy, const struct request *request,
			 bool in_scope)
{
	const struct request_terms *terms = request->terms;
	bool sends = terms->content != NULL && in_scope;
	const char *method = terms->content != NULL && !sends
				     ? "GET" : request_method(request);

	SET(CURLOPT_HTTPGET, 1L);       /* forgets what was before */
	SET(CURLOPT_NOBODY, (long)(strcmp(method, "HEAD") == 0));
	if (sends) {
		SET(CURLOPT_POST, 1L);
		SET(CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)terms->content_length);
		SET(CURLOPT_POSTFIELDS, terms->content);
	}
	if (strcmp(method, "GET") != 0 || sends)
		SET(CURLOPT_CUSTOMREQUEST, method);
	else
		SET(CURLOPT_CUSTOMREQUEST, NULL);
}

static bool is_plain(const struct request *request)
{
	const struct request_terms *terms = request->terms;

	return terms->method == NULL && terms->header_count == 0 &&
	       terms->content == NULL && terms->login == NULL &&
	       request->from == 0;
}

static void set_text(CURL *easy, CURLoption option, const char *text)
{
	if (curl_easy_setopt(easy, option, text) != CURLE_OK)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
}

/* Makes the handle ask for what REQUEST says.  A plain one after another needs
 * its URL only. */
static void apply(struct transfer *transfer, const struct request *request)
{
	bool in_scope = request_in_scope(request);
	CURL *easy = transfer->easy;

	set_text(easy, CURLOPT_URL, request->url);
	if (is_plain(request) && !transfer->special)
		return;
	transfer->special = !is_plain(request);
	apply_headers(transfer, request, in_scope);
	SET(CURLOPT_HTTPHEADER, transfer->lines);
	apply_method(easy, request, in_scope);
	set_text(easy, CURLOPT_USERPWD,
		 in_scope ? request->terms->login : NULL);
}

/* Whether what an earlier try left must be read again, for a digest. */
static bool needs_kept(const struct transfer *transfer)
{
	const struct request *request = transfer->job->request;

	return request->from > 0 &&
	       (transfer->digest != NULL ||
		request->terms->expected.digest_count > 0);
}

void transfer_begin(struct transfer *transfer, struct job *job)
{
	const struct request *request = job->request;

	must(transfer->job == NULL);
	transfer->job = job;
	job->fetches++;
	job->result.moments.begun_us = clock_now_us();
	head_release(&transfer->head);
	head_init(&transfer->head);
	sink_begin(&transfer->sink, request->terms->sink, job->number,
		   request->from);
	transfer->breakage = BREAKAGE_NONE;
	transfer->socket_error = 0;
	transfer->message[0] = '\0';
	begin_digests(transfer);
	transfer->file_error = needs_kept(transfer)
		? sink_read_kept(&transfer->sink, digest_body, transfer) : 0;
	apply(transfer, request);
}

/* The name of the first digest that the body should have and has not, or
 * NULL. */
static const char *find_mismatch(struct transfer *transfer)
{
	const struct request_expected *expected =
		&transfer->job->request->terms->expected;
	const char *mismatch = NULL;

	for (size_t i = 0; i < expected->digest_count; i++) {
		const struct request_digest *wanted = &expected->digests[i];
		uint8_t value[DIGEST_MAX_BYTES];

		digest_end(transfer->checks[wanted->kind], value);
		if (mismatch == NULL && memcmp(value, wanted->value,
					       digest_length(wanted->kind)))
			mismatch = digest_name(wanted->kind);
	}
	return mismatch;
}

static void judge(struct transfer *transfer, const struct request *request,
		  CURLcode code, struct result *result)
{
	struct evidence evidence = {
		.request = request,
		.code = code,
		.breakage = transfer->breakage,
		.file_error = transfer->file_error,
		.socket_error = transfer->socket_error,
		.connected = result->phases.connect_us > 0,
		.head = &transfer->head,
		.received = transfer->sink.bytes,
		.from = transfer->sink.from,
		.mismatch = transfer->mismatch,
		.message = transfer->message,
	};

	if (code == CURLE_COULDNT_RESOLVE_HOST ||
	    code == CURLE_COULDNT_CONNECT)
		evidence.starved = limits_descriptors_exhausted();
	verdict_judge(&evidence, result);
}

/* Keeps the body or lets it go, as the verdict says; a disk that fails now
 * turns a good verdict into a failure. */
static void settle_body(struct transfer *transfer, struct job *job)
{
	struct result *result = &job->result;

	if (result->outcome != OUTCOME_OK &&
	    result->outcome != OUTCOME_UNVERIFIED) {
		sink_drop(&transfer->sink);
		return;
	}
	transfer->file_error = sink_finish(&transfer->sink, &job->body);
	if (transfer->file_error != 0)
		judge(transfer, job->request, CURLE_WRITE_ERROR, result);
}

struct job *transfer_end(struct transfer *transfer, CURLcode code)
{
	struct job *job = transfer->job;
	struct result *result = &job->result;
	struct head *head = &transfer->head;

	must(job != NULL);
	transfer->mismatch = find_mismatch(transfer);
	transfer->job = NULL;
	phases_measure(transfer->easy, result);
	result->http_status = head->complete ? head->status : 0;
	result->http_version = head->complete ? head->version : 0;
	result->retry_after_s = head->retry_after_s;
	result->bytes = verdict_wants_body(head->status)
				? transfer->sink.bytes : 0;
	judge(transfer, job->request, code, result);
	if (transfer->digest != NULL)
		digest_end(transfer->digest, result->digest);
	if (result->outcome == OUTCOME_REDIRECT) {
		job->location = head->location;
		head->location = NULL;
	}
	settle_body(transfer, job);
	return job;
}

struct job *transfer_abort(struct transfer *transfer)
{
	struct job *job = transfer->job;

	must(job != NULL);
	transfer->job = NULL;
	job->result.moments.ended_us = clock_now_us();
	sink_drop(&transfer->sink);
	result_fail(&job->result, CAUSE_ABORTED, "interrupted");
	return job;
}
