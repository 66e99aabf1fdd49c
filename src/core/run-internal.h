/*
 * What the files of the run share: run.c (the loop), entries.c (from lines to
 * tasks), settle.c (what follows a job's end) and setup.c (its beginning and
 * its end).
 */
#ifndef PFETCH_CORE_RUN_INTERNAL_H
#define PFETCH_CORE_RUN_INTERNAL_H

#include "core/list.h"
#include "core/names.h"
#include "core/order.h"
#include "core/run.h"
#include "core/schedule.h"
#include "core/task.h"
#include "core/url.h"
#include "output/listener.h"
#include "output/outlet.h"
#include "strategy/strategy.h"

struct run {
	/* Set up once. */
	struct settings settings;
	struct transfer_common common;
	const struct strategy *strategy;
	void *state;                  /* the strategy's; NULL: closed */
	struct strategy_env env;
	struct event_base *base;
	struct listeners listeners;
	struct outlet *out, *errors;  /* stdout or FILE; stderr */
	int out_fd;                   /* of --output-document=FILE, or -1 */
	struct outlet *trace_out;     /* NULL, and TRACE_FD -1: no trace */
	int trace_fd;
	struct list *list;
	struct url_parser *parser;
	struct request_terms *terms;  /* that all entries have in common */
	struct names *names;          /* NULL: no files */
	struct order *order;          /* NULL: no single output */
	struct schedule *schedule;
	struct event *stopping;       /* a signal came */
	struct event *deadline;       /* for those in flight, after it */
	struct event *wake;           /* the schedule is to be asked again */
	uint64_t window;              /* tasks there may be, not parked */

	/* The tasks. */
	struct task *tasks;           /* all of them, oldest first */
	uint64_t live;                /* all */
	struct job_list spare;        /* jobs to be used again */

	/* The list. */
	uint64_t last_number;
	bool list_ended, list_waiting;
	uint64_t first_us, last_us;   /* first entry read, last result */
	uint64_t held_since_us;       /* 0: the list is not held back */

	/* The end. */
	struct run_totals totals;
	int status;
	int write_error;              /* of the main outlet, to be dealt with */
	bool warned;                  /* of a shortage */
	bool stopped;                 /* nothing new is started */
	bool abandoned;               /* the deadline has passed */
};

/* settle.c: a job came back (strategy_env.finished). */
void settle_finished(void *run, struct job *job);
/* settle.c: TASK's result is final, whatever it is. */
void settle_final(struct run *run, struct task *task,
		  const struct result *result);
/* settle.c: TASK was not run to its end, because the run ends. */
void settle_interrupted(struct run *run, struct task *task);
/* settle.c: TASK did not come back in time after a signal; it is reported and
 * otherwise left alone. */
void settle_abandoned(struct run *run, struct task *task);
/* settle.c: less can be had at once (strategy_env.shortage). */
void settle_shortage(void *run, unsigned running, const char *what);
/* settle.c: worker processes' memory (strategy_env.memory). */
void settle_memory(void *run, uint64_t largest, uint64_t sum);
/* settle.c: a body is written out, or won't be. */
void settle_written(void *run, struct task *task);

/* setup.c */
void setup_run(struct run *run, const struct run_request *request);
/* setup.c: ends the strategy's workers; nothing is outstanding. */
void setup_close_strategy(struct run *run);
void setup_undo(struct run *run);

/* run.c: starts nothing new and ends all that is there; NUMBER is a signal or
 * 0.  Does nothing the second time. */
void run_stop(struct run *run, int number);

/* run.c: whether one more entry may be taken. */
bool run_has_room(const struct run *run);

/* entries.c: takes entries while there is room.  Returns true when the list
 * has more to give at once. */
bool entries_take(struct run *run);

/* run.c: TASK as listeners see it; RESULT may be NULL. */
struct listener_item run_item(const struct run *run, const struct task *task,
			      const struct result *result);

#endif
