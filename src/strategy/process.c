/*
 * process: j worker processes, each fed over its own socket.
 *
 *   core --job--> worker process (a fetcher) --result--> core
 *
 * The core itself forks workers, when they are first needed: under this
 * strategy it has one thread and no libcurl handle.  Before it starts work, a
 * child closes every inherited descriptor except the standard streams, its
 * socket and the output directory, so it never touches the core's event loop.
 *
 * A worker holds one job at a time: a second one waiting there could be stuck
 * behind a long transfer while other workers are idle.  When a worker dies, or
 * stops answering (see watchdog.h) and is killed, its job goes to another one.
 * If that happens to a job a second time, the job fails.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "strategy/fetcher.h"
#include "strategy/reaper.h"
#include "strategy/strategy.h"
#include "strategy/watchdog.h"
#include "strategy/wire.h"
#include "strategy/worker.h"

enum { DEATHS_MAX = 2, GIVE_TRIES = 3, CANCEL_US = 300000 };

struct worker {
	struct processes *owner;
	pid_t pid;               /* 0: not running */
	int fd;
	uint64_t memory_kib;     /* peak of all processes in this place */
	struct event *event;     /* a result or end of file is readable */
	struct job *job;         /* in progress, or NULL */
};

struct processes {
	const struct strategy_env *env;
	struct worker *workers;
	size_t count;            /* places for workers */
	size_t limit;            /* of workers; lowered by a shortage */
	size_t thriving;         /* unstarved jobs since LIMIT changed */
	struct job_list orphans; /* new or of dead workers, to be placed */
	struct event *again;     /* retries placing the orphans */
	struct event *deadline;  /* kills workers that did not stop */
	struct event *tick;      /* looks for workers that do not answer */
	struct watchdog *watchdog;
	struct reaper reaper;
	struct fetcher *here;    /* fallback on the core's thread */
	bool cancelled;
};

static void on_readable(evutil_socket_t fd, short what, void *context);
static void bury(struct worker *worker, const char *how);

static size_t index_of(const struct processes *state,
		       const struct worker *worker)
{
	return (size_t)(worker - state->workers);
}

static struct pulse *pulse_of(const struct processes *state,
			      const struct worker *worker)
{
	return watchdog_pulse(state->watchdog, index_of(state, worker));
}

/* Starts a worker in a free place.  Returns 0 or an error number. */
static int start_worker(struct processes *state, struct worker *worker)
{
	const struct strategy_env *env = state->env;
	pid_t core = getpid(), pid;
	sigset_t all, before;
	int ends[2];

	if (wire_pair(ends) != 0)
		return errno;
	worker->event = event_new(env->base, ends[0], EV_READ | EV_PERSIST,
				  on_readable, worker);
	if (worker->event == NULL || event_add(worker->event, NULL) != 0)
		goto failed;
	/* Block signals until the child ignores them: its inherited handler
	 * would report them as the core's own. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = fork();
	if (pid == 0)
		worker_run(env->common, ends[1],
			   pulse_of(state, worker), core, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		goto failed;
	close(ends[1]);
	worker->owner = state;
	worker->fd = ends[0];
	worker->pid = pid;
	return 0;
failed:
	if (worker->event != NULL)
		event_free(worker->event);
	worker->event = NULL;
	close(ends[0]);
	close(ends[1]);
	return EAGAIN;
}

/* An idle worker, or NULL. */
static struct worker *find_idle(struct processes *state)
{
	for (size_t i = 0; i < state->count; i++) {
		struct worker *worker = &state->workers[i];

		if (worker->pid != 0 && worker->job == NULL)
			return worker;
	}
	return NULL;
}

static struct worker *vacant(struct processes *state, size_t *running)
{
	struct worker *free_place = NULL;

	*running = 0;
	for (size_t i = 0; i < state->count; i++) {
		if (state->workers[i].pid != 0)
			(*running)++;
		else if (free_place == NULL)
			free_place = &state->workers[i];
	}
	return free_place;
}

static void finish(struct processes *state, struct job *job)
{
	state->env->finished(state->env->core, job);
}

/* No process at all can be started: from now on the core does the work itself,
 * and never forks again, because it now has a libcurl handle. */
static void work_here(struct processes *state, struct job *job)
{
	if (state->here == NULL)
		state->here = fetcher_new_in_core(state->env);
	if (state->here == NULL)
		result_fail(&job->result, CAUSE_RESOURCE,
			    "no memory for a transfer");
	else
		fetcher_run(state->here, job);
	finish(state, job);
}

static void report_shortage(struct processes *state, size_t running)
{
	/* Each worker needs a thread for name look-ups. */
	state->limit = running > 1 ? running / 2 : 1;
	state->thriving = 0;
	state->env->shortage(state->env->core, (unsigned)state->limit,
			     "processes");
}

/* After LIMIT unstarved jobs, allows one worker more, as the schedule does. */
static void recover(struct processes *state, const struct job *job)
{
	if (job->result.starved || state->limit >= state->count ||
	    ++state->thriving < state->limit)
		return;
	state->limit++;
	state->thriving = 0;
}

/* After a shortage, ends idle workers to make room for the threads of
 * others. */
static void retire_idle(struct processes *state)
{
	size_t running;

	vacant(state, &running);
	for (size_t i = 0; i < state->count && running > state->limit; i++) {
		struct worker *worker = &state->workers[i];

		if (worker->pid == 0 || worker->job != NULL)
			continue;
		bury(worker, NULL);
		running--;
	}
}

/* A worker for one more job, started if necessary and within the limit, or
 * NULL. */
static struct worker *find_worker(struct processes *state, size_t *running)
{
	struct worker *worker = find_idle(state);
	struct worker *place;

	*running = 1;
	if (worker != NULL || state->here != NULL)
		return worker;
	place = vacant(state, running);
	if (place == NULL || *running >= state->limit)
		return NULL;
	if (start_worker(state, place) == 0)
		return place;
	report_shortage(state, *running);
	return NULL;
}

/* Gives JOB to a worker.  Returns false when none can take it now. */
static bool place_job(struct processes *state, struct job *job)
{
	size_t running = 0;

	for (int tries = 0; tries < GIVE_TRIES; tries++) {
		struct worker *worker = find_worker(state, &running);

		if (worker == NULL)
			break;
		if (wire_send_job(worker->fd, job) == 0) {
			worker->job = job;
			watchdog_begin(state->watchdog,
				       index_of(state, worker));
			return true;
		}
		if (limits_is_shortage(errno)) {
			result_fail(&job->result, CAUSE_RESOURCE, "%s",
				    strerror(errno));
			job->result.starved = true;
			finish(state, job);
			return true;
		}
		/* It died while idle, so no job is to blame. */
		bury(worker, NULL);
	}
	if (running > 0 && state->here == NULL)
		return false;
	work_here(state, job);
	return true;
}

static void place_orphans(struct processes *state)
{
	struct timeval soon = { .tv_usec = 50000 };
	struct job *job;

	while ((job = job_list_take(&state->orphans)) != NULL) {
		if (state->cancelled) {
			result_fail(&job->result, CAUSE_ABORTED,
				    "interrupted");
			finish(state, job);
		} else if (!place_job(state, job)) {
			job_list_put_back(&state->orphans, job);
			event_add(state->again, &soon);
			return;
		}
	}
}

static void on_again(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	place_orphans(context);
}

/* A worker is gone or has to go: removes what it left, frees its place and
 * makes its job an orphan or, the second time, a failure that says HOW. */
static void bury(struct worker *worker, const char *how)
{
	struct processes *state = worker->owner;
	struct job *job = worker->job;
	bool again; /* with what is known of the job, another can do it */

	event_free(worker->event);
	worker->event = NULL;
	close(worker->fd);
	/* After an end of file it may still be alive and working. */
	reaper_kill(&state->reaper, worker->pid, &worker->memory_kib);
	worker->pid = 0;
	worker->job = NULL;
	if (job == NULL)
		return;
	again = job->request->from == 0 || job->request->shared;
	if (job->request->terms->sink == SINK_FILE && !job->request->shared)
		sink_remove_temp(&state->env->common->place, job->number);
	job_clear_result(job);
	state->env->anew(state->env->core, job);
	if ((++job->deaths < DEATHS_MAX && again) || state->cancelled) {
		job_list_append(&state->orphans, job);
		place_orphans(state);
		return;
	}
	result_fail(&job->result, CAUSE_WORKER, "two worker processes %s", how);
	finish(state, job);
}

static void on_readable(evutil_socket_t fd, short what, void *context)
{
	struct worker *worker = context;
	struct job none = { .number = 0 };
	struct job *job = worker->job;
	int received = wire_receive_result(fd, job != NULL ? job : &none);

	(void)what;
	/* A worker that died with an unread job causes a reset first; its last
	 * answer and the end of file can be read after that. */
	if (received < 0 && (errno == EAGAIN || errno == EINTR ||
			     errno == ECONNRESET))
		return;
	if (received <= 0) {
		bury(worker, "died of it");
		return;
	}
	worker->job = NULL;
	job->result.worker = (unsigned)(worker - worker->owner->workers);
	recover(worker->owner, job);
	finish(worker->owner, job);
	if (worker->owner->limit < worker->owner->count)
		retire_idle(worker->owner);
	place_orphans(worker->owner);
}

/* Kills workers that do not answer; their jobs go to others. */
static void on_tick(evutil_socket_t fd, short what, void *context)
{
	struct processes *state = context;

	(void)fd, (void)what;
	for (size_t i = 0; i < state->count; i++) {
		struct worker *worker = &state->workers[i];

		if (worker->job != NULL && watchdog_tick(state->watchdog, i))
			bury(worker, "stopped answering");
	}
	reaper_look(&state->reaper);
}

static void report_memory(const struct processes *state)
{
	uint64_t largest = 0, sum = 0;

	for (size_t i = 0; i < state->count; i++) {
		uint64_t memory = state->workers[i].memory_kib * 1024;

		sum += memory;
		largest = memory > largest ? memory : largest;
	}
	state->env->memory(state->env->core, largest, sum);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
	struct processes *state = context;

	(void)fd, (void)what;
	for (size_t i = 0; i < state->count; i++) {
		if (state->workers[i].pid != 0)
			kill(state->workers[i].pid, SIGKILL);
	}
}

static void process_close(void *context)
{
	struct processes *state = context;

	on_deadline(-1, 0, state); /* they all die at the same time */
	for (size_t i = 0; i < state->count; i++) {
		struct worker *worker = &state->workers[i];

		must(worker->job == NULL);
		if (worker->pid != 0)
			bury(worker, NULL);
	}
	reaper_release(&state->reaper);
	report_memory(state);
	event_free(state->again);
	event_free(state->deadline);
	event_free(state->tick);
	watchdog_free(state->watchdog);
	if (state->here != NULL)
		fetcher_free(state->here);
	free(state->workers);
	free(state);
}

static void *process_open(const struct strategy_env *env)
{
	struct processes *state = memory_zeroed(sizeof(*state));
	struct timeval tick = clock_timeval_ms(WATCHDOG_TICK_MS);

	state->env = env;
	state->count = state->limit = (size_t)env->settings->jobs;
	state->workers = memory_zeroed(state->count *
				       sizeof(*state->workers));
	state->again = evtimer_new(env->base, on_again, state);
	state->deadline = evtimer_new(env->base, on_deadline, state);
	state->tick = event_new(env->base, -1, EV_PERSIST, on_tick, state);
	state->watchdog = watchdog_new(env->settings, state->count);
	if (state->again == NULL || state->deadline == NULL ||
	    state->tick == NULL || event_add(state->tick, &tick) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return state;
}

static void process_submit(void *context, struct job *job)
{
	struct processes *state = context;

	job->deaths = 0;
	job_list_append(&state->orphans, job);
	place_orphans(state);
}

/* Workers see the end of file and report what has become of their jobs.  Those
 * that do not, because a look-up hangs or a signal stopped them, are
 * killed. */
static void process_cancel(void *context)
{
	struct processes *state = context;
	struct timeval soon = { .tv_usec = CANCEL_US };

	state->cancelled = true;
	for (size_t i = 0; i < state->count; i++) {
		if (state->workers[i].pid != 0)
			shutdown(state->workers[i].fd, SHUT_WR);
	}
	event_add(state->deadline, &soon);
	place_orphans(state);
}

const struct strategy strategy_process = {
	.name = "process",
	.summary = "a pool of worker processes",
	.worker = "process",
	.processes = true,
	.workers = strategy_capacity_jobs,
	.descriptors = 2,
	.capacity = strategy_capacity_jobs,
	.open = process_open,
	.submit = process_submit,
	.cancel = process_cancel,
	.close = process_close,
};
