/*
 * Shared by the files that make up a run: run.c (the loop), entries.c (from
 * entries to tasks), settle.c (what happens when a job ends) and setup.c (the
 * start and the end of the run).
 */
#ifndef PFETCH_CORE_RUN_INTERNAL_H
#define PFETCH_CORE_RUN_INTERNAL_H

#include "base/hash-set.h"
#include "core/commit.h"
#include "core/etags.h"
#include "core/identity.h"
#include "core/leftovers.h"
#include "core/list-format.h"
#include "core/list.h"
#include "core/names.h"
#include "core/order.h"
#include "core/robots.h"
#include "core/run.h"
#include "core/schedule.h"
#include "core/task.h"
#include "core/url.h"
#include "output/listener.h"
#include "output/outlet.h"
#include "strategy/strategy.h"

/* A file that something is written to besides bodies. */
struct side_file {
	struct run *run;
	const char *what, *name;
	struct outlet *outlet;
	int fd;
	int error;                    /* why it can't be written, or 0 */
};
enum { SIDE_FILES_MAX = 6 };

struct journal;
struct live;
struct overview;

struct run {
	/* Set up once. */
	struct settings settings;
	struct transfer_common common;
	const struct strategy *strategy;
	void *state;                  /* the strategy's; NULL: not open */
	struct strategy_env env;
	struct event_base *base;
	struct listeners listeners;
	struct outlet *standard;      /* stdout */
	struct outlet *errors;        /* stderr; or STANDARD, if it's the same
				       * file */
	struct outlet *out;           /* for bodies; mostly STANDARD */
	int out_fd;                   /* of OUT, if that is another file; or
				       * -1 */
	struct bodies bodies;         /* the stream of bodies, if any */
	struct side_file sides[SIDE_FILES_MAX];
	size_t side_count;
	struct list *list;
	struct list_format *format;   /* reads LIST */
	struct url_parser *parser;
	struct hash_set seen;         /* URLs, for --unique */
	struct identity *identity;
	struct request_terms *terms;  /* IDENTITY's, shared by all entries */
	struct names *names;          /* NULL: no files */
	struct leftovers *leftovers;  /* NULL: not --continue */
	struct etags *etags;          /* NULL: not --etags */
	struct robots *robots;        /* NULL: not --robots */
	struct overview *overview;
	struct journal *journal;      /* NULL: none is kept */
	struct commit *commit;        /* NULL: results are reported at once */
	struct live *live_bodies;     /* NULL: bodies are passed on when they
				       * are complete */
	struct order *order;          /* NULL: no task waits for its turn */
	struct schedule *schedule;
	struct event *stopping;       /* a signal has arrived */
	struct event *deadline;       /* for tasks in flight once stopped */
	struct event *wake;           /* when to ask the schedule again */
	uint64_t window;              /* most tasks that can start ... */
	uint64_t spare_window;        /* ... and most of those that must wait */

	/* The tasks. */
	struct task *tasks;           /* all of them, oldest first */
	uint64_t live;                /* how many there are */
	struct job_list spare;        /* jobs to be reused */

	/* The list. */
	uint64_t last_number;
	bool list_ended, list_waiting;
	uint64_t first_us, last_us;   /* first entry read; last result */
	uint64_t ended;               /* entries with a final result */
	uint64_t held_since_us;       /* 0: the list isn't held back */

	/* The end. */
	struct run_totals totals;
	int status;
	int write_error;              /* of the main outlet; 0: none */
	int journal_error;            /* of the journal; 0: none */
	int body_error;               /* of the stream of bodies; 0: none */
	bool warned;                  /* about a shortage */
	const char *ending;           /* why the run ended itself, or NULL */
	bool stopped;                 /* nothing new is started */
	bool abandoned;               /* the deadline has passed */
};

/* again.c: whether TASK, whose job has come back, goes on; if so, it is in the
 * schedule again.  SPARED: the failure seems to have nothing to do with it. */
bool again(struct run *run, struct task *task, bool spared);
/* again.c: TASK, which is done with its try, may start again now. */
void again_make_ready(struct run *run, struct task *task);
/* again.c: whether another server may do better than one that gave RESULT. */
bool again_can_be_mirrored(const struct result *result);
/* again.c: starts TASK again with its next mirror, if it has one. */
bool again_with_mirror(struct run *run, struct task *task);
/* again.c: takes TASK's job, which the strategy is done with, for reuse. */
void again_let_go(struct run *run, struct task *task);
/* settle.c: a job came back (strategy_env.finished). */
void settle_finished(void *run, struct job *job);
/* settle.c: TASK's result is final, whatever it is. */
void settle_final(struct run *run, struct task *task,
		  const struct result *result);
/* settle.c: TASK, ready or parked, will not run: the run is stopping. */
void settle_interrupted(struct run *run, struct task *task);
/* settle.c: TASK, which was ready, will not run because of FAULT. */
void settle_doomed(struct run *run, struct task *task, const char *fault);
/* settle.c: TASK did not end in time after the run was stopped; it is reported
 * and otherwise left alone. */
void settle_abandoned(struct run *run, struct task *task);
/* settle.c: JOB will be run a second time (strategy_env.anew). */
void settle_anew(void *run, struct job *job);
/* again.c: fewer jobs can be in flight (strategy_env.shortage). */
void settle_shortage(void *run, unsigned running, const char *what);
/* again.c: memory used by worker processes (strategy_env.memory). */
void settle_memory(void *run, uint64_t largest, uint64_t sum);
/* settle.c: gives the file with TASK's whole body its name.  RESULT becomes a
 * failure if that can't be done. */
void settle_publish(struct run *run, struct task *task, struct result *result);
/* settle.c: TASK's result, which it holds, is durable, or is a failure now. */
void settle_committed(struct run *run, struct task *task);
/* settle.c: TASK's turn is over (order_owner.done). */
void settle_turn_over(void *run, struct task *task, int error, bool lost);

/* setup.c */
void setup_run(struct run *run, const struct run_request *request);
/* setup.c: ends the strategy's workers.  No job may be outstanding. */
void setup_close_strategy(struct run *run);
void setup_undo(struct run *run);

/* run.c: starts nothing new and cancels everything else.  NUMBER is the signal
 * that caused it, or 0.  Further calls do nothing. */
void run_stop(struct run *run, int number);

/* capacity.c: lowers the number of jobs to what the descriptors suffice for,
 * and sets how many entries may be read ahead.  Returns whether the number of
 * jobs had to be lowered. */
bool capacity_fit(struct run *run);
/* capacity.c: how many jobs may be outstanding.  A job that waits in a queue
 * would not have the latest cookies. */
uint64_t capacity_of_strategy(const struct run *run);

/* limits.c: ends the run if one of its limits is reached. */
void limits_check(struct run *run);

/* run.c: stops RUN if its output can't be written any more. */
void run_check_output(struct run *run);

/* run.c: notes an exit status; the lowest one counts, but for 0. */
void run_note_status(struct run *run, int status);

/* run.c: whether one more entry may be taken. */
bool run_has_room(const struct run *run);

/* entries.c: takes entries while there is room.  Returns true if the list may
 * have more to give right away. */
bool entries_take(struct run *run);

/* run.c: TASK as listeners see it; RESULT may be NULL. */
struct listener_item run_item(const struct run *run, const struct task *task,
			      const struct result *result);

#endif
