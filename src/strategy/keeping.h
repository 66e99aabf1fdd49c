/*
 * What a reactor keeps between jobs for the jobs to come: connections and TLS
 * sessions.
 *
 * libcurl keeps both itself; this says how many, for whom, and that all handles
 * of a reactor share their sessions.  Used on the reactor's thread alone, so no
 * lock is needed.
 */
#ifndef PFETCH_STRATEGY_KEEPING_H
#define PFETCH_STRATEGY_KEEPING_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/job.h"
#include "base/settings.h"
#include "strategy/familiar.h"

struct keeping {
	const struct settings *settings;
	size_t kept, kept_secure; /* most connections, without and with TLS */
	struct familiar familiar;
	CURLSH *sessions;         /* NULL: each handle has its own */
};

/* MULTI is to keep KEPT connections, or more with TLS. */
void keeping_begin(struct keeping *keeping, CURLM *multi, size_t kept,
		   const struct settings *settings, size_t descriptors);

/* Has the new handle EASY share what is kept. */
void keeping_equip(const struct keeping *keeping, CURL *easy);

/* Whether the connection of JOB, while OPEN are, is to be closed after it. */
bool keeping_is_single_use(struct keeping *keeping, const struct job *job,
			   size_t open);

/* Call once all handles are gone. */
void keeping_end(struct keeping *keeping);

#endif
