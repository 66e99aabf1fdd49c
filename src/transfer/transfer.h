/*
 * One transfer: a libcurl easy handle, kept and used for one job after
 * another, with the callbacks that count, check and store what arrives.
 *
 * A transfer belongs to one thread at a time.  It follows no redirect and
 * makes no second try: those are the core's decisions.
 */
#ifndef PFETCH_TRANSFER_TRANSFER_H
#define PFETCH_TRANSFER_TRANSFER_H

#include <curl/curl.h>

#include "base/job.h"
#include "base/settings.h"
#include "transfer/sink.h"

/* What all transfers of a run share; constant once made, for any thread. */
struct transfer_common {
	const struct settings *settings;
	struct sink_place place;
	struct curl_slist *connect_to; /* CURLOPT_CONNECT_TO(3), or NULL */
};

/* Told of the sockets that connections use, for those who watch them.
 * OPENED is called while JOB's transfer runs, when its connection is begun;
 * ANSWERED when it has a connection, new or kept.  CLOSING may come later too,
 * when a connection is dropped from the cache, until the multi handle is gone.
 * All are called from within libcurl: no use of its handles there. */
struct transfer_sockets {
	void (*opened)(void *context, const struct job *job, curl_socket_t fd);
	void (*answered)(void *context, const struct job *job);
	void (*closing)(void *context, curl_socket_t fd);
	void *context;
};

struct transfer;

/* Checks libcurl and starts it up; once, before any thread.  Returns NULL, or
 * words that say what is wrong with the libcurl that was found. */
const char *transfer_global_init(void);

/* SOCKETS may be NULL; it must outlive the connections.  Returns NULL when
 * libcurl has no memory for a handle.  transfer_free() only while no job is
 * under way. */
struct transfer *transfer_new(const struct transfer_common *common,
			      const struct transfer_sockets *sockets);
void transfer_free(struct transfer *transfer);

/* The handle, for a multi interface.  CURLOPT_PRIVATE is the caller's. */
CURL *transfer_easy(struct transfer *transfer);

/* Makes the handle ready to fetch JOB, whose result must be clear. */
void transfer_begin(struct transfer *transfer, struct job *job);

/* The handle ended with CODE (and is out of its multi handle): judges it,
 * fills in the job's result, location and body, and returns the job. */
struct job *transfer_end(struct transfer *transfer, CURLcode code);

/* The handle was taken out of its multi handle before its end: the job's
 * result is "aborted" and nothing is kept. */
struct job *transfer_abort(struct transfer *transfer);

#endif
