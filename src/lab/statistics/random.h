/*
 * Random numbers that can be had again: the same seed gives the same order of
 * runs and the same intervals.  xoshiro256** (Blackman and Vigna, 2018),
 * seeded by splitmix64.
 */
#ifndef PFETCH_STATISTICS_RANDOM_H
#define PFETCH_STATISTICS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state[4];
};

struct random random_from(uint64_t seed);

/* A number below LIMIT, which is not 0; each equally likely. */
uint64_t random_below(struct random *random, uint64_t limit);

/* Puts the COUNT numbers into a random order; each order equally likely. */
void random_shuffle(struct random *random, size_t *numbers, size_t count);

#endif
