/* A run, with its set-up and clean-up; see session.h. */
#include "config.h"

#include "cmd/session.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "transfer/transfer.h"

/* Sends requests for the built-in server to PORT. */
static struct curl_slist *connect_to_origin(unsigned port)
{
	char *rule = memory_format(HOST_ORIGIN "::127.0.0.1:%u", port);
	struct curl_slist *list = curl_slist_append(NULL, rule);

	if (list == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	free(rule);
	return list;
}

int session_run(struct run_request *request, unsigned origin_port, int *signal)
{
	const char *fault;
	int status;

	unsetenv("SSLKEYLOGFILE"); /* libcurl would write secrets there */
	fault = transfer_global_init();
	if (fault != NULL)
		fatal(EXIT_STATUS_LOCAL, "%s", fault);
	if (origin_port != 0)
		request->connect_to = connect_to_origin(origin_port);
	status = run_fetch(request, signal);
	curl_slist_free_all(request->connect_to);
	request->connect_to = NULL;
	curl_global_cleanup();
	return status;
}
