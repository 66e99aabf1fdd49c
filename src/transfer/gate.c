/* A limit on look-ups; see gate.h. */
#include "config.h"

#include "transfer/gate.h"

#include <stdatomic.h>
#include <sys/mman.h>

#include "base/clock.h"

struct gate {
	uint64_t hold_us;
	_Atomic uint64_t until_us[GATE_PLACES]; /* 0: free */
};

struct gate *gate_new(uint64_t hold_us)
{
	struct gate *gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (gate == MAP_FAILED)
		return NULL;
	gate->hold_us = hold_us;
	return gate;
}

void gate_free(struct gate *gate)
{
	munmap(gate, sizeof(*gate));
}

struct gate_place gate_enter(struct gate *gate)
{
	uint64_t now_us = clock_now_us();

	for (int index = 0; index < GATE_PLACES; index++) {
		uint64_t until_us = atomic_load(&gate->until_us[index]);
		struct gate_place place = { index, now_us + gate->hold_us };

		if (until_us <= now_us && atomic_compare_exchange_strong(
			&gate->until_us[index], &until_us, place.until_us))
			return place;
	}
	return (struct gate_place){ .index = -1 };
}

void gate_leave(struct gate *gate, struct gate_place place)
{
	uint64_t until_us = place.until_us;

	atomic_compare_exchange_strong(&gate->until_us[place.index],
				       &until_us, 0);
}
