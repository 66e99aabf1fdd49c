/* Internals shared by transfer.c (the course of a transfer) and configure.c
 * (its handle). */
#ifndef PFETCH_TRANSFER_TRANSFER_INTERNAL_H
#define PFETCH_TRANSFER_TRANSFER_INTERNAL_H

#include <sys/socket.h>

#include "base/digest.h"
#include "transfer/apply.h"
#include "transfer/decode.h"
#include "transfer/head.h"
#include "transfer/sink.h"
#include "transfer/transcript.h"
#include "transfer/transfer.h"
#include "transfer/verdict.h"

enum { TRANSFER_RECENT = 64 };

/* A name that was looked up, and is in the handle's cache. */
struct recent {
	uint64_t hash, until_us;
};

struct transfer {
	const struct transfer_common *common;
	const struct transfer_sockets *sockets; /* or NULL */
	CURL *easy;
	struct job *job;         /* in progress, or NULL */
	struct sink sink;
	struct head head;
	struct transcript *transcript; /* for an archive; or NULL */
	char *login_url;         /* whose origin a login was last negotiated
				  * with; NULL: none */
	struct applied applied;  /* request options set on EASY */
	long dns_timeout;        /* CURLOPT_DNS_CACHE_TIMEOUT(3), as set */
	uint64_t pruned_us;      /* when old look-ups were last dropped */
	uint64_t counted_us;     /* when RESOLVED was last 0 */
	unsigned resolved;       /* sockets opened since then */
	bool pruning_limited;    /* for the job in progress */
	struct digest *digest;   /* of the body; NULL: not requested */
	struct digest *checks[DIGEST_KINDS]; /* for expected ones, or NULL */
	struct gate_place place; /* in the gate */
	struct recent *recent;   /* names, by their hashes; NULL: SOCKETS are
				  * watched, and the gate is not asked */
	uint64_t turn_us;        /* take no more bytes before */
	uint64_t received;       /* body bytes that arrived */
	uint64_t checked;        /* ... when disk space was last looked at */
	struct decode *decode;   /* of the body; NULL: it isn't coded */
	const char *fault;       /* what is wrong with the coding, or which
				  * limit of the run is reached */
	bool denied;             /* an address was not public */
	bool paused;
	bool noted;              /* in the list of partial files */
	enum breakage breakage;
	int file_error, socket_error;
	const char *mismatch;    /* a digest that does not match, or NULL */
	char message[CURL_ERROR_SIZE];
};

/* configure.c: sets all options that are the same for all jobs. */
void transfer_configure(struct transfer *transfer);

/* network.c: options on how servers are reached, and secure.c: whom TLS trusts.
 * Both set what is the same for all jobs. */
void transfer_configure_network(struct transfer *transfer);
void transfer_configure_security(struct transfer *transfer);

/* secure.c: sets what differs between the hosts of jobs. */
void transfer_choose_trust(struct transfer *transfer);

/* network.c: whether the job may connect to ADDRESS, given as text or as a
 * socket's.  If not, the verdict will say so. */
bool transfer_may_connect(struct transfer *transfer,
			  const struct sockaddr *address, const char *text);

/* configure.c: turns the cache's time-out on again for a new job, whose host
 * may have to be looked up. */
void transfer_watch_cache(struct transfer *transfer);

/* configure.c: the name of the job's host is known now, or isn't. */
void transfer_leave_gate(struct transfer *transfer, bool known);

/* transfer.c and body.c: CURLOPT_HEADERFUNCTION(3) and
 * CURLOPT_WRITEFUNCTION(3); CONTEXT is the transfer. */
size_t transfer_on_header(char *line, size_t size, size_t count,
			  void *context);
size_t transfer_on_body(char *bytes, size_t size, size_t count, void *context);

/* transfer.c: records why and returns 0, which makes libcurl abort the
 * transfer. */
size_t transfer_break_off(struct transfer *transfer, enum breakage why);

/* body.c: begins all digests that are wanted of the job's body, and adds to
 * them; CONTEXT is the transfer. */
void body_begin_digests(struct transfer *transfer);
void body_digest(void *context, const char *bytes, size_t length);

/* body.c: the name of the first expected digest that the body does not match,
 * or NULL. */
const char *body_find_mismatch(struct transfer *transfer);

/* body.c: has the sink begin with the transcript, if there is one and that was
 * not done yet. */
void body_begin_transcript(struct transfer *transfer);

/* body.c: starts again if the server sends the whole body though only the rest
 * was requested. */
void body_restart_if_whole(struct transfer *transfer);

#endif
