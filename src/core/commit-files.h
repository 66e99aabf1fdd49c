/* The files of the tasks of a group, for commit.c. */
#ifndef PFETCH_CORE_COMMIT_FILES_H
#define PFETCH_CORE_COMMIT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/syncer.h"
#include "core/task.h"

struct run;

/* Whether TASK's body is in a file that has not got its name yet. */
bool commit_has_file(const struct task *task);

/* Gives TASK's file, if it has one without any name, its temporary name.
 * Returns 0 or an error number. */
int commit_name_temporarily(const struct run *run, struct task *task);

/* Sets ORDER to what has the files of the COUNT tasks, of which FIRST is linked
 * to the others, written to disk.  OPENED are descriptors that the caller
 * closes once the order was given. */
void commit_gather_files(const struct run *run, const struct task *first,
			 uint64_t count, struct syncer_order *order,
			 struct syncer_order *opened);

#endif
