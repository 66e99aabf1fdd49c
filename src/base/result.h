/*
 * The result of a transfer: plain data without pointers, so that it can be
 * sent as is over a socket between processes.
 */
#ifndef PFETCH_BASE_RESULT_H
#define PFETCH_BASE_RESULT_H

#include <stdbool.h>
#include <stdint.h>

enum outcome {
	OUTCOME_OK,         /* complete body; PROOF says how we know */
	OUTCOME_UNVERIFIED, /* it ended well, but the length was not known */
	OUTCOME_SKIPPED,    /* there is a file already that is as good */
	OUTCOME_REDIRECT,   /* the server redirects to another URL */
	OUTCOME_PART,       /* the part of the body that was requested */
	OUTCOME_FAILED,     /* CAUSE and detail say why */
};

/* How we know that a body is complete. */
enum proof {
	PROOF_NONE,
	PROOF_LENGTH,  /* as many bytes as Content-Length said */
	PROOF_CHUNKED, /* the last chunk was seen */
	PROOF_NO_BODY, /* a response that can't have one (RFC 9112, 6.3) */
};

/* Why a transfer failed.  cause_table[] gives the name and exit status of
 * each. */
enum cause {
	CAUSE_NONE,
	CAUSE_INPUT,     /* the entry is not a URL that we can fetch */
	CAUSE_LIMIT,     /* over a limit that the user set */
	CAUSE_ABORTED,   /* stopped by a signal */
	CAUSE_FILE,      /* a local file could not be written */
	CAUSE_RESOURCE,  /* no descriptor, thread or memory */
	CAUSE_WORKER,    /* two worker processes were lost running it */
	CAUSE_DNS,
	CAUSE_CONNECT,
	CAUSE_RESET,
	CAUSE_TIMEOUT,
	CAUSE_TLS,
	CAUSE_AUTH,      /* 401, 407 */
	CAUSE_PROTOCOL,  /* not HTTP, or inconsistent framing */
	CAUSE_TRUNCATED, /* cut short */
	CAUSE_MISMATCH,  /* unexpected size or digest */
	CAUSE_REDIRECT,  /* too many, a loop, or a forbidden target */
	CAUSE_HTTP,      /* an error status */
	CAUSE_COUNT
};

/* One row for each cause; these facts are kept nowhere else. */
struct cause_row {
	const char *name;   /* as printed in reports */
	int exit_status;    /* follows wget's classes */
	bool can_pass;      /* worth a retry (CAUSE_HTTP: see retry.h) */
};
extern const struct cause_row cause_table[CAUSE_COUNT];

/* Durations of a transfer's phases in microseconds; see
 * curl_easy_getinfo(3), "TIMES", for where they come from. */
struct phases {
	uint64_t dns_us, connect_us, tls_us, wait_us, receive_us, total_us;
};

/* Points in time by clock_now_us(), which is the same clock for all threads
 * and processes of the machine.  0: it did not happen. */
struct moments {
	uint64_t begun_us;     /* a worker took the job */
	uint64_t ended_us;     /* the transfer ended */
	uint64_t compute_us;   /* synthetic work on the response began ... */
	uint64_t computed_us;  /* ... and ended */
};

/* What records say of an exchange; all zero unless there are any. */
enum { FACTS_TYPE_ROOM = 96, FACTS_ADDRESS_ROOM = 48 };
struct facts {
	char content_type[FACTS_TYPE_ROOM]; /* raw, untrusted bytes */
	char remote_ip[FACTS_ADDRESS_ROOM], local_ip[FACTS_ADDRESS_ROOM];
	unsigned remote_port, local_port;
	unsigned request_bytes, header_bytes, header_lines;
};

enum {
	RESULT_DETAIL_ROOM = 160,
	RESULT_VALIDATOR_ROOM = 128,
	RESULT_DIGEST_BYTES = 64, /* of the longest kind */
};

struct result {
	enum outcome outcome;
	enum cause cause;
	enum proof proof;
	bool asked;               /* a connection was ready for the request */
	bool starved;             /* failed only for lack of resources */
	bool public;              /* a redirect came from a public address */
	bool insecure;            /* the certificate was not checked */
	int http_status;          /* 0: no complete response header */
	int http_version;         /* 10, 11, 20; 0: unknown */
	int64_t retry_after_s;    /* -1: the server did not say */
	int64_t modified_s;       /* Last-Modified, since the epoch; <= 0: the
				   * server did not say */
	uint64_t bytes;           /* of the body, as stored */
	/* After a failure or a part: up to which byte of the body the job's
	 * temporary file has it, so that another request can go on from there
	 * if the body is still the one that VALIDATOR identifies.  0: there is
	 * no such file. */
	uint64_t kept;
	uint64_t total;           /* after a part: bytes of the whole body */
	char validator[RESULT_VALIDATOR_ROOM]; /* of a good body: its entity
						* tag, or "" */
	unsigned connections;     /* opened by this transfer */
	unsigned lookups;         /* name look-ups that it started */
	unsigned worker;          /* index of the thread, process or loop */
	unsigned slot;            /* which of the worker's concurrent jobs */
	struct phases phases;
	struct facts facts;
	struct moments moments;
	uint8_t digest[RESULT_DIGEST_BYTES]; /* of the body, if requested */
	char detail[RESULT_DETAIL_ROOM]; /* for people; contains raw, untrusted
					  * bytes: escape it before printing */
};

/* How a complete body is known to be so: "length", "chunked" or "none", for a
 * response that can't have a body; or "unsized", for one that is unverified.
 * NULL: there is no complete body. */
const char *proof_name(const struct result *result);

/* "ok", "unverified", "skipped", "redirect" or "failed". */
const char *outcome_name(enum outcome outcome);

/* The points in time at which a transfer's phases end, each no earlier than
 * the one before and none after ENDED; a phase that did not happen takes no
 * time.  SENT is later than SECURED when the request had to wait to be
 * sent. */
struct timeline {
	uint64_t begun_us, named_us, connected_us, secured_us, sent_us,
		 first_us, ended_us, compute_us, computed_us;
};
void result_timeline(const struct result *result, struct timeline *times);

/* Marks RESULT as failed and formats its detail as printf does, truncated to
 * fit. */
void result_fail(struct result *result, enum cause cause,
		 const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
