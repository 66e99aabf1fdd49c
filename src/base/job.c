/* A job and lists of jobs; see job.h. */
#include "config.h"

#include "base/job.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void job_list_append(struct job_list *list, struct job *job)
{
	job->next = NULL;
	if (list->last == NULL)
		list->first = job;
	else
		list->last->next = job;
	list->last = job;
	list->count++;
}

void job_list_put_back(struct job_list *list, struct job *job)
{
	job->next = list->first;
	list->first = job;
	if (list->last == NULL)
		list->last = job;
	list->count++;
}

struct job *job_list_take(struct job_list *list)
{
	struct job *job = list->first;

	if (job == NULL)
		return NULL;
	list->first = job->next;
	if (list->first == NULL)
		list->last = NULL;
	list->count--;
	job->next = NULL;
	return job;
}

void job_list_move(struct job_list *to, struct job_list *from)
{
	if (from->first == NULL)
		return;
	if (to->last == NULL)
		to->first = from->first;
	else
		to->last->next = from->first;
	to->last = from->last;
	to->count += from->count;
	*from = (struct job_list){ 0 };
}

void job_clear_result(struct job *job)
{
	free(job->location);
	free(job->cookies);
	job->location = job->cookies = NULL;
	free(job->body.memory);
	if (job->body.kind == BODY_FD || job->body.kind == BODY_UNNAMED)
		close(job->body.fd);
	job->body = (struct body){ .kind = BODY_NONE, .fd = -1 };
	memset(&job->result, 0, sizeof(job->result));
	job->result.retry_after_s = -1;
}
