/*
 * How results become durable before they are reported.
 *
 *   data of the files      written to disk
 *   records in the journal written, and written to disk
 *   names                  given to the files, and written to disk
 *   results                reported
 *
 * That order is what a crash at any moment can be recovered from: a name stands
 * for a whole body, a record for bytes that are on disk, and a report for a
 * record.  Results go through it in groups, one group at a time, because a disk
 * takes as long for one file as for many; the next group gathers meanwhile.
 * Without durability, the order is the same, but nothing waits for the disk.
 * For the core's thread only.
 */
#ifndef PFETCH_CORE_COMMIT_H
#define PFETCH_CORE_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"

struct commit;
struct run;

/* For RUN, whose settings say what is wanted, and whose journal, if any, is
 * open.  NULL: results need not go through this.  The program ends here, with a
 * message, if there can be no process. */
struct commit *commit_new(struct run *run);
void commit_free(struct commit *commit);

/* Takes TASK, which is final with a good RESULT of its own, and passes it to
 * settle_committed() once that is durable. */
void commit_put(struct commit *commit, struct task *task);

/* Notes that TASK failed because of CAUSE. */
void commit_note_failure(struct commit *commit, const struct task *task,
			 enum cause cause);

/* Goes on with what can be done now, for when the loop does not turn. */
void commit_idle(struct commit *commit);

/* Begins with the next group even if it is small: nothing else goes on. */
void commit_hurry(struct commit *commit);

/* How many tasks it holds, and whether no more should come. */
uint64_t commit_held(const struct commit *commit);
bool commit_full(const struct commit *commit);

#endif
