/*
 * What each job in flight is doing, in memory that threads and worker processes
 * share: its phase, and the bytes of the body that have arrived.
 *
 * The core gives each job a place when it submits it; whoever runs the job
 * writes there, and the core reads.
 */
#ifndef PFETCH_BASE_METER_H
#define PFETCH_BASE_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum meter_phase {
	METER_QUEUED,            /* no worker has taken it */
	METER_CONNECTING,        /* or looking up the name */
	METER_WAITING,           /* for the response */
	METER_RECEIVING,
	METER_COMPUTING,         /* synthetic work on the response */
};

struct meter;

/* A meter with COUNT places.  Call before any thread or process is started.
 * Returns NULL, with errno, if there is no shared memory. */
struct meter *meter_new(size_t count);
void meter_free(struct meter *meter);

/* A free place, which is then taken, in METER_QUEUED; or COUNT if there is
 * none.  For the core's thread only, as is meter_leave(). */
size_t meter_take(struct meter *meter);
void meter_leave(struct meter *meter, size_t place);

/* Each is for whoever runs the job, and does nothing if PLACE is none or METER
 * is NULL. */
void meter_set_phase(struct meter *meter, size_t place,
		     enum meter_phase phase);
void meter_set_bytes(struct meter *meter, size_t place, uint64_t bytes);

/* What was written to PLACE last. */
enum meter_phase meter_read(const struct meter *meter, size_t place,
			    uint64_t *bytes);

/* "connecting" and so on. */
const char *meter_phase_name(enum meter_phase phase);

#endif
