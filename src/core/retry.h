/*
 * Whether and when a failed transfer is tried again.  Pure.
 */
#ifndef PFETCH_CORE_RETRY_H
#define PFETCH_CORE_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/result.h"

enum { RETRY_FIRST_MS = 500 };

/* Whether RESULT is a failure that may be transient: a connection that was
 * refused, reset or cut, a time-out, or one of the statuses 408, 429, 500, 502,
 * 503 and 504. */
bool retry_can_pass(const struct result *result);

/* How long to wait, in milliseconds, after TRIES tries before the next.
 *
 * Exponential back-off with full jitter: a RANDOM fraction of 0.5 s, doubled
 * with each further try.  A server's Retry-After is a lower bound, but the
 * delay never exceeds CAP_MS. */
uint64_t retry_delay_ms(const struct result *result, uint64_t tries,
			uint64_t cap_ms, uint64_t random);

#endif
