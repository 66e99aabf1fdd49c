/* Turns the entries of the list into tasks that can be scheduled. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "core/run-internal.h"
#include "output/escape.h"

/* Entries taken per turn, so that many bad lines can't starve the loop. */
enum { ENTRIES_A_TURN = 256 };

/* Makes a task for ENTRY.  Sets *FAULT to NULL, or to the reason why ENTRY
 * can't be fetched; the task then has no request. */
static struct task *make_task(struct run *run, const struct list_entry *entry,
			      const char **fault)
{
	struct task *task = task_new(++run->last_number);
	char name[NAME_ROOM], *url = NULL;

	task->place.source = entry->source;
	task->place.line = entry->line;
	*fault = entry->fault;
	if (*fault == NULL)
		*fault = url_parse(run->parser, entry->text, &url,
				   run->names != NULL ? name : NULL);
	if (*fault != NULL) {
		task->listed = escape_mask_login(entry->text, entry->cut
						 ? ESCAPE_CUT : ESCAPE_REFUSED);
		return task;
	}
	task->listed = escape_mask_login(entry->text, ESCAPE_PARSED);
	if (strcmp(task->listed, url) == 0) {
		free(task->listed);
		task->listed = NULL;
	}
	task->request = request_new(url, run->terms);
	task->tries = 1;
	if (run->names != NULL)
		task->name = names_take(run->names, name);
	return task;
}

/* Makes a task for ENTRY: ready, or final if it can't be fetched. */
static void take_entry(struct run *run, const struct list_entry *entry)
{
	const char *fault;
	uint64_t now_us = clock_now_us();
	struct task *task;
	struct listener_item item;

	if (run->first_us == 0) {
		run->first_us = now_us;
		run->totals.first_cpu_us = clock_process_us();
	}
	task = make_task(run, entry, &fault);
	task->read_us = now_us;
	run->totals.entries++;
	run->live++;
	DL_APPEND(run->tasks, task);
	if (fault == NULL)
		schedule_add(run->schedule, task);
	item = run_item(run, task, NULL);
	listeners_entry(&run->listeners, &item);
	if (fault != NULL) {
		struct result result = { .retry_after_s = -1 };

		result_fail(&result, CAUSE_INPUT, "%s", fault);
		settle_final(run, task, &result);
	}
}

static void list_failed(struct run *run)
{
	const char *source;
	int error = list_error(run->list, &source);

	listeners_message(&run->listeners, "cannot read list '%s': %s", source,
			  strerror(error));
	run_note_status(run, EXIT_STATUS_USAGE);
}

/* Takes entries while there is room.  Returns true if the list may have more
 * to give right away. */
bool entries_take(struct run *run)
{
	struct list_entry entry;
	int taken = 0;

	while (!run->stopped && !run->list_ended && !run->list_waiting &&
	       run_has_room(run)) {
		switch (list_next(run->list, &entry)) {
		case LIST_ENTRY:
			take_entry(run, &entry);
			if (++taken == ENTRIES_A_TURN)
				return true;
			break;
		case LIST_WAIT:
			run->list_waiting = true;
			list_wait(run->list);
			break;
		case LIST_BUSY:
			return true;
		case LIST_ERROR:
			list_failed(run);
			break;
		case LIST_END:
			run->list_ended = true;
			break;
		}
	}
	return false;
}
