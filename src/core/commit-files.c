/* The files of a group; see commit-files.h. */
#include "config.h"

#include "core/commit-files.h"

#include <fcntl.h>

#include "core/run-internal.h"
#include "transfer/publish.h"

bool commit_has_file(const struct task *task)
{
	return task->job != NULL && (task->job->body.kind == BODY_TEMP ||
				     task->job->body.kind == BODY_UNNAMED);
}

int commit_name_temporarily(const struct run *run, struct task *task)
{
	if (!commit_has_file(task) || task->job->body.kind == BODY_TEMP)
		return 0;
	return publish_temporarily(&run->common.place, task->number,
				   &task->job->body);
}

/* Adds the file of TASK to ORDER.  A file that has a temporary name is opened;
 * its descriptor is added to OPENED. */
static void add_file(const struct run *run, const struct task *task,
		     struct syncer_order *order, struct syncer_order *opened)
{
	int directory = run->common.place.directory_fd, fd;
	char temp[SINK_NAME_ROOM];

	if (!commit_has_file(task))
		return;
	if (task->job->body.kind == BODY_UNNAMED) {
		order->files[order->count++] = task->job->body.fd;
		return;
	}
	/* Its entry in the directory is new. */
	order->directory = directory;
	sink_temp_name(&run->common.place, task->number, temp);
	fd = openat(directory, temp, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		/* It is missed when it is to get its name. */
		order->file_system = directory;
		return;
	}
	order->files[order->count++] = fd;
	opened->files[opened->count++] = fd;
}

/* A few files are written one by one; to write all of the file system is faster
 * for many. */
void commit_gather_files(const struct run *run, const struct task *first,
			 uint64_t count, struct syncer_order *order,
			 struct syncer_order *opened)
{
	*order = (struct syncer_order){ .file_system = -1, .directory = -1 };
	*opened = (struct syncer_order){ .count = 0 };
	if (count > SYNCER_FILES_MAX) {
		order->file_system = run->common.place.directory_fd;
		return;
	}
	for (; first != NULL; first = first->schedule_next)
		add_file(run, first, order, opened);
}
