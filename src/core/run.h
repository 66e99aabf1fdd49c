/*
 * A run: one list, fetched under one strategy.
 *
 * The core is one thread with one libevent loop.  It reads the list only while
 * there is room, makes a task of each entry, submits the task's job, and
 * decides what to do next when the job comes back.  See ARCHITECTURE.md, "The
 * life of a URL".
 */
#ifndef PFETCH_CORE_RUN_H
#define PFETCH_CORE_RUN_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/settings.h"
#include "output/listener.h"

struct run_request {
	struct settings settings;
	char *const *lists;            /* arguments: URLs, files, "-" */
	size_t list_count;
	/* As for struct transfer_common. */
	struct curl_slist *connect_to, *resolve;
	char *no_proxy;
	bool has_origin, proxied;
	const struct listener *listener; /* an additional one, or NULL; the
					  * caller keeps ownership */
};

/* Fetches everything, reporting as it goes, and returns the exit status: the
 * lowest status among the failures, or 0.  Sets *SIGNAL to the signal that the
 * process should die of, or to 0.  The process ends here, with a message, if
 * the run can't begin; and also if workers do not end in time once the run is
 * stopped. */
int run_fetch(const struct run_request *request, int *signal);

#endif
