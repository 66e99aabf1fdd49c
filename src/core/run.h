/*
 * A run: one list, fetched under one strategy.
 *
 * The core is this one thread with its one libevent loop.  It reads the list
 * only as far as there is room, makes a task of each entry, submits its job,
 * and decides what follows when the job comes back.  See ARCHITECTURE.md,
 * "The life of a URL".
 */
#ifndef PFETCH_CORE_RUN_H
#define PFETCH_CORE_RUN_H

#include <curl/curl.h>
#include <stddef.h>

#include "base/settings.h"
#include "output/report.h"

/* Somebody who wants to know what happens.  All on the core's thread; what is
 * pointed to is valid during the call. */
struct run_observer {
	/* A job has come back: one try of one hop. */
	void (*attempt)(void *context, const struct report_item *item);
	/* An entry's result is final. */
	void (*entry)(void *context, const struct report_item *item);
	/* All is done and every worker has ended.  Not called when a worker
	 * that did not end in time after a signal had to be abandoned. */
	void (*ended)(void *context, const struct report_totals *totals);
	void *context;
};

struct run_request {
	struct settings settings;
	char *const *lists;            /* arguments: URLs, files, "-" */
	size_t list_count;
	struct curl_slist *connect_to; /* CURLOPT_CONNECT_TO(3), or NULL */
	const struct run_observer *observer; /* or NULL */
};

/* Fetches all, reports on the way, and returns the exit status: that of the
 * failed results, the lowest of them, or 0.  Sets *SIGNAL to the signal that
 * the process should die of, or to 0.  What keeps the run from beginning
 * ends the program with a message. */
int run_fetch(const struct run_request *request, int *signal);

#endif
