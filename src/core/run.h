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
#include "output/listener.h"

struct run_request {
	struct settings settings;
	char *const *lists;            /* arguments: URLs, files, "-" */
	size_t list_count;
	struct curl_slist *connect_to; /* CURLOPT_CONNECT_TO(3), or NULL */
	const struct listener *listener; /* beside those of the settings; or
					  * NULL; it stays the caller's */
};

/* Fetches all, reports on the way, and returns the exit status: that of the
 * failed results, the lowest of them, or 0.  Sets *SIGNAL to the signal that
 * the process should die of, or to 0.  What keeps the run from beginning
 * ends the program with a message. */
int run_fetch(const struct run_request *request, int *signal);

#endif
