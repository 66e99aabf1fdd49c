/*
 * How far the run has come, for the listeners that show it, and for whoever
 * sends SIGUSR1.  For the core's thread only.
 */
#ifndef PFETCH_CORE_OVERVIEW_H
#define PFETCH_CORE_OVERVIEW_H

struct run;
struct run_request;
struct overview;

/* Begins to tell the listeners of RUN, which are set up. */
struct overview *overview_new(struct run *run,
			      const struct run_request *request);
void overview_free(struct overview *overview);

/* Tells the listeners if it is time to.  To be called often while the loop does
 * not turn, because a strategy runs a job within submit(); CONTEXT is the
 * run. */
void overview_idle(void *context);

#endif
