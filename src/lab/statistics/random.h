/*
 * Reproducible random numbers: the same seed gives the same order of runs and
 * the same intervals.  xoshiro256** (Blackman and Vigna, 2018), seeded by
 * splitmix64.
 */
#ifndef PFETCH_STATISTICS_RANDOM_H
#define PFETCH_STATISTICS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state[4];
};

struct random random_from(uint64_t seed);

/* A number below LIMIT, which must not be 0; all are equally likely. */
uint64_t random_below(struct random *random, uint64_t limit);

/* Shuffles the COUNT numbers; all orders are equally likely. */
void random_shuffle(struct random *random, size_t *numbers, size_t count);

#endif
