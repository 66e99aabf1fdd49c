/* Clock readings; see clock.h. */
#include "config.h"

#include "base/clock.h"

#include <time.h>

uint64_t clock_read_us(clockid_t clock)
{
	struct timespec time;

	if (clock_gettime(clock, &time) != 0)
		return 0;
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

uint64_t clock_now_us(void)
{
	return clock_read_us(CLOCK_MONOTONIC);
}

uint64_t clock_process_us(void)
{
	return clock_read_us(CLOCK_PROCESS_CPUTIME_ID);
}

struct timeval clock_timeval_ms(uint64_t milliseconds)
{
	struct timeval time = {
		.tv_sec = (time_t)(milliseconds / 1000),
		.tv_usec = (suseconds_t)(milliseconds % 1000 * 1000),
	};

	return time;
}
