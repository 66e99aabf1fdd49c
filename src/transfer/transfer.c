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
#include "base/host.h"
#include "base/limits.h"
#include "base/memory.h"
#include "transfer/facts.h"
#include "transfer/partial.h"
#include "transfer/phases.h"
#include "transfer/transfer-internal.h"

/* A nonce that has become stale makes for one more response than usual, and a
 * proxy for two more. */
enum { LOGIN_ROUNDS = 6 };

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

size_t transfer_break_off(struct transfer *transfer, enum breakage why)
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

	if (head->bytes == 0)
		meter_set_phase(transfer->common->meter,
				transfer->job->place, METER_RECEIVING);
	if (transfer->transcript != NULL && (!head->complete ||
					     head->negotiates))
		transcript_line(transfer->transcript, line, length);
	head_line(head, line, length);
	/* What came before was refused, and the login is being negotiated. */
	if (head->open && head->responses > 0)
		transfer->sink.bytes = transfer->received = 0;
	if (head->bytes > transfer->common->settings->max_header)
		return transfer_break_off(transfer, BREAKAGE_HEADER_LIMIT);
	if (head->complete && head->responses > LOGIN_ROUNDS)
		return transfer_break_off(transfer, BREAKAGE_LOGIN);
	if (head->complete && head->fault != NULL)
		return transfer_break_off(transfer, BREAKAGE_FRAMING);
	return length;
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
	if (settings_bodies(common->settings) == BODIES_WARC)
		transfer->transcript = memory_zeroed(
			sizeof(*transfer->transcript));
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
	if (transfer->transcript != NULL)
		transcript_release(transfer->transcript);
	free(transfer->transcript);
	free(transfer->recent);
	free(transfer->login_url);
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

/* libcurl keeps what one server has said about logins, such as its nonce, and
 * would send it to the next: starts afresh for another origin.  What the owner
 * has set but for CURLOPT_PRIVATE(3) is lost. */
static void renew_for_login(struct transfer *transfer,
			    const struct request *request)
{
	const struct settings *settings = transfer->common->settings;
	CURL *easy = transfer->easy;
	char *private = NULL;

	if (strcmp(settings->ask.auth, "basic") == 0 ||
	    !apply_has_login(request))
		return;
	if (transfer->login_url != NULL &&
	    !host_same_origin(transfer->login_url, request->url)) {
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
		curl_easy_reset(easy);
		curl_easy_setopt(easy, CURLOPT_PRIVATE, private);
		applied_release(&transfer->applied);
		memset(&transfer->applied, 0, sizeof(transfer->applied));
		transfer->dns_timeout = 0;
		transfer_configure(transfer);
	}
	free(transfer->login_url);
	transfer->login_url = memory_string(request->url);
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
	renew_for_login(transfer, request);
	transfer->job = job;
	meter_set_phase(transfer->common->meter, job->place,
			METER_CONNECTING);
	job->fetches++;
	job->result.moments.begun_us = clock_now_us();
	begin_head(transfer, request);
	if (transfer->transcript != NULL)
		transcript_begin(transfer->transcript);
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
	body_begin_digests(transfer);
	transfer->file_error = needs_kept(transfer)
		? sink_read_kept(&transfer->sink, body_digest, transfer) : 0;
	transfer_watch_cache(transfer);
	apply(transfer->easy, &transfer->applied, request,
	      transfer->common->settings);
	transfer_choose_trust(transfer);
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
		enum cause cause = result->cause;

		/* What the run's budget broke off was good so far. */
		if (transfer->breakage == BREAKAGE_BUDGET)
			result->cause = CAUSE_ABORTED;
		partial_settle(&transfer->sink, &transfer->head, job->request,
			       result);
		result->cause = cause;
		return;
	}
	if (transfer->transcript != NULL)
		body_begin_transcript(transfer);
	if (transfer->file_error == 0)
		transfer->file_error = sink_finish(&transfer->sink,
						   &job->body);
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
		body_restart_if_whole(transfer); /* for an empty one */
	transfer->mismatch = body_find_mismatch(transfer);
	transfer->job = NULL;
	phases_measure(transfer->easy, result);
	result->http_status = head->complete ? head->status : 0;
	result->http_version = head->complete ? head->version : 0;
	result->retry_after_s = head->retry_after_s;
	result->modified_s = transfer->common->settings->timestamps ||
			     transfer->common->settings->out.tar != NULL
		? head_modified_s(head) : -1;
	if (settings_keeps_facts(transfer->common->settings))
		facts_gather(transfer->easy, head, &result->facts);
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
