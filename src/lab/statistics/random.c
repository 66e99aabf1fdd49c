/* Reproducible random numbers; see random.h. */
#include "config.h"

#include "lab/statistics/random.h"

struct random random_from(uint64_t seed)
{
	struct random random;

	for (int i = 0; i < 4; i++) {
		uint64_t mixed = seed += 0x9e3779b97f4a7c15U;

		mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9U;
		mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebU;
		random.state[i] = mixed ^ mixed >> 31;
	}
	return random;
}

static uint64_t rotate(uint64_t value, int by)
{
	return value << by | value >> (64 - by);
}

static uint64_t next(struct random *random)
{
	uint64_t *state = random->state;
	uint64_t result = rotate(state[1] * 5, 7) * 9;
	uint64_t shifted = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= shifted;
	state[3] = rotate(state[3], 45);
	return result;
}

uint64_t random_below(struct random *random, uint64_t limit)
{
	/* Values from the last whole multiple of LIMIT up are rejected, as
	 * they would make low numbers more likely. */
	uint64_t end = UINT64_MAX - UINT64_MAX % limit;
	uint64_t value;

	do
		value = next(random);
	while (value >= end);
	return value % limit;
}

void random_shuffle(struct random *random, size_t *numbers, size_t count)
{
	for (size_t left = count; left > 1; left--) {
		size_t other = (size_t)random_below(random, left);
		size_t taken = numbers[left - 1];

		numbers[left - 1] = numbers[other];
		numbers[other] = taken;
	}
}
