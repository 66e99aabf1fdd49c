/* How results become durable; see commit.h. */
#include "config.h"

#include "core/commit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crash.h"
#include "base/fatal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "core/commit-files.h"
#include "core/journal.h"
#include "core/run-internal.h"
#include "core/syncer.h"

enum {
	GROUP_MAX = 512,         /* files in a group */
	GROUP_BYTES = 64 << 20,
	GROUP_MS = 50,           /* how long a group gathers */
	DESCRIPTORS_SHARE = 8,   /* a group may hold this part of them */
};

enum phase { PHASE_IDLE, PHASE_DATA, PHASE_RECORDS, PHASE_NAMES };

/* Tasks, linked by schedule_next. */
struct batch {
	struct task *first, *last;
	uint64_t count, bytes;
};

struct commit {
	struct run *run;
	struct syncer *syncer;   /* NULL: nothing is written to disk */
	struct event *timer;
	uint64_t most;           /* files in a group */
	struct batch gathering, group;
	uint64_t gathered_us;    /* when the first of GATHERING came */
	enum phase phase;        /* of GROUP */
	bool hurry;
	bool broken;             /* the journal can't be written */
};

/* ---- batches ---- */

static void append(struct batch *batch, struct task *task)
{
	task->schedule_next = NULL;
	if (batch->last != NULL)
		batch->last->schedule_next = task;
	else
		batch->first = task;
	batch->last = task;
	batch->count++;
	batch->bytes += task->result->bytes;
}

/* ---- the journal ---- */

static void break_off(struct commit *commit, int error)
{
	struct run *run = commit->run;

	if (commit->broken)
		return;
	commit->broken = true;
	listeners_message(&run->listeners, "cannot write the journal: %s",
			  strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
	run->journal_error = error;
	run_stop(run, 0);
}

/* TASK's file can't be kept.  If there may be a record of it, it stays until
 * another run looks at both. */
static void fail(struct commit *commit, struct task *task, int error)
{
	if (commit->phase == PHASE_DATA && commit_has_file(task) &&
	    task->job->body.kind == BODY_TEMP)
		sink_remove_temp(&commit->run->common.place, task->number);
	result_fail(task->result, CAUSE_FILE, "cannot write the file to disk: "
		    "%s", strerror(error));
}

static void add_record(struct commit *commit, const struct task *task,
		       bool named)
{
	char temp[SINK_NAME_ROOM];
	bool has_temp = !named && commit_has_file(task) &&
			task->job->body.kind == BODY_TEMP;

	if (has_temp)
		sink_temp_name(&commit->run->common.place, task->number,
			       temp);
	journal_add_complete(commit->run->journal, task->id,
			     task->result->bytes,
			     has_temp ? temp : NULL,
			     commit_has_file(task) || named ? task->name
							    : NULL);
}

/* Returns 0 or an error number. */
static int write_records(struct commit *commit)
{
	if (journal_is_synced(commit->run->journal))
		journal_add_group(commit->run->journal);
	for (struct task *task = commit->group.first; task != NULL;
	     task = task->schedule_next) {
		if (task->result->outcome != OUTCOME_FAILED)
			add_record(commit, task, false);
	}
	return journal_write(commit->run->journal);
}

/* ---- the phases of a group ---- */

static void finish(struct commit *commit)
{
	struct task *task = commit->group.first, *next;

	commit->group = (struct batch){ .first = NULL };
	commit->phase = PHASE_IDLE;
	crash_point();
	for (; task != NULL; task = next) {
		next = task->schedule_next;
		settle_committed(commit->run, task);
	}
}

/* If TASK did not get the name WANTED, which its record says, adds another
 * record.  Returns whether that was so. */
static bool correct_record(struct commit *commit, const struct task *task,
			   const char *wanted)
{
	if (task->result->outcome == OUTCOME_FAILED)
		journal_add_failed(commit->run->journal, task->id, CAUSE_FILE);
	else if (strcmp(wanted, task->name) != 0)
		add_record(commit, task, true);
	else
		return false;
	return true;
}

/* Gives the files their names; each that gets another one than it was to have
 * needs another record.  Returns whether there is one. */
static bool give_names(struct commit *commit, bool *nested)
{
	bool renamed = false;

	*nested = false;
	for (struct task *task = commit->group.first; task != NULL;
	     task = task->schedule_next) {
		char *wanted;

		if (!commit_has_file(task) ||
		    task->result->outcome == OUTCOME_FAILED)
			continue;
		crash_point();
		wanted = memory_string(task->name);
		settle_publish(commit->run, task, task->result);
		*nested = *nested || strchr(task->name, '/') != NULL;
		if (commit->run->journal != NULL)
			renamed = correct_record(commit, task, wanted) ||
				  renamed;
		free(wanted);
	}
	return renamed;
}

static void order_sync(struct commit *commit,
		       const struct syncer_order *order)
{
	int error = syncer_order(commit->syncer, order);

	if (error != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot have files written to disk: "
		      "%s", strerror(error));
}

static void name_group(struct commit *commit)
{
	struct syncer_order order = { .file_system = -1, .directory = -1 };
	int directory = commit->run->common.place.directory_fd, error = 0;
	bool nested, renamed = give_names(commit, &nested);

	crash_point();
	if (renamed)
		error = journal_write(commit->run->journal);
	if (error != 0)
		break_off(commit, error);
	if (commit->syncer == NULL || (directory < 0 && !renamed)) {
		finish(commit);
		return;
	}
	if (renamed)
		order.files[order.count++] = journal_fd(commit->run->journal);
	/* Directories on the way are new, too. */
	if (nested)
		order.file_system = directory;
	else
		order.directory = directory;
	commit->phase = PHASE_NAMES;
	order_sync(commit, &order);
}

static void record_group(struct commit *commit)
{
	struct syncer_order order = { .count = 1, .file_system = -1,
				      .directory = -1 };
	int error = 0;

	if (commit->run->journal == NULL) {
		name_group(commit);
		return;
	}
	error = commit->broken ? EIO : write_records(commit);
	if (error != 0) {
		for (struct task *task = commit->group.first; task != NULL;
		     task = task->schedule_next)
			fail(commit, task, error);
		break_off(commit, error);
		finish(commit);
		return;
	}
	if (commit->syncer == NULL) {
		name_group(commit);
		return;
	}
	order.files[0] = journal_fd(commit->run->journal);
	journal_begin_sync(commit->run->journal);
	commit->phase = PHASE_RECORDS;
	order_sync(commit, &order);
}

static void sync_data(struct commit *commit)
{
	struct syncer_order order, opened;

	commit_gather_files(commit->run, commit->group.first,
			    commit->group.count, &order, &opened);
	if (order.count == 0 && order.file_system < 0) {
		record_group(commit);
		return;
	}
	commit->phase = PHASE_DATA;
	order_sync(commit, &order);
	for (size_t i = 0; i < opened.count; i++)
		close(opened.files[i]);
}

/* A file that is to replace another one gets a temporary name first: as long as
 * there is such a file, recovery knows that the other one is still there. */
static void name_temporarily(struct commit *commit)
{
	for (struct task *task = commit->group.first; task != NULL;
	     task = task->schedule_next) {
		int error = commit_name_temporarily(commit->run, task);

		if (error != 0)
			fail(commit, task, error);
	}
}

static void begin_group(struct commit *commit)
{
	commit->phase = PHASE_DATA;
	evtimer_del(commit->timer);
	commit->group = commit->gathering;
	commit->gathering = (struct batch){ .first = NULL };
	crash_point();
	if (commit->run->journal != NULL &&
	    settings_replace(&commit->run->settings))
		name_temporarily(commit);
	if (commit->syncer == NULL)
		record_group(commit);
	else
		sync_data(commit);
}

static bool is_due(const struct commit *commit)
{
	const struct batch *batch = &commit->gathering;

	return batch->count > 0 &&
	       (commit->hurry || batch->count >= commit->most ||
		batch->bytes >= GROUP_BYTES);
}

static void begin_if_due(struct commit *commit)
{
	while (commit->phase == PHASE_IDLE && is_due(commit))
		begin_group(commit);
	commit->hurry = commit->hurry && commit->gathering.count > 0;
}

static void on_time(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	commit_hurry(context);
}

/* An order has been carried out. */
static void on_synced(void *context, int error)
{
	struct commit *commit = context;
	enum phase phase = commit->phase;

	crash_point();
	if (error == EPIPE && phase == PHASE_IDLE)
		fatal(EXIT_STATUS_LOCAL, "the process that writes files to "
		      "disk has ended");
	if (error != 0) {
		for (struct task *task = commit->group.first; task != NULL;
		     task = task->schedule_next)
			fail(commit, task, error);
	}
	if (error != 0 && phase == PHASE_RECORDS)
		break_off(commit, error);
	if (error != 0 || phase == PHASE_NAMES)
		finish(commit);
	else if (phase == PHASE_DATA)
		record_group(commit);
	else if (phase == PHASE_RECORDS) {
		journal_end_sync(commit->run->journal);
		name_group(commit);
	}
	begin_if_due(commit);
}

/* ---- for the run ---- */

void commit_put(struct commit *commit, struct task *task)
{
	struct timeval time = clock_timeval_ms(GROUP_MS);

	task->state = TASK_COMMIT;
	if (commit->gathering.count == 0)
		commit->gathered_us = clock_now_us();
	append(&commit->gathering, task);
	if (commit->syncer == NULL || commit->most == 1)
		commit->hurry = true;
	if (!evtimer_pending(commit->timer, NULL))
		evtimer_add(commit->timer, &time);
	begin_if_due(commit);
}

void commit_idle(struct commit *commit)
{
	if (commit->phase != PHASE_IDLE)
		syncer_poll(commit->syncer);
	else if (commit->gathering.count > 0 &&
		 clock_now_us() >= commit->gathered_us + GROUP_MS * 1000)
		commit_hurry(commit);
}

void commit_hurry(struct commit *commit)
{
	commit->hurry = commit->gathering.count > 0;
	begin_if_due(commit);
}

uint64_t commit_held(const struct commit *commit)
{
	return commit == NULL ? 0
		: commit->gathering.count + commit->group.count;
}

bool commit_full(const struct commit *commit)
{
	return commit != NULL && commit->gathering.count >= commit->most;
}

/* What failed for a reason of our own may work the next time. */
static bool is_final(enum cause cause)
{
	switch (cause) {
	case CAUSE_INPUT: case CAUSE_ABORTED: case CAUSE_FILE:
	case CAUSE_RESOURCE: case CAUSE_WORKER:
		return false;
	default:
		return true;
	}
}

void commit_note_failure(struct commit *commit, const struct task *task,
			 enum cause cause)
{
	int error;

	if (!task->identified || commit->broken || !is_final(cause))
		return;
	journal_add_failed(commit->run->journal, task->id, cause);
	error = journal_write(commit->run->journal);
	if (error != 0)
		break_off(commit, error);
}

/* ---- set-up ---- */

static uint64_t group_size(const struct settings *settings)
{
	uint64_t share = limits_raise_descriptors() / DESCRIPTORS_SHARE;

	if (strcmp(settings->journal.durability, "group") != 0 || share == 0)
		return 1;
	return share < GROUP_MAX ? share : GROUP_MAX;
}

struct commit *commit_new(struct run *run)
{
	const struct settings *settings = &run->settings;
	bool durable = strcmp(settings->journal.durability, "none") != 0;
	struct commit *commit;

	if (settings->journal.file == NULL && !durable)
		return NULL;
	commit = memory_zeroed(sizeof(*commit));
	commit->run = run;
	commit->most = group_size(settings);
	commit->timer = evtimer_new(run->base, on_time, commit);
	if (commit->timer == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	if (!durable)
		return commit;
	commit->syncer = syncer_start(run->base, on_synced, commit);
	if (commit->syncer == NULL)
		fatal(EXIT_STATUS_LOCAL, "cannot start a process: %s",
		      strerror(errno));
	return commit;
}

void commit_free(struct commit *commit)
{
	if (commit->syncer != NULL)
		syncer_free(commit->syncer);
	event_free(commit->timer);
	free(commit);
}
