/*
 * A task: the core's view of an entry, from its line to its final result.
 *
 * While it is with a strategy it has a job, which is what the strategy sees;
 * a task that waits for its turn or for another try has none, so that a long
 * queue costs little memory.  The core's thread only.
 */
#ifndef PFETCH_CORE_TASK_H
#define PFETCH_CORE_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/job.h"
#include "output/listener.h"

struct run;

enum task_state {
	TASK_READY,   /* in the schedule */
	TASK_PARKED,  /* in the schedule too, until its time */
	TASK_FLIGHT,  /* with the strategy */
	TASK_HELD,    /* final; its body waits for its turn */
};

struct task {
	uint64_t number;     /* place in the order of all entries, from 1 */
	struct job *job;     /* from its submission on; or NULL */
	struct request *request; /* the present one; NULL: not a URL */
	char *first_url;     /* as first requested, when that was another */
	char *listed;        /* the URL for people, masked, when that differs
			      * from the one first requested; or NULL */
	char *name;          /* of its file, or NULL */
	struct place_in_list place;
	uint64_t read_us;    /* when its line was read */
	uint64_t begun_us;   /* when its first try was begun; or 0 */
	uint64_t *visited;   /* hashes of the hops' URLs, REDIRECTS of them */
	uint32_t redirects;
	uint32_t tries;      /* begun, of all hops together but redirects */
	uint32_t starved;    /* times that it lacked descriptors */
	enum task_state state;
	struct task *prev, *next;    /* on the run's list of all tasks */
	struct task *schedule_next;  /* the schedule's */
	uint64_t until_us;           /* the schedule's, while parked */
};

/* The task whose job JOB is. */
static inline struct task *task_of(const struct job *job)
{
	return job->owner;
}

/* A task that has nothing yet. */
struct task *task_new(uint64_t number);

/* Frees all but the name, which must have been given back. */
void task_free(struct task *task);

/* The URL that was first requested. */
const char *task_first_url(const struct task *task);

/* The URL for people: as listed, passwords masked. */
const char *task_listed(const struct task *task);

/* Goes on to REQUEST (taken over), at the next hop.  Returns false, and takes
 * nothing, if its URL was there before: a loop. */
bool task_visit(struct task *task, struct request *request);

#endif
