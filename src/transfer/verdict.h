/*
 * The verdict: turns the evidence about a transfer into its result.
 *
 * libcurl's CURLE_OK is one piece of evidence, not proof: it is also returned
 * for a truncated header, for a truncated body of unknown length, and for
 * framing that contradicts itself.  Pure.
 */
#ifndef PFETCH_TRANSFER_VERDICT_H
#define PFETCH_TRANSFER_VERDICT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/request.h"
#include "base/result.h"
#include "transfer/head.h"

/* Why the callbacks themselves aborted a transfer, if they did. */
enum breakage {
	BREAKAGE_NONE,
	BREAKAGE_HEADER_LIMIT, /* more header bytes than allowed */
	BREAKAGE_SIZE_LIMIT,   /* more body bytes than the user allows */
	BREAKAGE_UNWANTED,     /* enough read of an error or a redirect */
	BREAKAGE_FILE,         /* the sink failed; FILE_ERROR says how */
	BREAKAGE_FRAMING,      /* the header was faulty */
	BREAKAGE_EXCESS,       /* more bytes than the part has */
	BREAKAGE_CODING,       /* the content coding; FAULT says how */
	BREAKAGE_BUDGET,       /* a limit of the run; FAULT says which */
	BREAKAGE_PRIVATE,      /* the address is not public */
	BREAKAGE_LOGIN,        /* the server asks for it again and again */
};

struct evidence {
	const struct request *request; /* the request and its expectations */
	CURLcode code;
	enum breakage breakage;
	int file_error;        /* errno of the sink, or 0 */
	int socket_error;      /* errno of socket(2), or 0 */
	bool starved;          /* no descriptor was available at the end */
	bool connected;        /* a connection was established */
	const struct head *head;
	uint64_t received;     /* body bytes that arrived */
	uint64_t stored;       /* ... as given to the sink: decoded */
	bool cut;              /* the coded body has no end */
	const char *fault;     /* what broke it off, for some breakages */
	int proxy_status;      /* of the answer to CONNECT, or 0 */
	uint64_t from;         /* bytes before those, from an earlier try */
	const char *mismatch;  /* a digest that does not match, or NULL */
	const char *message;   /* libcurl's own message; may be empty */
};

/* Judges EVIDENCE and fills in RESULT's outcome, cause, proof, starved and
 * detail; leaves its other fields alone. */
void verdict_judge(const struct evidence *evidence, struct result *result);

#endif
