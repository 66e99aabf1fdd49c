/* A run, with the set-up and clean-up that it needs. */
#ifndef PFETCH_CMD_SESSION_H
#define PFETCH_CMD_SESSION_H

#include "core/run.h"

/* Sets up libcurl, runs REQUEST as run_fetch() does, and cleans up.  If
 * ORIGIN_PORT is not 0, requests to host origin.test go to that port of
 * 127.0.0.1. */
int session_run(struct run_request *request, unsigned origin_port,
		int *signal);

#endif
