/*
 * One transfer: a libcurl easy handle, reused for one job after another, with
 * the callbacks that count, check and store what arrives.
 *
 * A transfer belongs to one thread at a time.  It neither follows redirects
 * nor retries: those are the core's decisions.
 */
#ifndef PFETCH_TRANSFER_TRANSFER_H
#define PFETCH_TRANSFER_TRANSFER_H

#include <curl/curl.h>

#include "base/job.h"
#include "base/meter.h"
#include "base/settings.h"
#include "transfer/budget.h"
#include "transfer/sink.h"
#include "transfer/gate.h"
#include "transfer/throttle.h"

/* What all transfers of a run share.  It is constant once set up, so any
 * thread may read it. */
struct transfer_common {
	const struct settings *settings;
	struct sink_place place;
	struct curl_slist *connect_to; /* CURLOPT_CONNECT_TO(3), or NULL */
	struct curl_slist *resolve;    /* CURLOPT_RESOLVE(3), or NULL */
	const char *no_proxy;          /* CURLOPT_NOPROXY(3), or NULL */
	bool has_origin;               /* the built-in server is among them */
	bool proxied;                  /* there may be a proxy */
	bool keeps_cookies;            /* the core wants them */
	/* These are the only parts that change. */
	struct meter *meter;           /* of jobs in flight; or NULL */
	struct budget *budget;         /* NULL: no limit */
	struct throttle *throttle;     /* NULL: no limit */
	struct gate *gate;             /* for the look-ups of transfers that
					* have no sockets to watch */
};

/* Callbacks for callers that watch the sockets of connections.
 * OPENED is called during JOB's transfer when it starts a new connection;
 * ANSWERED when it has a connection, new or reused.  CLOSING may also be
 * called later, when a connection is dropped from the cache, until the multi
 * handle is gone.  PAUSED is called when a transfer must wait for its turn, so
 * that transfer_resume() has to be called.  All are called from within libcurl
 * and must not use its handles. */
struct transfer_sockets {
	void (*opened)(void *context, const struct job *job, curl_socket_t fd);
	void (*answered)(void *context, const struct job *job);
	void (*closing)(void *context, curl_socket_t fd);
	void (*paused)(void *context);
	void *context;
};

struct transfer;

/* Initializes and checks libcurl.  Call once, before any thread starts.
 * Returns NULL, or a message saying what is wrong with the libcurl found. */
const char *transfer_global_init(void);

/* SOCKETS may be NULL; otherwise it must outlive the connections.  Returns
 * NULL when libcurl has no memory for a handle.  Call transfer_free() only
 * while no job is in progress. */
struct transfer *transfer_new(const struct transfer_common *common,
			      const struct transfer_sockets *sockets);
void transfer_free(struct transfer *transfer);

/* The easy handle, for use with a multi handle.  CURLOPT_PRIVATE(3) and
 * CURLOPT_SHARE(3) are left to the caller, as is CURLOPT_FORBID_REUSE(3), which
 * has to be set again after transfer_begin(). */
CURL *transfer_easy(struct transfer *transfer);

/* Prepares the handle to fetch JOB, whose result must be clear. */
void transfer_begin(struct transfer *transfer, struct job *job);

/* Whether the transfer that has begun may be started now, which may look up a
 * name; if not, ask again soon.  For transfers without SOCKETS. */
bool transfer_may_start(struct transfer *transfer);

/* Resumes the transfer if it is paused because of the rate limit and its turn
 * has come.  Returns how many milliseconds later to call again, at least 1; or
 * 0 if it isn't paused. */
unsigned transfer_resume(struct transfer *transfer);

/* The handle ended with CODE and is out of its multi handle: judges the
 * transfer, fills in the job's result, location and body, and returns the
 * job. */
struct job *transfer_end(struct transfer *transfer, CURLcode code);

/* The handle was removed from its multi handle before its transfer ended: the
 * job's result is "aborted". */
struct job *transfer_abort(struct transfer *transfer);

#endif
