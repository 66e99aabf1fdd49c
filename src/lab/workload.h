/*
 * What a comparison fetches: lists that every run can read again, and the
 * built-in server, if requested.
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
	WORKLOAD_SPOOL_MAX = 64 << 20, /* bytes of a list that isn't a file */
	WORKLOAD_HOSTS_MAX = 8,        /* named to the user */
};

struct workload {
	char **operands;         /* lists and URLs for a run's command line */
	size_t operand_count;
	int *fds;                /* named by operands as /dev/fd/N */
	size_t fd_count;
	uint64_t entries;
	uint8_t digest[DIGEST_BYTES]; /* of all lists and URLs, in turn */

	uint64_t remote;         /* entries on other machines */
	char *hosts[WORKLOAD_HOSTS_MAX]; /* the first ones, escaped */
	size_t host_count;
	bool more_hosts;         /* there are others */

	struct origin_child origin; /* pid 0: none */
	bool latency_known;      /* all entries have this delay */
	uint64_t latency_us;
};

/* Makes a workload of OPERANDS (URLs, files, "-"), preceded by a generated list
 * if --origin says what to serve, and starts the origin if requested.  Invalid
 * input ends the program with a message.  To be called before any thread, event
 * loop or libcurl handle exists. */
void workload_open(struct workload *workload, const struct settings *settings,
		   char *const *operands, size_t count);

/* Stops the origin and frees everything. */
void workload_close(struct workload *workload);

/* Reads the lists once, to find out `entries`, `remote`, the hosts and the
 * latency. */
void workload_survey(struct workload *workload,
		     const struct settings *settings);

/* Parses SPEC, such as "urls=50,latency=50ms,size=16k": in any order, all but
 * urls optional.  Returns false if it is invalid.  Pure. */
struct workload_spec {
	uint64_t urls, latency_ms, size;
};
bool workload_parse(const char *spec, struct workload_spec *parsed);

#endif
