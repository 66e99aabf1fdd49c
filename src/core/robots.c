/* robots.txt; see robots.h. */
#include "config.h"

#include "base/siphash.h" /* before uthash.h */

#include "core/robots.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uthash.h>
#include <utlist.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "core/robots-rules.h"
#include "core/run-internal.h"

/* What is known of an origin. */
struct origin {
	UT_hash_handle hh;
	bool known, busy;            /* BUSY: not to be forgotten now */
	struct robots_rules *rules;  /* NULL: everything is allowed */
	enum cause cause;            /* why nothing is allowed; CAUSE_NONE:
				      * RULES say what is */
	char *detail;                /* of that, or NULL */
	struct task *first, *last;   /* that wait, by schedule_next */
	char key[];                  /* "scheme://host:port" */
};

struct robots {
	struct origin *table;        /* the oldest first */
	size_t size;                 /* of all rules */
	uint64_t waiting;
};

struct robots *robots_new(void)
{
	return memory_zeroed(sizeof(struct robots));
}

static void forget(struct robots *robots, struct origin *origin)
{
	HASH_DEL(robots->table, origin);
	robots->size -= sizeof(*origin);
	free(origin->detail);
	if (origin->rules != NULL) {
		robots->size -= robots_rules_size(origin->rules);
		robots_rules_free(origin->rules);
	}
	free(origin);
}

void robots_free(struct robots *robots)
{
	while (robots->table != NULL)
		forget(robots, robots->table);
	free(robots);
}

uint64_t robots_waiting(const struct robots *robots)
{
	return robots != NULL ? robots->waiting : 0;
}

/* The origin of URL, in one spelling.  The caller frees it. */
static char *key_of(const char *url)
{
	struct host host = host_of(url);
	char *key = memory_format("%.*s://%.*s:%ld", (int)strcspn(url, ":"),
				  url, (int)host.length, host.name,
				  host_port(url));

	for (char *at = key; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return key;
}

/* Forgets origins that nothing waits for, the oldest first, down to the
 * limit. */
static void make_room(struct robots *robots)
{
	struct origin *origin, *next;

	HASH_ITER(hh, robots->table, origin, next) {
		if (robots->size <= ROBOTS_SIZE_MAX)
			return;
		if (origin->known && !origin->busy)
			forget(robots, origin);
	}
}

static struct origin *find(struct robots *robots, const char *url, bool *fresh)
{
	char *key = key_of(url);
	size_t length = strlen(key);
	struct origin *origin;

	HASH_FIND(hh, robots->table, key, length, origin);
	*fresh = origin == NULL;
	if (origin == NULL) {
		make_room(robots);
		origin = memory_zeroed(sizeof(*origin) + length + 1);
		memcpy(origin->key, key, length + 1);
		HASH_ADD_KEYPTR(hh, robots->table, origin->key, length,
				origin);
		robots->size += sizeof(*origin);
	}
	free(key);
	return origin;
}

/* Makes a task that fetches the robots.txt of ORIGIN. */
static void ask(struct run *run, const struct origin *origin,
		const struct task *first)
{
	struct request_terms *terms = request_terms_new(SINK_SPOOL);
	struct task *task = task_new(first->number);

	terms->expected.largest = ROBOTS_TEXT_MAX;
	task->robots = true;
	task->place = first->place;
	task->tries = 1;
	/* Within the limits of the task that needs it. */
	task->request = request_elsewhere(
		first->request, memory_format("%s/robots.txt", origin->key),
		terms);
	request_terms_release(terms);
	run->live++;
	DL_APPEND(run->tasks, task);
	schedule_add(run->schedule, task, clock_now_us());
}

/* TASK's URL may be requested, or not. */
static void decide(struct run *run, const struct origin *origin,
		   struct task *task)
{
	struct host host = host_of(task->request->url);
	const char *path = host.name + strcspn(host.name, "/?#");
	struct result result = { .retry_after_s = -1 };

	if (origin->cause == CAUSE_NONE &&
	    (origin->rules == NULL ||
	     robots_rules_allow(origin->rules, *path != '\0' ? path : "/"))) {
		again_make_ready(run, task);
		return;
	}
	if (again_with_mirror(run, task))
		return;
	result.kept = task->request->from;
	if (origin->cause == CAUSE_NONE)
		result_fail(&result, CAUSE_INPUT,
			    "the host's robots.txt disallows it");
	else
		result_fail(&result, origin->cause,
			    "the host's robots.txt can't be had: %s",
			    origin->detail);
	settle_final(run, task, &result);
}

void robots_admit(struct run *run, struct task *task)
{
	struct origin *origin;
	bool fresh;

	if (run->robots == NULL || task->robots) {
		again_make_ready(run, task);
		return;
	}
	again_let_go(run, task);
	origin = find(run->robots, task->request->url, &fresh);
	if (origin->known) {
		decide(run, origin, task);
		return;
	}
	task->state = TASK_WAITING;
	task->schedule_next = NULL;
	if (origin->last != NULL)
		origin->last->schedule_next = task;
	else
		origin->first = task;
	origin->last = task;
	run->robots->waiting++;
	if (fresh)
		ask(run, origin, task);
}

/* The body that TASK has fetched. */
static char *read_body(const struct task *task, size_t *length)
{
	const struct body *body = &task->job->body;
	/* An archive has the headers before it. */
	size_t start = body->request_length + body->head_length;
	char *text;
	ssize_t got = 0;

	*length = body->length - start;
	if (body->kind == BODY_MEMORY)
		return memory_copy(body->memory + start, *length);
	text = memory_zeroed(*length + 1);
	if (body->kind == BODY_FD)
		got = pread(body->fd, text, *length, (off_t)start);
	*length = got > 0 ? (size_t)got : 0;
	return text;
}

static void learn(struct robots *robots, struct origin *origin,
		  const struct task *task, const struct result *result)
{
	size_t length;
	char *text;

	origin->known = true;
	/* --accept-status is about the entries of the list. */
	if (result->outcome == OUTCOME_FAILED || result->http_status >= 300) {
		/* A redirect that leads nowhere is as good as no file. */
		bool none = result->cause == CAUSE_REDIRECT ||
			    (result->http_status >= 400 &&
			     result->http_status < 500 &&
			     result->http_status != 429);

		if (none)
			return;
		origin->cause = result->outcome == OUTCOME_FAILED
			? result->cause : CAUSE_HTTP;
		origin->detail = memory_string(result->detail);
		return;
	}
	text = read_body(task, &length);
	origin->rules = robots_rules_new(text, length, PACKAGE_NAME);
	robots->size += robots_rules_size(origin->rules);
	free(text);
}

void robots_ended(struct run *run, struct task *task,
		  const struct result *result)
{
	/* Such a result may come before the run is stopped. */
	bool stopped = run->stopped || result->cause == CAUSE_ABORTED;
	bool fresh, blocked;
	struct origin *origin = find(run->robots, task_first_url(task),
				     &fresh);
	struct task *waiting = origin->first, *next;

	blocked = task->request->public_only &&
		  result->cause == CAUSE_REDIRECT;
	must(!fresh);
	learn(run->robots, origin, task, result);
	again_let_go(run, task);
	DL_DELETE(run->tasks, task);
	task_free(task);
	run->live--;
	origin->first = origin->last = NULL;
	origin->busy = true;
	/* Once the run is stopped, they are dealt with like all others. */
	for (; waiting != NULL && !stopped; waiting = next) {
		next = waiting->schedule_next;
		run->robots->waiting--;
		decide(run, origin, waiting);
	}
	origin->busy = false;
	/* A redirect may not lead there, but the list itself may. */
	if (blocked)
		forget(run->robots, origin);
}
