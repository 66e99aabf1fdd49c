/*
 * The verdict: from what was seen of a transfer to what became of it.
 *
 * libcurl's CURLE_OK is one piece of the evidence, not the proof: it also
 * comes for a header that was cut, a body that was cut where nothing told
 * its length, and framing that contradicts itself.  Pure.
 */
#ifndef PFETCH_TRANSFER_VERDICT_H
#define PFETCH_TRANSFER_VERDICT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/request.h"
#include "base/result.h"
#include "transfer/head.h"

/* Why the callbacks themselves broke a transfer off, if they did. */
enum breakage {
	BREAKAGE_NONE,
	BREAKAGE_HEADER_LIMIT, /* more header bytes than allowed */
	BREAKAGE_SIZE_LIMIT,   /* more body bytes than the user allows */
	BREAKAGE_UNWANTED,     /* of an error or a redirect: enough read */
	BREAKAGE_FILE,         /* the sink failed; FILE_ERROR says how */
	BREAKAGE_FRAMING,      /* the head was faulty: no use to read on */
};

struct evidence {
	const struct request *request; /* what was asked and expected */
	CURLcode code;
	enum breakage breakage;
	int file_error;        /* errno of the sink, or 0 */
	int socket_error;      /* errno of socket(2), or 0 */
	bool starved;          /* no descriptor could be had at the end */
	bool connected;        /* a connection was there to send on */
	const struct head *head;
	uint64_t received;     /* body bytes given to the sink */
	uint64_t from;         /* bytes before those, of an earlier try */
	const char *mismatch;  /* a digest that is not as expected; or NULL */
	const char *message;   /* libcurl's own words; may be empty */
};

/* Judges EVIDENCE and fills in RESULT's outcome, cause, proof, starved and
 * detail; leaves its other fields alone. */
void verdict_judge(const struct evidence *evidence, struct result *result);

/* Whether a response of STATUS is one whose body pfetch is after. */
bool verdict_wants_body(int status);

#endif
