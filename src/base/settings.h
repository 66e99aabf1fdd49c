/*
 * What the user asked for: every option's value, as plain data.
 *
 * The option table (cmd/options.c) fills it in, main owns it, and nobody
 * changes it once a run has begun: any thread may read it.
 */
#ifndef PFETCH_BASE_SETTINGS_H
#define PFETCH_BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/request.h"

/* What `pfetch compare` was asked for besides. */
struct compare_settings {
	const char *strategies;     /* names, by commas; NULL: all */
	const char *jobs;           /* numbers, by commas */
	const char *origin;         /* what it serves; "": the list's own
				     * paths; NULL: no origin */
	uint64_t runs;              /* blocks; or SETTINGS_UNSET: as needed */
	uint64_t max_runs;
	uint64_t until_ci;          /* thousandths of a percent; 0: none */
	uint64_t seed;              /* or SETTINGS_UNSET: a random one */
	const char *keep;           /* directory for the bodies; or NULL */
	bool yes;                   /* need not ask */
	bool chart;
	const char *json, *csv, *markdown, *report; /* files; or NULL */
	const char *trace;          /* directory; or NULL */
};

struct settings {
	const char *strategy;
	uint64_t jobs;              /* transfers in flight at most */
	uint64_t queue;             /* entries read ahead; or UNSET: jobs */
	uint64_t loops;             /* or SETTINGS_UNSET: one a core */
	bool null_separated;

	const char *directory;
	const char *output_document; /* NULL: a file for each */
	bool discard;

	uint64_t tries;
	uint64_t retry_max_wait_ms;
	uint64_t connect_timeout_ms;
	uint64_t stall_timeout_ms;
	uint64_t max_time_ms;       /* 0: none */
	uint64_t max_redirect;
	uint64_t max_size;          /* bytes; 0: none */
	uint64_t max_header;        /* bytes */
	bool http2;
	const char *ca_certificate; /* file; NULL: the system's */

	bool quiet;
	bool verbose;
	bool silent;                /* says nothing at all */
	const char *trace;          /* file; NULL: none */

	uint64_t cpu_work_us;       /* to burn for each response */
	bool gil;                   /* ... one at a time in a process */
	uint64_t offload;           /* ... in so many threads of a loop */
	bool digest;                /* of each body */

	bool origin;
	uint64_t port;              /* of `pfetch origin`; 0: any free one */

	struct compare_settings compare;
	uint64_t measure_fd;        /* of `pfetch measure`, for its record */
	uint64_t origin_port;       /* ... of compare's origin; 0: none */
	bool stay;                  /* ... no redirect to another machine */
};

#define SETTINGS_UNSET UINT64_MAX

/* Where bodies go. */
enum sink_kind settings_sink(const struct settings *settings);

/* How many entries may be read and not yet done: jobs and queue. */
uint64_t settings_window(const struct settings *settings);

#endif
