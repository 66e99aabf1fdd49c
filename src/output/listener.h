/*
 * Listeners: the parts of pfetch that want to know what happens in a run.
 *
 * The run tells each of them about the same events, on the core's thread, and
 * for each entry in this order:
 *
 *   entry          its line was read
 *   begun, ended   for each try of each hop, also for those that lacked
 *                  resources; without `ended` for a try that was abandoned
 *   final          its result, exactly once, whatever it is
 *
 * At the end of the run comes `summary`, once.  The report, the trace and the
 * laboratory's recorder are listeners; so is anything else that records what
 * happened.
 *
 * To add one: write a file with its state and a `const struct listener_kind`
 * of the calls that it wants, and add a line to set_up_listeners() in
 * core/setup.c.
 */
#ifndef PFETCH_OUTPUT_LISTENER_H
#define PFETCH_OUTPUT_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/result.h"

/* Where an entry comes from: "urls.txt, line 12" or "argument 2". */
struct place_in_list {
	const char *source;   /* the list's name; NULL: the command line */
	uint64_t line;        /* from 1 */
};

/* How many jobs are in flight, and how many are ready but still waiting. */
struct listener_load {
	uint64_t in_flight, waiting;
};

/* An entry and its progress so far. */
struct listener_item {
	uint64_t number;      /* of the entry, from 1 */
	const char *url;      /* as listed, passwords masked; not escaped */
	const char *line;     /* the whole entry as listed, secrets included;
			       * or NULL */
	const char *method;   /* or NULL, if nothing was to be requested */
	const char *requested; /* of the current hop, passwords not masked;
				* NULL: the entry is not a URL */
	uint64_t read_us;     /* when its line was read */
	uint64_t begun_us;    /* when its first try began, or 0 */
	struct place_in_list place;
	const struct result *result; /* from `ended` on; else NULL */
	uint64_t tries, redirects;
	const char *name;     /* of the file, or NULL */
	const char *wanted;   /* the same, also if the entry failed */
	const char *tag;      /* that the list gave the entry, or NULL */
	struct listener_load load; /* after the event */
	int signal;           /* the one that is ending the run, or 0 */
};

/* What was seen of a host. */
struct listener_host {
	char *name;              /* and port */
	uint64_t tries, failed, refused;
	uint64_t time_us;        /* of all tries */
	uint64_t cooled_us;      /* while it got no requests */
};

enum { LISTENER_WORST_HOSTS = 10 };

/* The run as a whole. */
struct run_totals {
	uint64_t entries, failed, unverified;
	uint64_t repeats;        /* lines that were skipped as such */
	uint64_t skipped;        /* entries whose file is there already */
	uint64_t kept;           /* incomplete files, for --continue */
	uint64_t causes[CAUSE_COUNT]; /* failures by cause */
	uint64_t bytes, connections, retries, redirects;
	const struct listener_host *worst; /* hosts, the worst first */
	size_t worst_count;
	uint64_t settled_jobs;   /* with --jobs=auto; else 0 */
	uint64_t submitted;      /* jobs given to the strategy */
	uint64_t fetches;        /* transfers that the strategy began */
	uint64_t lookups;        /* of names */
	uint64_t deaths;         /* of worker processes */
	uint64_t first_us;       /* when the first entry was read ... */
	uint64_t first_cpu_us;   /* ... and the CPU time used until then */
	uint64_t memory_largest, memory_sum; /* bytes, of worker processes */
	bool short_of;           /* descriptors, threads or processes */
	bool abandoned;          /* workers did not end in time */
	int trace_error;         /* errno if the trace can't be written */
	uint64_t most_waiting;   /* most jobs in the queue at once */
	uint64_t elapsed_us;
	uint64_t held_us;        /* how long the list was held back */
	int signal;              /* the one that ended the run, or 0 */
};

/* A transfer that is in flight. */
struct listener_flight {
	uint64_t number;         /* of the entry */
	const char *url;         /* of the current hop, passwords masked */
	const char *phase;       /* what it is doing: "connecting" */
	uint64_t bytes;          /* of the body, received so far in this try */
	uint64_t age_us;         /* since it was given to the strategy */
};

/* How far a run has come. */
struct run_progress {
	const struct run_totals *totals; /* so far */
	uint64_t ended;          /* entries with a final result */
	uint64_t retrying, parked, in_flight; /* entries */
	uint64_t total;          /* of the entries that are known */
	bool total_known;        /* there are no others */
	uint64_t bytes;          /* of bodies, also those in flight */
	uint64_t elapsed_us;
	const struct listener_flight *flights; /* the oldest first */
	size_t flight_count;
	const char *pause;       /* why nothing happens; or NULL */
};

/* What a listener is told and asked.  Any of the calls may be NULL; none may
 * block.  Arguments are valid only during the call. */
struct listener_kind {
	void (*entry)(void *state, const struct listener_item *item);
	void (*begun)(void *state, const struct listener_item *item);
	void (*ended)(void *state, const struct listener_item *item);
	void (*final)(void *state, const struct listener_item *item);
	void (*summary)(void *state, const struct run_totals *totals);

	/* How far the run has come: several times a second while something goes
	 * on, and at least once a second otherwise. */
	void (*tick)(void *state, const struct run_progress *progress);

	/* The same, because somebody wants to see what is in flight. */
	void (*asked)(void *state, const struct run_progress *progress);

	/* A message for people that isn't about one entry: "warning: ...". */
	void (*message)(void *state, const char *text);

	/* Whether it holds as much unwritten output as it may; no further
	 * entry is taken then. */
	bool (*full)(void *state);

	/* Whether something is still to be written before the run may end. */
	bool (*pending)(void *state);

	/* Writes now what can be written without blocking. */
	void (*flush)(void *state);

	void (*free)(void *state);
};

struct listener {
	const struct listener_kind *kind;
	void *state;
};

/* All listeners of a run; none when zeroed. */
enum { LISTENERS_MAX = 12 };
struct listeners {
	struct listener all[LISTENERS_MAX];
	size_t count;
};

/* Adds LISTENER; listeners_free() frees its state if its kind has `free`. */
void listeners_add(struct listeners *listeners, struct listener listener);
void listeners_free(struct listeners *listeners);

/* Each makes the call of its name to all listeners; the two that return a value
 * say whether it is true of any. */
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
void listeners_tick(const struct listeners *listeners,
		    const struct run_progress *progress);
void listeners_asked(const struct listeners *listeners,
		     const struct run_progress *progress);
void listeners_flush(const struct listeners *listeners);
/* Whether any of them wants to be told by listeners_tick(). */
bool listeners_want_ticks(const struct listeners *listeners);
bool listeners_full(const struct listeners *listeners);
bool listeners_pending(const struct listeners *listeners);

/* Formats a message as printf(3) does, cut to 511 bytes, for all listeners that
 * take messages. */
void listeners_message(const struct listeners *listeners,
		       const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
