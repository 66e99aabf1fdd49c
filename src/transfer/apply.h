/*
 * A request as libcurl's options: the one place that knows how to ask for what
 * base/request.h can say.
 */
#ifndef PFETCH_TRANSFER_APPLY_H
#define PFETCH_TRANSFER_APPLY_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/request.h"

/* What a handle has of the request that it is set to.  Zeroed is nothing. */
struct applied {
	struct curl_slist *lines; /* its header lines, or NULL */
	bool special;             /* more is set than a plain request needs */
};

/* Makes EASY ask for what REQUEST says, which must outlive the transfer.  A
 * plain one after another needs its URL only. */
void apply(CURL *easy, struct applied *applied, const struct request *request);

/* The handle is gone. */
void applied_release(struct applied *applied);

#endif
