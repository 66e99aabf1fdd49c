/*
 * Requests as libcurl options: the one place that translates what
 * base/request.h can express.
 */
#ifndef PFETCH_TRANSFER_APPLY_H
#define PFETCH_TRANSFER_APPLY_H

#include <curl/curl.h>
#include <stdbool.h>

#include "base/request.h"
#include "base/settings.h"

/* What is set on a handle for its current request.  Zero-initialized:
 * nothing. */
struct applied {
	struct curl_slist *lines; /* its header lines, or NULL */
	bool special;             /* more is set than for a plain request */
	bool offered;             /* content codings */
	bool insecure;            /* the certificate is not checked */
};

/* Sets up EASY for REQUEST, which must outlive the transfer.  When one plain
 * request follows another, only the URL changes. */
void apply(CURL *easy, struct applied *applied, const struct request *request,
	   const struct settings *settings);

/* Sets the text of OPTION, which libcurl copies. */
void apply_text(CURL *easy, CURLoption option, const char *text);

/* Whether REQUEST is sent with a login, or could be. */
bool apply_has_login(const struct request *request);

/* Frees what APPLIED holds, once the handle is gone. */
void applied_release(struct applied *applied);

#endif
