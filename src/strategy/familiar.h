/*
 * Hosts that were asked lately: a table of fixed size that forgets.
 *
 * For each slot it keeps a part of the hash of the last scheme, host and port
 * that fell there.  A collision makes a host unfamiliar that is not, or, once
 * in 2^32, the other way round.  One thread at a time.
 */
#ifndef PFETCH_STRATEGY_FAMILIAR_H
#define PFETCH_STRATEGY_FAMILIAR_H

#include <stdbool.h>
#include <stdint.h>

enum { FAMILIAR_SLOTS = 4096 };

struct familiar {
	uint32_t slots[FAMILIAR_SLOTS]; /* zeroed: none */
};

/* Whether URL's scheme, host and port were seen before; they are from now
 * on. */
bool familiar_meet(struct familiar *familiar, const char *url);

#endif
