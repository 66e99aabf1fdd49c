/*
 * A limit on the bytes that all transfers together receive per second.
 *
 * It is one point in time in memory that threads and worker processes share:
 * when all bytes taken so far would have arrived at the permitted rate.
 * Whoever takes bytes moves it on and takes no more before then.
 */
#ifndef PFETCH_TRANSFER_THROTTLE_H
#define PFETCH_TRANSFER_THROTTLE_H

#include <stddef.h>
#include <stdint.h>

struct throttle;

/* BYTES_PER_SECOND must not be 0.  Call before any thread or process is
 * started.  Returns NULL, with errno, if there is no shared memory. */
struct throttle *throttle_new(uint64_t bytes_per_second);
void throttle_free(struct throttle *throttle);

/* The time before which nobody should take bytes.  Thread-safe, also between
 * processes. */
uint64_t throttle_turn(struct throttle *throttle);

/* BYTES have arrived: returns the time, by clock_now_us(), before which the
 * caller should take no more.  Thread-safe, also between processes. */
uint64_t throttle_take(struct throttle *throttle, size_t bytes);

#endif
