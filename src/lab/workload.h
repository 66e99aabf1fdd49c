/*
 * What a comparison fetches: lists that can be read again for each run, and
 * the built-in server, if it is asked for.
 */
#ifndef PFETCH_LAB_WORKLOAD_H
#define PFETCH_LAB_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/settings.h"
#include "origin/origin.h"

enum {
	WORKLOAD_SPOOL_MAX = 64 << 20, /* bytes of a list that is a pipe */
	WORKLOAD_HOSTS_MAX = 8,        /* that are named */
};

struct workload {
	char **operands;         /* lists and URLs for a run's command line */
	size_t operand_count;
	int *fds;                /* that the operands name */
	size_t fd_count;
	uint64_t entries;
	uint8_t digest[DIGEST_BYTES]; /* of the lists' bytes, in turn */

	uint64_t remote;         /* entries of hosts that are not loopback */
	char *hosts[WORKLOAD_HOSTS_MAX]; /* their names, escaped; the first */
	size_t host_count;       /* of those */
	bool more_hosts;         /* than those */

	struct origin_child origin; /* pid 0: none */
	bool latency_known;      /* all entries ask the origin for this delay */
	uint64_t latency_us;
};

/* Makes OPERANDS (URLs, files, "-") or, when the settings' --origin says what
 * to serve, a list of its own into a workload, and starts the origin.  What
 * can't be used ends the program with a message.  To be called before any
 * thread, event loop or libcurl handle exists. */
void workload_open(struct workload *workload, const struct settings *settings,
		   char *const *operands, size_t count);

/* Stops the origin and frees all. */
void workload_close(struct workload *workload);

/* Reads the lists once, for what is not known before: `entries`, `remote`,
 * `hosts` and the latency. */
void workload_survey(struct workload *workload,
		     const struct settings *settings);

/* Reads SPEC, "urls=50,latency=50ms,size=16k" in any order, each but urls
 * optional.  Returns false when it is no such thing.  Pure. */
struct workload_spec {
	uint64_t urls, latency_ms, size;
};
bool workload_parse(const char *spec, struct workload_spec *parsed);

#endif
