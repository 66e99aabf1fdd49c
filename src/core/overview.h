/*
 * How far the run has come, for the listeners that show it, and for whoever
 * sends SIGUSR1.  For the core's thread only.
 */
#ifndef PFETCH_CORE_OVERVIEW_H
#define PFETCH_CORE_OVERVIEW_H

#include <stdbool.h>

struct run;
struct run_request;
struct overview;

/* Begins to tell the listeners of RUN, which are set up. */
struct overview *overview_new(struct run *run,
			      const struct run_request *request);
void overview_free(struct overview *overview);

/* Does what can't wait while the loop does not turn, because a strategy runs a
 * job within submit(): tells the listeners if it is time to, and passes bodies
 * on.  CONTEXT is the run.  Returns true if that is over. */
bool overview_idle(void *context);

/* The run is over: the listeners are told no more. */
void overview_end(struct overview *overview);

#endif
