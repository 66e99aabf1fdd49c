/* A task; see task.h. */
#include "config.h"

#include "core/task.h"

#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "base/siphash.h"

struct task *task_new(struct run *run, uint64_t number)
{
	struct task *task = memory_zeroed(sizeof(*task));

	task->run = run;
	task->job.number = number;
	job_clear_result(&task->job);
	return task;
}

void task_free(struct task *task)
{
	must(task->name == NULL);
	job_clear_result(&task->job);
	if (task->entry_url != task->url)
		free(task->entry_url);
	free(task->url);
	free(task->visited);
	free(task->listed);
	free(task);
}

bool task_visit(struct task *task, char *url)
{
	size_t count = (size_t)task->redirects + 1;
	uint64_t hash = siphash(url, strlen(url));

	task->visited = memory_resize(task->visited,
				      count * sizeof(*task->visited));
	task->visited[count - 1] = siphash(task->url, strlen(task->url));
	for (size_t i = 0; i < count; i++) {
		if (task->visited[i] == hash)
			return false;
	}
	if (task->url != task->entry_url)
		free(task->url);
	task->url = url;
	task->job.url = url;
	task->redirects++;
	return true;
}
