/* A limit on bytes per second; see throttle.h. */
#include "config.h"

#include "transfer/throttle.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/clock.h"

/* Time that was not used may be made up for, but only so much of it. */
enum { BURST_US = 50 * 1000 };

struct throttle {
	_Atomic uint64_t paid_us;
	uint64_t bytes_per_second;
};

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics need a lock");

struct throttle *throttle_new(uint64_t bytes_per_second)
{
	struct throttle *throttle = mmap(NULL, sizeof(*throttle),
					 PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (throttle == MAP_FAILED)
		return NULL;
	atomic_init(&throttle->paid_us, 0);
	throttle->bytes_per_second = bytes_per_second;
	return throttle;
}

void throttle_free(struct throttle *throttle)
{
	munmap(throttle, sizeof(*throttle));
}

uint64_t throttle_turn(struct throttle *throttle)
{
	return atomic_load(&throttle->paid_us);
}

uint64_t throttle_take(struct throttle *throttle, size_t bytes)
{
	uint64_t cost_us = (uint64_t)((double)bytes * 1e6 /
				      (double)throttle->bytes_per_second);
	uint64_t earliest_us = clock_now_us() - BURST_US, next_us;
	uint64_t paid_us = atomic_load(&throttle->paid_us);

	do
		next_us = (paid_us > earliest_us ? paid_us : earliest_us) +
			  cost_us;
	while (!atomic_compare_exchange_weak(&throttle->paid_us, &paid_us,
					     next_us));
	return next_us;
}
