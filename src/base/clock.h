/* Time, always from the monotonic clock: no wall clock can jump it. */
#ifndef PFETCH_BASE_CLOCK_H
#define PFETCH_BASE_CLOCK_H

#include <stdint.h>
#include <sys/time.h>
#include <time.h>

/* Microseconds since some fixed moment.  Any thread. */
uint64_t clock_now_us(void);

/* What CLOCK, see clock_gettime(2), shows in microseconds; 0 when there is no
 * such clock.  Any thread. */
uint64_t clock_read_us(clockid_t clock);

/* CPU time of all threads of this process so far, in microseconds. */
uint64_t clock_process_us(void);

/* MILLISECONDS as the struct that event_add(3) takes. */
struct timeval clock_timeval_ms(uint64_t milliseconds);

#endif
