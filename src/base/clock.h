/* Clock readings in microseconds.  Points in time come from the monotonic
 * clock, so setting the wall clock never shifts them. */
#ifndef PFETCH_BASE_CLOCK_H
#define PFETCH_BASE_CLOCK_H

#include <stdint.h>
#include <sys/time.h>
#include <time.h>

/* Microseconds since an arbitrary fixed point in time.  Thread-safe. */
uint64_t clock_now_us(void);

/* The time of CLOCK (see clock_gettime(2)) in microseconds, or 0 if there is
 * no such clock.  Thread-safe. */
uint64_t clock_read_us(clockid_t clock);

/* CPU time used so far by all threads of this process, in microseconds. */
uint64_t clock_process_us(void);

/* Converts MILLISECONDS to the struct that event_add(3) takes. */
struct timeval clock_timeval_ms(uint64_t milliseconds);

#endif
