/* A run with all that it needs around it. */
#ifndef PFETCH_CMD_SESSION_H
#define PFETCH_CMD_SESSION_H

#include "core/run.h"

/* Starts libcurl up, runs REQUEST as run_fetch() does, and cleans up.  What is
 * asked of host origin.test goes to ORIGIN_PORT of 127.0.0.1, if that is not
 * 0. */
int session_run(struct run_request *request, unsigned origin_port,
		int *signal);

#endif
