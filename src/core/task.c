/* A task; see task.h. */
#include "config.h"

#include "core/task.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "base/siphash.h"

struct task *task_new(uint64_t number)
{
	struct task *task = memory_zeroed(sizeof(*task));

	task->number = number;
	return task;
}

void task_free(struct task *task)
{
	must(task->name == NULL && task->job == NULL);
	request_free(task->request);
	for (size_t i = 0; i < task->mirror_count; i++)
		free(task->mirrors[i]);
	free(task->mirrors);
	free(task->first_url);
	free(task->visited);
	free(task->listed);
	free(task->tag);
	free(task->line);
	free(task->result);
	free(task);
}

const char *task_first_url(const struct task *task)
{
	return task->first_url != NULL ? task->first_url : task->request->url;
}

const char *task_listed(const struct task *task)
{
	return task->listed != NULL ? task->listed : task_first_url(task);
}

bool task_use_mirror(struct task *task)
{
	struct request *next;

	if (task->mirror_next == task->mirror_count)
		return false;
	if (task->first_url == NULL)
		task->first_url = memory_string(task->request->url);
	next = request_mirrored(task->request, memory_string(
		task->mirrors[task->mirror_next++]));
	if (request_is_withheld(next)) {
		request_free(next);
		return task_use_mirror(task);
	}
	request_free(task->request);
	task->request = next;
	task->redirects = 0;
	task->refused = task->starved = 0;
	task->whole = false;
	task->tries = 1;
	return true;
}

/* A form that is sent is not the page that it is on. */
static uint64_t visit_hash(const struct request *request)
{
	return siphash(request->url, strlen(request->url)) ^
	       siphash(request_method(request),
		       strlen(request_method(request)));
}

bool task_visit(struct task *task, struct request *request)
{
	size_t count = (size_t)task->redirects + 1;
	const char *here = task->request->url;
	uint64_t hash = visit_hash(request);

	task->visited = memory_resize(task->visited,
				      count * sizeof(*task->visited));
	task->visited[count - 1] = visit_hash(task->request);
	for (size_t i = 0; i < count; i++) {
		if (task->visited[i] == hash)
			return false;
	}
	if (task->first_url == NULL)
		task->first_url = memory_string(here);
	request_free(task->request);
	task->request = request;
	task->redirects++;
	return true;
}
