/*
 * A job: a request, and what came of it.
 *
 * The core makes jobs and frees them.  Between submit() and finished() a job
 * belongs to the strategy, which reads what is asked and fills in what came
 * of it; at all other times it belongs to the core.
 */
#ifndef PFETCH_BASE_JOB_H
#define PFETCH_BASE_JOB_H

#include <stddef.h>
#include <stdint.h>

#include "base/request.h"
#include "base/result.h"

enum body_kind {
	BODY_NONE,    /* nothing kept */
	BODY_TEMP,    /* in the file of the job's temporary name */
	BODY_UNNAMED, /* FD, a file of the output directory without a name */
	BODY_MEMORY,  /* MEMORY, LENGTH */
	BODY_FD,      /* FD, an unlinked file of LENGTH bytes elsewhere */
};

/* A body that is kept.  The holder of the job owns it. */
struct body {
	enum body_kind kind;
	char *memory;
	size_t length;
	int fd;
};

struct job {
	/* What is asked; the core's, constant while submitted. */
	uint64_t number;         /* place in the order of all entries, from 1 */
	const struct request *request;
	void *owner;             /* the core's: whose job it is */

	/* What came of it; the strategy's while submitted. */
	struct result result;
	char *location;          /* of a redirect, raw; NULL, or malloc'd */
	struct body body;

	/* For whoever holds the job, to keep it on a list of theirs. */
	struct job *next;

	/* Never cleared: transfers begun for it, whoever began them. */
	unsigned fetches;

	/* The strategy's own count: worker processes that died of it. */
	unsigned deaths;
};

/* A list of jobs, first in first out, through job->next.  Zeroed is empty. */
struct job_list {
	struct job *first, *last;
	size_t count;
};
void job_list_append(struct job_list *list, struct job *job);
struct job *job_list_take(struct job_list *list);   /* NULL when empty */
void job_list_move(struct job_list *to, struct job_list *from);

/* Forgets what came of an earlier try, its body included, so that JOB can be
 * submitted (again).  A temporary file is the sink's, not removed here. */
void job_clear_result(struct job *job);

#endif
