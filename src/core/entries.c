/* Turns the entries of the list into tasks that can be scheduled. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "core/fields.h"
#include "core/host-rules.h"
#include "core/journal.h"
#include "core/list-format.h"
#include "core/name-template.h"
#include "core/parts.h"
#include "core/run-internal.h"
#include "output/escape.h"

/* Entries taken per turn, so that many bad lines can't starve the loop. */
enum { ENTRIES_A_TURN = 256 };

/* What an entry says. */
struct parsed {
	struct fields fields;
	char *mirrors[FIELDS_MIRRORS_MAX];
	size_t mirror_count;
	char *url;               /* to be requested; NULL: none */
	char name[NAME_ROOM];    /* the name that the URL asks for */
	const char *fault;       /* why it can't be fetched; or NULL */
};

/* Makes the URL to request of TEXT, resolved against --base if it is relative.
 * Returns and sets *URL and NAME as url_parse() does. */
static const char *parse_url(struct run *run, const char *text, char **url,
			     char *name)
{
	const char *base = run->settings.base, *fault;
	char *joined = NULL;

	if (base != NULL && strstr(text, "://") == NULL) {
		fault = url_join(base, text, &joined);
		if (fault != NULL)
			return fault;
		text = joined;
	}
	fault = url_parse(run->parser, text, url, name);
	free(joined);
	if (fault == NULL && run->settings.hosts != NULL &&
	    !host_rules_allow(run->settings.hosts, *url)) {
		free(*url);
		*url = NULL;
		return "--hosts does not allow its host";
	}
	return fault;
}

static void parse_mirrors(struct run *run, struct parsed *parsed)
{
	struct fields *fields = &parsed->fields;

	for (size_t i = 0; i < fields->mirror_count; i++) {
		char **mirror = &parsed->mirrors[parsed->mirror_count];
		const char *fault = parse_url(run, fields->mirrors[i], mirror,
					      NULL);

		if (fault != NULL) {
			snprintf(fields->fault, sizeof(fields->fault),
				 "field 'mirror': %s", fault);
			parsed->fault = fields->fault;
			return;
		}
		parsed->mirror_count++;
	}
}

static void parse(struct run *run, const struct list_entry *entry,
		  struct parsed *parsed)
{
	*parsed = (struct parsed){ .fault = entry->fault };
	parsed->fields.url = entry->text;
	if (parsed->fault == NULL)
		parsed->fault = fields_parse(&parsed->fields, entry->text,
					     run->terms);
	if (parsed->fault == NULL)
		parsed->fault = parse_url(run, parsed->fields.url,
					  &parsed->url, run->names != NULL
						? parsed->name : NULL);
	if (parsed->fault == NULL)
		parse_mirrors(run, parsed);
}

/* Frees what no task has taken. */
static void release_parsed(struct parsed *parsed)
{
	for (size_t i = 0; i < parsed->mirror_count; i++)
		free(parsed->mirrors[i]);
	fields_release(&parsed->fields);
}

static void take_mirrors(struct task *task, struct parsed *parsed)
{
	size_t count = parsed->mirror_count;

	if (count == 0)
		return;
	task->mirrors = memory_alloc(count * sizeof(*task->mirrors));
	memcpy(task->mirrors, parsed->mirrors,
	       count * sizeof(*task->mirrors));
	task->mirror_count = count;
	parsed->mirror_count = 0;
}

/* A request for what PARSED says.  Fields of the entry are sent only to the
 * origin of its own URL. */
static struct request *make_request(struct run *run,
				    const struct parsed *parsed)
{
	struct request_terms *own = parsed->fields.terms;

	if (own == NULL)
		return request_new(parsed->url, run->terms);
	return request_new(parsed->url, own);
}

/* What to show of a line that was refused: not its fields, which may contain
 * secrets.  The caller owns the text. */
static char *show_refused(const char *text, bool cut)
{
	char *url = memory_copy(text, strcspn(text, "\t"));
	char *shown = escape_mask_login(url, cut ? ESCAPE_CUT
						 : ESCAPE_REFUSED);

	free(url);
	return shown;
}

/* Has the file of TASK fetched only if it does not meet CONDITION, a header
 * line whose ownership is taken. */
static void make_conditional(struct task *task, char *condition)
{
	struct request_terms *terms = request_terms_copy(task->request->terms);
	struct request *request;

	terms->conditional = true;
	request_terms_add_header(terms, condition);
	request = request_new(memory_string(task->request->url), terms);
	request_terms_release(terms);
	request_free(task->request);
	task->request = request;
}

/* RFC 9110, 13.1.3.  NULL: that is no time. */
static char *modified_since(int64_t modified_s)
{
	time_t time = (time_t)modified_s;
	char date[64];
	struct tm parts;

	if (gmtime_r(&time, &parts) == NULL)
		return NULL;
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
	return memory_format("If-Modified-Since: %s", date);
}

/* Has the file of TASK, which was modified at MODIFIED_S, fetched only if there
 * is another version. */
static void add_conditions(struct run *run, struct task *task,
			   int64_t modified_s)
{
	char *since = run->settings.timestamps ? modified_since(modified_s)
					       : NULL;
	const char *tag = run->etags == NULL ? NULL
		: etags_find(run->etags, task_first_url(task), task->name);

	if (tag != NULL)
		make_conditional(task, memory_format("If-None-Match: %s",
						     tag));
	if (since != NULL)
		make_conditional(task, since);
}

/* Sets EARLY to the result of an entry that need not be fetched. */
static void skip(struct result *early, const char *why)
{
	*early = (struct result){ .outcome = OUTCOME_SKIPPED,
				  .retry_after_s = -1 };
	snprintf(early->detail, sizeof(early->detail), "%s", why);
}

/* Whether the journal has a result for TASK; if so, sets EARLY to it. */
static bool is_known(struct run *run, struct task *task,
		     const struct parsed *parsed, struct result *early)
{
	struct journal_entry entry;

	journal_find(run->journal, task->request->url, parsed->fields.out,
		    &entry);
	memcpy(task->id, entry.id, sizeof(task->id));
	task->identified = true;
	if (entry.state == JOURNAL_DONE) {
		skip(early, "done in an earlier run");
		task->name = entry.name;
		task->settled = true;
		return true;
	}
	if (entry.state == JOURNAL_LOST && entry.name != NULL)
		names_unprotect(run->names, entry.name);
	free(entry.name);
	if (entry.state != JOURNAL_HOPELESS ||
	    run->settings.journal.retry_failed)
		return false;
	task->identified = false; /* it is in the journal already */
	result_fail(early, entry.cause, "it failed in an earlier run; "
		    "--retry-failed fetches it again");
	return true;
}

/* Gives TASK its name, or sets EARLY: there is its file already. */
static void take_name(struct run *run, struct task *task,
		      const struct parsed *parsed, struct result *early)
{
	int64_t modified_s;
	const struct settings *settings = &run->settings;
	char expanded[NAME_TEMPLATE_ROOM];
	const char *wanted = parsed->name;

	if (parsed->fields.out != NULL) {
		wanted = parsed->fields.out;
	} else if (settings->name_template != NULL) {
		name_expand(settings->name_template, settings->cut_dirs,
			    parsed->url, task->number, expanded);
		wanted = expanded;
	}
	if (settings->skip_existing &&
	    names_was_there(run->names, wanted, &modified_s)) {
		skip(early, "its file is there already");
		return;
	}
	task->name = names_take(run->names, wanted);
	if (run->leftovers != NULL)
		task->request = leftovers_claim(run->leftovers, task->number,
						task->request);
	/* What an earlier run has begun to fetch is newer. */
	if ((settings->timestamps || run->etags != NULL) &&
	    task->request->from == 0 &&
	    names_was_there(run->names, task->name, &modified_s))
		add_conditions(run, task, modified_s);
	parts_prepare(run, task);
}

/* Makes a task for ENTRY.  If it has a result without being fetched, EARLY is
 * set to that. */
static struct task *make_task(struct run *run, const struct list_entry *entry,
			      struct parsed *parsed, struct result *early)
{
	struct task *task = task_new(++run->last_number);

	task->place.source = entry->source;
	task->place.line = entry->line;
	if (parsed->fault != NULL) {
		task->listed = show_refused(parsed->fields.url, entry->cut);
		free(parsed->url); /* it was a mirror that was refused */
		parsed->url = NULL;
		result_fail(early, CAUSE_INPUT, "%s", parsed->fault);
		return task;
	}
	task->listed = escape_mask_login(parsed->url, ESCAPE_PARSED);
	if (strcmp(task->listed, parsed->url) == 0) {
		free(task->listed);
		task->listed = NULL;
	}
	task->request = make_request(run, parsed);
	task->tries = 1;
	take_mirrors(task, parsed);
	if (parsed->fields.tag != NULL)
		task->tag = memory_string(parsed->fields.tag);
	if (run->journal != NULL &&
	    is_known(run, task, parsed, early))
		return task;
	if (run->names != NULL)
		take_name(run, task, parsed, early);
	return task;
}

/* With --unique, whether the URL was in the list before. */
static bool is_repeat(struct run *run, const struct parsed *parsed)
{
	return run->settings.unique && parsed->fault == NULL &&
	       !hash_set_add(&run->seen, parsed->url);
}

/* Makes a task for ENTRY: ready, or final if it can't be fetched. */
static void take_entry(struct run *run, const struct list_entry *entry)
{
	uint64_t now_us = clock_now_us();
	struct parsed parsed;
	struct task *task;
	struct result early = { .outcome = OUTCOME_PART, .retry_after_s = -1 };
	struct listener_item item;

	if (run->first_us == 0) {
		run->first_us = now_us;
		run->totals.first_cpu_us = clock_process_us();
	}
	parse(run, entry, &parsed);
	if (is_repeat(run, &parsed)) {
		run->totals.repeats++;
		free(parsed.url);
		release_parsed(&parsed);
		return;
	}
	task = make_task(run, entry, &parsed, &early);
	/* Of an entry of several lines that was refused, only a part is
	 * known. */
	if (run->settings.out.failed != NULL && !entry->cut &&
	    (entry->fault == NULL ||
	     strcmp(run->settings.input_format, "lines") == 0))
		task->line = memory_string(entry->text);
	task->read_us = now_us;
	run->totals.entries++;
	run->live++;
	DL_APPEND(run->tasks, task);
	item = run_item(run, task, NULL);
	listeners_entry(&run->listeners, &item);
	/* No entry has that outcome. */
	if (early.outcome == OUTCOME_PART)
		robots_admit(run, task);
	else
		settle_final(run, task, &early);
	release_parsed(&parsed);
}

static void list_failed(struct run *run)
{
	const char *source;
	const char *reason = list_error(run->list, &source);

	listeners_message(&run->listeners, "cannot read list '%s': %s", source,
			  reason);
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
		switch (list_format_next(run->format, &entry)) {
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
