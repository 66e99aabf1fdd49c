/*
 * A task: the core's view of an entry, from its line to its final result.
 *
 * It contains the job that strategies see.  The core's thread only.
 */
#ifndef PFETCH_CORE_TASK_H
#define PFETCH_CORE_TASK_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/job.h"
#include "output/report.h"

struct run;

enum task_state {
	TASK_READY,   /* to be submitted */
	TASK_FLIGHT,  /* with the strategy */
	TASK_PARKED,  /* until its timer */
	TASK_HELD,    /* final; its body waits for its turn */
};

struct task {
	struct job job;
	struct run *run;
	struct place_in_list place;
	uint64_t read_us;    /* when its line was read */
	uint64_t begun_us;   /* when its first try was begun; or 0 */
	char *listed;        /* the URL for people: as listed, masked */
	char *entry_url;     /* as first requested */
	char *url;           /* as requested now: job.url */
	char *name;          /* of its file, or NULL */
	uint64_t tries;      /* begun, of all hops together but redirects */
	uint64_t redirects;
	uint64_t *visited;   /* hashes of the hops' URLs, REDIRECTS of them */
	unsigned starved;    /* times that it lacked descriptors */
	struct event timer;  /* until the next try */
	enum task_state state;
	struct task *prev, *next; /* on the run's list of all tasks */
};

/* The task that JOB is part of. */
static inline struct task *task_of(struct job *job)
{
	return (void *)((char *)job - offsetof(struct task, job));
}

/* A task that has nothing yet. */
struct task *task_new(struct run *run, uint64_t number);

/* Frees all but the name, which must have been given back. */
void task_free(struct task *task);

/* Goes on to URL (taken over), at the next hop.  Returns false, and takes
 * nothing, if it was there before: a loop. */
bool task_visit(struct task *task, char *url);

#endif
