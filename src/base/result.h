/*
 * What became of a transfer: plain data, no pointers, so that it can cross
 * a socket between processes as it is.
 */
#ifndef PFETCH_BASE_RESULT_H
#define PFETCH_BASE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

enum outcome {
	OUTCOME_OK,         /* the whole body arrived; PROOF: how we know */
	OUTCOME_UNVERIFIED, /* it ended well, but nothing told its length */
	OUTCOME_REDIRECT,   /* the answer is at another place */
	OUTCOME_FAILED,     /* CAUSE and detail say why */
};

/* How we know that a body is whole. */
enum proof {
	PROOF_NONE,
	PROOF_LENGTH,  /* as many bytes as Content-Length said */
	PROOF_CHUNKED, /* the last chunk was seen */
	PROOF_NO_BODY, /* a response that can't have one (RFC 9112, 6.3) */
};

/* Why a transfer failed.  cause_table[] gives each its name and status. */
enum cause {
	CAUSE_NONE,
	CAUSE_INPUT,     /* the list's line is not a URL that we fetch */
	CAUSE_LIMIT,     /* a limit that the user set */
	CAUSE_ABORTED,   /* stopped by a signal */
	CAUSE_FILE,      /* a local file could not be written */
	CAUSE_RESOURCE,  /* no descriptor, thread or memory */
	CAUSE_WORKER,    /* two worker processes died of it */
	CAUSE_DNS,
	CAUSE_CONNECT,
	CAUSE_RESET,
	CAUSE_TIMEOUT,
	CAUSE_TLS,
	CAUSE_AUTH,      /* 401, 407 */
	CAUSE_PROTOCOL,  /* not HTTP, or its framing lies */
	CAUSE_TRUNCATED, /* cut before its end */
	CAUSE_MISMATCH,  /* not the size or the digest that was expected */
	CAUSE_REDIRECT,  /* too many, a loop, or to a forbidden place */
	CAUSE_HTTP,      /* a status that is an error */
	CAUSE_COUNT
};

/* One row for each cause: the only place for these facts. */
struct cause_row {
	const char *name;   /* as reports print it */
	int exit_status;    /* wget's classes */
	bool can_pass;      /* worth another try (CAUSE_HTTP: see retry.h) */
};
extern const struct cause_row cause_table[CAUSE_COUNT];

/* Durations of a transfer's phases in microseconds; see
 * curl_easy_getinfo(3), "TIMES", for where they come from. */
struct phases {
	uint64_t dns_us, connect_us, tls_us, wait_us, receive_us, total_us;
};

/* When things happened, by clock_now_us(): one clock for all threads and
 * processes of the machine.  0: it did not happen. */
struct moments {
	uint64_t begun_us;     /* a worker took the job */
	uint64_t ended_us;     /* the last byte was there */
	uint64_t compute_us;   /* work on the response began ... */
	uint64_t computed_us;  /* ... and was done */
};

enum {
	RESULT_DETAIL_ROOM = 160,
	RESULT_DIGEST_BYTES = 32, /* SHA-256 */
};

struct result {
	enum outcome outcome;
	enum cause cause;
	enum proof proof;
	bool starved;             /* failed for want of descriptors only */
	int http_status;          /* 0: no complete response header */
	int http_version;         /* 10, 11, 20; 0: unknown */
	int64_t retry_after_s;    /* -1: the server did not say */
	uint64_t bytes;           /* of the body, as stored */
	unsigned connections;     /* that this transfer opened */
	unsigned lookups;         /* of names, that it asked for */
	unsigned worker;          /* thread, process or loop that ran it */
	unsigned slot;            /* in it, of those that run at once */
	struct phases phases;
	struct moments moments;
	uint8_t digest[RESULT_DIGEST_BYTES]; /* of the body, if asked for */
	char detail[RESULT_DETAIL_ROOM]; /* for people; bytes from outside are
					  * still raw in it: escape to print */
};

/* "ok", "unverified", "redirect" or "failed". */
const char *outcome_name(enum outcome outcome);

/* The moments at which a transfer's phases end, each no earlier than the one
 * before and none after ENDED; what did not happen takes no time.  SENT is
 * later than SECURED when the request waited for its turn. */
struct timeline {
	uint64_t begun_us, named_us, connected_us, secured_us, sent_us,
		 first_us, ended_us, compute_us, computed_us;
};
void result_timeline(const struct result *result, struct timeline *times);

/* Makes RESULT a failure; printf into its detail, cut to fit. */
void result_fail(struct result *result, enum cause cause,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
