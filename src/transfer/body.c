/*
 * The body of a response on its way to the sink: it waits for its turn, is
 * decoded, held against the limits, digested and stored.
 */
#include "config.h"

#include <string.h>

#include "base/clock.h"
#include "transfer/partial.h"
#include "transfer/transfer-internal.h"

enum {
	UNWANTED_MAX = 64 * 1024, /* of error and redirect bodies */
	SPACE_EVERY = 1024 * 1024, /* bytes from one look at the disk to the
				    * next */
};

void body_begin_digests(struct transfer *transfer)
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

void body_digest(void *context, const char *bytes, size_t length)
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

void body_restart_if_whole(struct transfer *transfer)
{
	const struct head *head = &transfer->head;

	if (transfer->sink.from == 0 || head->status == 206 ||
	    transfer->job->request->shared || !head_wants_body(head))
		return;
	sink_restart(&transfer->sink);
	body_begin_digests(transfer);
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

void body_begin_transcript(struct transfer *transfer)
{
	const struct transcript *transcript = transfer->transcript;
	struct sink *sink = &transfer->sink;

	if (sink->kind != SINK_SPOOL || sink->head_length > 0)
		return;
	transfer->file_error = sink_begin_transcript(
		sink, transcript->request.bytes, transcript->request.length,
		transcript->response.bytes, transcript->response.length);
}

/* Stores bytes of the body.  Returns false if the transfer was broken off. */
static bool store(void *context, const char *bytes, size_t length)
{
	struct transfer *transfer = context;
	const struct request *request = transfer->job->request;
	uint64_t largest = request->terms->expected.largest;
	struct sink *sink = &transfer->sink;

	if (largest != 0 && sink->from + sink->bytes + length > largest)
		return transfer_break_off(transfer, BREAKAGE_SIZE_LIMIT);
	if (transfer->common->budget != NULL &&
	    !can_afford(transfer, length)) {
		transfer->fault = budget_text(
			budget_lack(transfer->common->budget));
		return transfer_break_off(transfer, BREAKAGE_BUDGET);
	}
	if (transfer->file_error != 0)
		return transfer_break_off(transfer, BREAKAGE_FILE);
	sink->wanted = wanted_room(transfer);
	if (!request->shared)
		body_digest(transfer, bytes, length);
	if (transfer->transcript != NULL)
		body_begin_transcript(transfer);
	if (transfer->file_error == 0)
		transfer->file_error = sink_write(sink, bytes, length);
	if (transfer->file_error != 0)
		return transfer_break_off(transfer, BREAKAGE_FILE);
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
	return transfer_break_off(transfer, BREAKAGE_CODING);
}

/* Stores bytes of the body as they are once they are decoded.  Returns false if
 * the transfer was broken off. */
static bool decode_body(struct transfer *transfer, const char *bytes,
			size_t length)
{
	const char *fault;

	if (transfer->decode == NULL)
		return store(transfer, bytes, length);
	fault = decode_add(transfer->decode, bytes, length, store, transfer);
	if (fault != NULL) {
		transfer->fault = fault;
		transfer_break_off(transfer, BREAKAGE_CODING);
	}
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
	body_restart_if_whole(transfer);
	transfer->received += length;
	meter_set_bytes(transfer->common->meter, transfer->job->place,
			transfer->sink.from + transfer->received);
	if (request->shared && transfer->head.status != 206 &&
	    head_wants_body(&transfer->head))
		return transfer_break_off(transfer, BREAKAGE_UNWANTED);
	if (!head_wants_body(&transfer->head)) {
		transfer->sink.bytes += length;
		return transfer->received > UNWANTED_MAX
			       ? transfer_break_off(transfer, BREAKAGE_UNWANTED)
			       : length;
	}
	if (request->to > 0 && transfer->head.status == 206 &&
	    transfer->sink.from + transfer->received > request->to)
		return transfer_break_off(transfer, BREAKAGE_EXCESS);
	if (transfer->received == length && !begin_decoding(transfer))
		return 0;
	return decode_body(transfer, bytes, length) ? length : 0;
}

const char *body_find_mismatch(struct transfer *transfer)
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

