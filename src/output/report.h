/*
 * What pfetch says: a line for each result and a summary.
 *
 * The lines follow the scraping examples that people compare with:
 *     Read 1256 from https://host/path
 *     Downloaded 50 sites in 2.31 seconds
 * Everything that comes from outside is escaped on its way out.
 */
#ifndef PFETCH_OUTPUT_REPORT_H
#define PFETCH_OUTPUT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"
#include "base/settings.h"
#include "output/outlet.h"

/* Where an entry stands: "urls.txt, line 12" or "argument 2". */
struct place_in_list {
	const char *source;   /* the list's name; NULL: the command line */
	uint64_t line;        /* from 1 */
};

/* One final result, as it is to be shown. */
struct report_item {
	uint64_t number;      /* of the entry, from 1 */
	const char *url;      /* as listed, passwords masked; raw bytes */
	const char *requested; /* as requested last, passwords and all */
	uint64_t read_us;     /* when its line was read */
	uint64_t begun_us;    /* when its first try was begun; or 0 */
	struct place_in_list place;
	const struct result *result;
	uint64_t tries, redirects;
	const char *name;     /* of the file, or NULL */
};

/* The run as a whole. */
struct report_totals {
	uint64_t entries, failed, unverified;
	uint64_t bytes, connections, retries, redirects;
	uint64_t submitted;      /* jobs given to the strategy */
	uint64_t fetches;        /* transfers that it began */
	uint64_t lookups;        /* of names */
	uint64_t deaths;         /* of worker processes */
	uint64_t first_us;       /* when the first entry was read ... */
	uint64_t first_cpu_us;   /* ... and the CPU time spent till then */
	uint64_t memory_largest, memory_sum; /* worker processes' bytes */
	bool short_of;           /* descriptors, threads or processes */
	int trace_error;         /* errno of what kept it from being written */
	uint64_t most_waiting;   /* jobs in the queue at once */
	uint64_t elapsed_us;
	uint64_t held_us;        /* the list waited for room */
	int signal;              /* that ended the run, or 0 */
};

struct report;

/* MAIN takes what went well and the summary, ERRORS the rest; both stay the
 * caller's and may be the same. */
struct report *report_new(const struct settings *settings,
			  struct outlet *main, struct outlet *errors);
void report_free(struct report *report);

void report_item(struct report *report, const struct report_item *item);
void report_totals(struct report *report, const struct report_totals *totals);

/* "pfetch: MESSAGE" on the error outlet; what is in the message is escaped. */
void report_message(struct report *report, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
