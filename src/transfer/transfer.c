/*
 * One transfer; see transfer.h.
 *
 * A libcurl option is set in one of two places: in configure.c, once for the
 * life of a handle, if it is the same for all jobs, or in apply.c, which turns
 * a request into options.
 */
#include "config.h"

#include "transfer/transfer.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/fatal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "transfer/partial.h"
#include "transfer/phases.h"
#include "transfer/transfer-internal.h"

enum {
	UNWANTED_MAX = 64 * 1024, /* of error and redirect bodies */
	SPACE_EVERY = 1024 * 1024, /* bytes from one look at the disk to the
				    * next */
};

const char *transfer_global_init(void)
{
	const curl_version_info_data *info;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return "libcurl could not be initialized";
	info = curl_version_info(CURLVERSION_NOW);
	if (info->version_num < 0x075500)
		return "libcurl 7.85 or newer is needed";
	if ((info->features & CURL_VERSION_SSL) == 0)
		return "libcurl was built without TLS support";
	return NULL;
}

/* Records why and returns 0, which makes libcurl abort the transfer. */
static size_t break_off(struct transfer *transfer, enum breakage why)
{
	if (transfer->breakage == BREAKAGE_NONE)
		transfer->breakage = why;
	return 0;
}

size_t transfer_on_header(char *line, size_t size, size_t count,
			  void *context)
{
	struct transfer *transfer = context;
	struct head *head = &transfer->head;
	size_t length = size * count;

	head_line(head, line, length);
	/* What came before was refused, and the login is being negotiated. */
	if (head->open && head->responses > 0)
		transfer->sink.bytes = transfer->received = 0;
	if (head->bytes > transfer->common->settings->max_header)
		return break_off(transfer, BREAKAGE_HEADER_LIMIT);
	if (head->complete && head->fault != NULL)
		return break_off(transfer, BREAKAGE_FRAMING);
	return length;
}

/* Begins all digests that are wanted for the job's body. */
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

/* Whether no earlier expected digest is of the same kind as that at INDEX: they
 * share a context. */
static bool is_first_of_kind(const struct request_expected *expected,
			     size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (expected->digests[i].kind == expected->digests[index].kind)
			return false;
	}
	return true;
}

static void digest_body(void *context, const char *bytes, size_t length)
{
	struct transfer *transfer = context;
	const struct request_expected *expected =
		&transfer->job->request->terms->expected;

	if (transfer->digest != NULL)
		digest_add(transfer->digest, bytes, length);
	for (size_t i = 0; i < expected->digest_count; i++) {
		if (is_first_of_kind(expected, i))
			digest_add(transfer->checks[expected->digests[i].kind],
				   bytes, length);
	}
}

/* Starts again if the server sends the whole body though only the rest was
 * requested. */
static void restart_if_whole(struct transfer *transfer)
{
	const struct head *head = &transfer->head;

	if (transfer->sink.from == 0 || head->status == 206 ||
	    transfer->job->request->shared || !head_wants_body(head))
		return;
	sink_restart(&transfer->sink);
	begin_digests(transfer);
	transfer->file_error = 0;
}

/* Whether the bytes that have arrived must wait because of the rate limit:
 * libcurl then keeps them, and leaves further ones to the kernel. */
static bool must_wait(struct transfer *transfer)
{
	struct throttle *throttle = transfer->common->throttle;

	if (throttle == NULL)
		return false;
	/* The first bytes wait for what others have taken. */
	if (transfer->turn_us == 0)
		transfer->turn_us = throttle_turn(throttle);
	if (transfer->turn_us <= clock_now_us())
		return false;
	transfer->paused = true;
	if (transfer->sockets != NULL)
		transfer->sockets->paused(transfer->sockets->context);
	return true;
}

unsigned transfer_resume(struct transfer *transfer)
{
	uint64_t now_us;

	if (!transfer->paused)
		return 0;
	now_us = clock_now_us();
	if (transfer->turn_us > now_us)
		return (unsigned)((transfer->turn_us - now_us) / 1000) + 1;
	transfer->paused = false;
	curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
	return transfer->paused ? 1 : 0;
}

/* For --continue: once there is a file, notes what it is of, so that a later
 * run can go on from it even if this one is killed. */
static void note_partial(struct transfer *transfer)
{
	if (!transfer->common->settings->resume || transfer->noted ||
	    transfer->decode != NULL ||
	    !transfer->sink.named || transfer->job->request->shared)
		return;
	transfer->noted = true;
	partial_note(&transfer->sink, transfer->job->request,
		     &transfer->head);
}

/* For --preallocate: how large the file will be; 0: unknown. */
static uint64_t wanted_room(const struct transfer *transfer)
{
	const struct head *head = &transfer->head;

	if (!transfer->common->settings->preallocate ||
	    head->content_length <= 0 || transfer->decode != NULL)
		return 0;
	/* The first of several parts makes room for all. */
	return head->status == 206 && head->range.total > 0
		? (uint64_t)head->range.total
		: (uint64_t)head->content_length;
}

/* Whether the run still has bytes and disk space for LENGTH more bytes. */
static bool can_afford(struct transfer *transfer, size_t length)
{
	struct budget *budget = transfer->common->budget;
	uint64_t bytes = transfer->sink.bytes;
	bool looks = bytes == 0 || bytes >= transfer->checked + SPACE_EVERY;

	if (looks)
		transfer->checked = bytes;
	return budget_take(budget, length) &&
	       (!looks || budget_has_space(
			budget, transfer->sink.kind == SINK_SPOOL
				? transfer->sink.fd
				: transfer->common->place.directory_fd));
}

/* Stores bytes of the body.  Returns false if the transfer was broken off. */
static bool store(void *context, const char *bytes, size_t length)
{
	struct transfer *transfer = context;
	const struct request *request = transfer->job->request;
	uint64_t largest = request->terms->expected.largest;
	struct sink *sink = &transfer->sink;

	if (largest != 0 && sink->from + sink->bytes + length > largest)
		return break_off(transfer, BREAKAGE_SIZE_LIMIT);
	if (transfer->common->budget != NULL &&
	    !can_afford(transfer, length)) {
		transfer->fault = budget_text(
			budget_lack(transfer->common->budget));
		return break_off(transfer, BREAKAGE_BUDGET);
	}
	if (transfer->file_error != 0)
		return break_off(transfer, BREAKAGE_FILE);
	sink->wanted = wanted_room(transfer);
	if (!request->shared)
		digest_body(transfer, bytes, length);
	transfer->file_error = sink_write(sink, bytes, length);
	if (transfer->file_error != 0)
		return break_off(transfer, BREAKAGE_FILE);
	note_partial(transfer);
	return true;
}

/* Prepares for the coding of the body, if it is one that we have asked for.
 * Returns false if it is another one. */
static bool begin_decoding(struct transfer *transfer)
{
	const char *coding = transfer->head.coding;

	if (!transfer->applied.offered || coding == NULL)
		return true;
	transfer->decode = decode_new(coding);
	if (transfer->decode != NULL)
		return true;
	transfer->fault = "a content coding that was not asked for";
	return break_off(transfer, BREAKAGE_CODING);
}

/* Stores bytes of the body as they are once they are decoded.  Returns false if
 * the transfer was broken off. */
static bool decode_body(struct transfer *transfer, const char *bytes,
			size_t length)
{
	if (transfer->decode == NULL)
		return store(transfer, bytes, length);
	transfer->fault = decode_add(transfer->decode, bytes, length, store,
				     transfer);
	if (transfer->fault != NULL)
		break_off(transfer, BREAKAGE_CODING);
	return transfer->breakage == BREAKAGE_NONE;
}

size_t transfer_on_body(char *bytes, size_t size, size_t count, void *context)
{
	struct transfer *transfer = context;
	const struct request *request = transfer->job->request;
	size_t length = size * count;

	if (must_wait(transfer))
		return CURL_WRITEFUNC_PAUSE;
	if (transfer->common->throttle != NULL)
		transfer->turn_us = throttle_take(transfer->common->throttle,
						  length);
	restart_if_whole(transfer);
	transfer->received += length;
	if (request->shared && transfer->head.status == 200)
		return break_off(transfer, BREAKAGE_UNWANTED);
	if (!head_wants_body(&transfer->head)) {
		transfer->sink.bytes += length;
		return transfer->received > UNWANTED_MAX
			       ? break_off(transfer, BREAKAGE_UNWANTED)
			       : length;
	}
	if (request->to > 0 && transfer->head.status == 206 &&
	    transfer->sink.from + transfer->received > request->to)
		return break_off(transfer, BREAKAGE_EXCESS);
	if (transfer->received == length && !begin_decoding(transfer))
		return 0;
	return decode_body(transfer, bytes, length) ? length : 0;
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
	transfer->place.index = -1;
	if (sockets == NULL)
		transfer->recent = memory_zeroed(
			TRANSFER_RECENT * sizeof(*transfer->recent));
	sink_init(&transfer->sink, &common->place);
	head_init(&transfer->head);
	if (common->settings->digest != NULL)
		transfer->digest = digest_new(
			digest_find(common->settings->digest));
	transfer_configure(transfer);
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
	applied_release(&transfer->applied);
	free(transfer->recent);
	free(transfer);
}

CURL *transfer_easy(struct transfer *transfer)
{
	return transfer->easy;
}

/* Whether what an earlier try left must be read again for a digest. */
static bool needs_kept(const struct transfer *transfer)
{
	const struct request *request = transfer->job->request;

	return request->from > 0 && !request->shared &&
	       (transfer->digest != NULL ||
		request->terms->expected.digest_count > 0);
}

static void begin_head(struct transfer *transfer,
		       const struct request *request)
{
	const struct settings *settings = transfer->common->settings;
	struct head *head = &transfer->head;

	head_release(head);
	head_init(head);
	head->also = settings->accepts ? &settings->accepted : NULL;
	head->keeps_cookies = transfer->common->keeps_cookies;
	head->negotiates = (strcmp(settings->ask.auth, "basic") != 0 &&
			    apply_has_login(request)) ||
			   (strcmp(settings->net.proxy_auth, "basic") != 0 &&
			    transfer->common->proxied);
}

void transfer_begin(struct transfer *transfer, struct job *job)
{
	const struct request *request = job->request;

	must(transfer->job == NULL);
	transfer->job = job;
	job->fetches++;
	job->result.moments.begun_us = clock_now_us();
	begin_head(transfer, request);
	sink_begin(&transfer->sink, request->terms->sink, job->number,
		   request->from, request->shared);
	transfer->breakage = BREAKAGE_NONE;
	transfer->fault = NULL;
	transfer->denied = false;
	transfer->received = transfer->checked = 0;
	transfer->turn_us = 0;
	transfer->noted = false;
	transfer->paused = false;
	transfer->socket_error = 0;
	transfer->message[0] = '\0';
	begin_digests(transfer);
	transfer->file_error = needs_kept(transfer)
		? sink_read_kept(&transfer->sink, digest_body, transfer) : 0;
	transfer_watch_cache(transfer);
	apply(transfer->easy, &transfer->applied, request,
	      transfer->common->settings);
	transfer_choose_trust(transfer);
}

/* The name of the first expected digest that the body does not match, or
 * NULL. */
static const char *find_mismatch(struct transfer *transfer)
{
	const struct request_expected *expected =
		&transfer->job->request->terms->expected;
	uint8_t values[DIGEST_KINDS][DIGEST_MAX_BYTES];
	const char *mismatch = NULL;

	for (size_t i = 0; i < expected->digest_count; i++) {
		const struct request_digest *wanted = &expected->digests[i];
		uint8_t *value = values[wanted->kind];

		if (is_first_of_kind(expected, i))
			digest_end(transfer->checks[wanted->kind], value);
		if (mismatch == NULL && memcmp(value, wanted->value,
					       digest_length(wanted->kind)))
			mismatch = digest_name(wanted->kind);
	}
	return mismatch;
}

static int proxy_status(struct transfer *transfer)
{
	long status = 0;

	if (transfer->common->proxied)
		curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE,
				  &status);
	return (int)status;
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
		.received = transfer->received,
		.stored = transfer->sink.bytes,
		.cut = transfer->decode != NULL &&
		       !decode_is_whole(transfer->decode),
		.fault = transfer->fault,
		.proxy_status = proxy_status(transfer),
		.from = transfer->sink.from,
		.mismatch = transfer->mismatch,
		.message = transfer->message,
	};

	if (transfer->denied && (code == CURLE_COULDNT_CONNECT ||
				 code == CURLE_ABORTED_BY_CALLBACK))
		evidence.breakage = BREAKAGE_PRIVATE;
	if (code == CURLE_COULDNT_RESOLVE_HOST ||
	    code == CURLE_COULDNT_CONNECT)
		evidence.starved = limits_descriptors_exhausted();
	verdict_judge(&evidence, result);
}

static bool is_good(const struct result *result)
{
	return result->outcome == OUTCOME_OK ||
	       result->outcome == OUTCOME_UNVERIFIED;
}

/* Keeps or discards the body, as the verdict says.  A disk error at this point
 * turns a good verdict into a failure. */
static void settle_body(struct transfer *transfer, struct job *job)
{
	struct result *result = &job->result;

	if (result->outcome == OUTCOME_PART) {
		transfer->file_error = sink_finish_part(&transfer->sink);
		if (transfer->file_error != 0)
			judge(transfer, job->request, CURLE_WRITE_ERROR,
			      result);
		return;
	}
	if (transfer->decode != NULL && !is_good(result)) {
		sink_drop(&transfer->sink);
		return;
	}
	if (!is_good(result)) {
		partial_settle(&transfer->sink, &transfer->head, job->request,
			       result);
		return;
	}
	transfer->file_error = sink_finish(&transfer->sink, &job->body);
	if (transfer->file_error != 0)
		judge(transfer, job->request, CURLE_WRITE_ERROR, result);
}

/* Whether the address that the request was sent to is public.  Through a proxy,
 * it isn't known. */
static bool is_public(struct transfer *transfer)
{
	char *address = NULL;

	if (transfer->common->proxied || transfer->head.location == NULL ||
	    curl_easy_getinfo(transfer->easy, CURLINFO_PRIMARY_IP,
			      &address) != CURLE_OK || address == NULL)
		return false;
	return address_text_is_public(address);
}

/* A server could put what looks like another response into the trailers of the
 * first one. */
static void check_negotiation(struct transfer *transfer)
{
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != transfer->head.status)
		transfer->head.fault = "a response inside another one";
}

/* What is over once the transfer has been judged. */
static void end_decoding(struct transfer *transfer)
{
	decode_free(transfer->decode);
	transfer->decode = NULL;
}

struct job *transfer_end(struct transfer *transfer, CURLcode code)
{
	struct job *job = transfer->job;
	struct result *result = &job->result;
	struct head *head = &transfer->head;

	must(job != NULL);
	transfer_leave_gate(transfer, false);
	if (code == CURLE_OK)
		restart_if_whole(transfer); /* no bytes came, if it is empty */
	transfer->mismatch = find_mismatch(transfer);
	transfer->job = NULL;
	phases_measure(transfer->easy, result);
	result->http_status = head->complete ? head->status : 0;
	result->http_version = head->complete ? head->version : 0;
	result->retry_after_s = head->retry_after_s;
	result->modified_s = head->modified_s;
	result->public = is_public(transfer);
	result->insecure = transfer->applied.insecure;
	if (head->responses > 1)
		check_negotiation(transfer);
	result->bytes = head_wants_body(head)
				? transfer->sink.from + transfer->sink.bytes
				: 0;
	judge(transfer, job->request, code, result);
	if (transfer->digest != NULL)
		digest_end(transfer->digest, result->digest);
	if (result->outcome == OUTCOME_REDIRECT) {
		job->location = head->location;
		head->location = NULL;
	} else if (is_good(result)) {
		job->location = head->file_name;
		head->file_name = NULL;
		memcpy(result->validator, head->tag, sizeof(head->tag));
	}
	job->cookies = head->cookies;
	head->cookies = NULL;
	settle_body(transfer, job);
	end_decoding(transfer);
	return job;
}

struct job *transfer_abort(struct transfer *transfer)
{
	struct job *job = transfer->job;

	must(job != NULL);
	transfer_leave_gate(transfer, false);
	transfer->job = NULL;
	job->result.moments.ended_us = clock_now_us();
	result_fail(&job->result, CAUSE_ABORTED, "interrupted");
	if (transfer->decode != NULL)
		sink_drop(&transfer->sink);
	end_decoding(transfer);
	partial_settle(&transfer->sink, &transfer->head, job->request,
		       &job->result);
	return job;
}
