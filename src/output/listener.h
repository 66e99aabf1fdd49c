/*
 * Listeners: whoever wants to know what happens in a run.
 *
 * The run tells all of them of the same events, each on the core's thread, in
 * this order for an entry:
 *
 *   entry          its line was read
 *   begun, ended   once for each try of each hop
 *   final          its result, exactly once, whatever became of it
 *
 * and after all of them `summary`, once.  The report, the trace and the
 * laboratory's recorder are listeners; so is anything else that writes down
 * what happened.
 *
 * To add one: a file that has a state and a `const struct listener_kind` of
 * the calls that it wants, and a line in set_up_listeners() of core/setup.c.
 */
#ifndef PFETCH_OUTPUT_LISTENER_H
#define PFETCH_OUTPUT_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/* Where an entry stands: "urls.txt, line 12" or "argument 2". */
struct place_in_list {
	const char *source;   /* the list's name; NULL: the command line */
	uint64_t line;        /* from 1 */
};

/* How many jobs are in flight, and how many are ready and wait for that. */
struct listener_load {
	uint64_t in_flight, waiting;
};

/* An entry, as far as it has come. */
struct listener_item {
	uint64_t number;      /* of the entry, from 1 */
	const char *url;      /* as listed, passwords masked; raw bytes */
	const char *requested; /* as requested last, passwords and all; NULL:
				* never */
	uint64_t read_us;     /* when its line was read */
	uint64_t begun_us;    /* when its first try was begun; or 0 */
	struct place_in_list place;
	const struct result *result; /* from `ended` on; else NULL */
	uint64_t tries, redirects;
	const char *name;     /* of the file, or NULL */
	struct listener_load load; /* after the event */
	int signal;           /* that is ending the run, or 0 */
};

/* The run as a whole. */
struct run_totals {
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
	bool abandoned;          /* workers did not end in time */
	int trace_error;         /* errno of what kept it from being written */
	uint64_t most_waiting;   /* jobs in the queue at once */
	uint64_t elapsed_us;
	uint64_t held_us;        /* the list waited for room */
	int signal;              /* that ended the run, or 0 */
};

/* What a listener hears, and is asked.  Each may be NULL.  What is pointed to
 * is valid during the call; none may block. */
struct listener_kind {
	void (*entry)(void *state, const struct listener_item *item);
	void (*begun)(void *state, const struct listener_item *item);
	void (*ended)(void *state, const struct listener_item *item);
	void (*final)(void *state, const struct listener_item *item);
	void (*summary)(void *state, const struct run_totals *totals);

	/* Something for people to know that is no entry's: "warning: ...". */
	void (*message)(void *state, const char *text);

	/* Whether it has as much to write as it may hold: then no further
	 * entry is taken. */
	bool (*full)(void *state);

	/* Whether something is still to be written; the run ends after that. */
	bool (*pending)(void *state);

	/* Writes what can be written without waiting, now. */
	void (*flush)(void *state);

	void (*free)(void *state);
};

struct listener {
	const struct listener_kind *kind;
	void *state;
};

/* All listeners of a run.  Zeroed is none. */
enum { LISTENERS_MAX = 8 };
struct listeners {
	struct listener all[LISTENERS_MAX];
	size_t count;
};

/* LISTENER's state is freed with the others, if its kind says how. */
void listeners_add(struct listeners *listeners, struct listener listener);
void listeners_free(struct listeners *listeners);

/* Each tells, asks or orders all of them. */
void listeners_entry(const struct listeners *listeners,
		     const struct listener_item *item);
void listeners_begun(const struct listeners *listeners,
		     const struct listener_item *item);
void listeners_ended(const struct listeners *listeners,
		     const struct listener_item *item);
void listeners_final(const struct listeners *listeners,
		     const struct listener_item *item);
void listeners_summary(const struct listeners *listeners,
		       const struct run_totals *totals);
void listeners_flush(const struct listeners *listeners);
bool listeners_full(const struct listeners *listeners);
bool listeners_pending(const struct listeners *listeners);

/* printf, to all who take messages; what does not fit into 512 bytes is cut. */
void listeners_message(const struct listeners *listeners,
		       const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
