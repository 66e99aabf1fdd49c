/*
 * A task: the core's view of an entry, from its line to its final result.
 *
 * While a task is with the strategy it has a job, which is what the strategy
 * sees.  A task that waits for its turn or for a retry has none, so that a long
 * queue costs little memory.  For the core's thread only.
 */
#ifndef PFETCH_CORE_TASK_H
#define PFETCH_CORE_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/heap.h"
#include "base/job.h"
#include "core/journal-index.h"
#include "output/listener.h"

struct parts;
struct run;
struct server;

enum task_state {
	TASK_READY,   /* in the schedule */
	TASK_PARKED,  /* in the schedule too, to be ready at its time */
	TASK_FLIGHT,  /* with the strategy */
	TASK_WAITING, /* for a robots.txt */
	TASK_SPLIT,   /* its parts are tasks of their own; see parts.h */
	TASK_COMMIT,  /* final; its file is being written to disk */
	TASK_HELD,    /* final; it waits for its turn to be reported */
};

struct task {
	uint64_t number;     /* place in the order of all entries, from 1 */
	struct job *job;     /* from submission until released, or NULL */
	struct request *request; /* the current one; NULL: not a URL */
	char *first_url;     /* as first requested; NULL: REQUEST's */
	char *listed;        /* the URL to show, passwords masked; NULL: the
			      * one first requested */
	char *line;          /* of the list, if it is wanted; or NULL */
	char *tag;           /* that the list gave it, or NULL */
	char *name;          /* of its file, or NULL */
	char **mirrors;      /* other URLs for the same body, or NULL */
	size_t mirror_count, mirror_next; /* how many; the next to be tried */
	struct result *result; /* while it is held: its result; else NULL */
	struct place_in_list place;
	uint8_t id[JOURNAL_ID_BYTES]; /* if it is IDENTIFIED in a journal */
	bool identified;
	bool settled;        /* in an earlier run: NAME is not in flight */
	uint64_t read_us;    /* when its line was read */
	uint64_t begun_us;   /* when its first try began, or 0 */
	uint64_t *visited;   /* hashes of the earlier hops' URLs */
	uint32_t redirects;  /* followed so far; the length of VISITED */
	uint32_t tries;      /* of all hops; a redirect isn't another try */
	uint32_t starved;    /* how often it lacked descriptors */
	uint32_t refused;    /* how often its host refused for another reason */
	bool robots;         /* it fetches a robots.txt */
	bool whole;          /* its body is not to be fetched in parts */
	enum task_state state;
	struct parts *parts; /* of its body; NULL: it isn't split */
	struct task *parent; /* whose body this is a part of; NULL: none */
	size_t part;         /* which one */
	struct task *prev, *next;    /* on the run's list of all tasks */

	/* For the schedule. */
	struct task *schedule_next;
	struct heap_node parked;
	struct server *server;       /* while ready or in flight */
	uint64_t started_us;         /* when it was last started */
};

/* The task that JOB belongs to. */
static inline struct task *task_of(const struct job *job)
{
	return job->owner;
}

/* A new task with nothing but its number. */
struct task *task_new(uint64_t number);

/* Frees TASK.  Its name must have been given back and its job released. */
void task_free(struct task *task);

/* The URL that was first requested. */
const char *task_first_url(const struct task *task);

/* The URL to show: as listed, passwords masked. */
const char *task_listed(const struct task *task);

/* Moves on to the next mirror, if there is one, as if it had been the entry's
 * URL. */
bool task_use_mirror(struct task *task);

/* Moves on to REQUEST, the next hop, and takes ownership of it.  Returns false,
 * without taking ownership, if its URL was visited before: a loop. */
bool task_visit(struct task *task, struct request *request);

#endif
