/*
 * A job: a request and its result.
 *
 * The core creates and frees jobs.  Between submit() and finished() a job
 * belongs to the strategy, which reads the request and fills in the result; at
 * all other times it belongs to the core.
 */
#ifndef PFETCH_BASE_JOB_H
#define PFETCH_BASE_JOB_H

#include <stddef.h>
#include <stdint.h>

#include "base/request.h"
#include "base/result.h"

enum body_kind {
	BODY_NONE,    /* nothing kept */
	BODY_TEMP,    /* in the job's temporary file */
	BODY_UNNAMED, /* FD, an unnamed file in the output directory */
	BODY_MEMORY,  /* LENGTH bytes at MEMORY */
	BODY_LIVE,    /* LENGTH bytes in the file of SINK_LIVE */
	BODY_FD,      /* FD, an unlinked file of LENGTH bytes elsewhere */
};

/* A body that was kept.  Whoever owns the job owns it.  For archives, the
 * headers of the request and of the response come before it, and count in
 * LENGTH. */
struct body {
	enum body_kind kind;
	char *memory;
	size_t length;
	size_t request_length, head_length;
	size_t skip;             /* bytes of the file before it */
	int fd;
};

struct job {
	/* The request.  Owned by the core; constant while submitted. */
	size_t place;            /* in the run's meter (base/meter.h) */
	uint64_t number;         /* position among all entries, from 1 */
	const struct request *request;
	void *owner;             /* for the core: the job's task */

	/* The result.  Owned by the strategy while submitted. */
	struct result result;
	char *location;          /* redirect target or, of a good body, the
				  * name that the server suggests for it; raw;
				  * malloc'd or NULL */
	char *cookies;           /* values of Set-Cookie, each followed by a
				  * newline; raw; malloc'd or NULL */
	struct body body;

	/* Link for a list of the job's current owner. */
	struct job *next;

	/* Transfers started for this job since it was submitted. */
	unsigned fetches;

	/* For the strategy: worker processes lost while running this job. */
	unsigned deaths;
};

/* A first-in, first-out list of jobs, linked by job->next.  Zero-initialized,
 * it is empty. */
struct job_list {
	struct job *first, *last;
	size_t count;
};
void job_list_append(struct job_list *list, struct job *job);
void job_list_put_back(struct job_list *list, struct job *job); /* as first */
struct job *job_list_take(struct job_list *list);   /* NULL when empty */
void job_list_move(struct job_list *to, struct job_list *from);

/* Clears the result of an earlier try, including its body, so that JOB can be
 * submitted (again).  A temporary file belongs to the sink and is not removed
 * here. */
void job_clear_result(struct job *job);

#endif
