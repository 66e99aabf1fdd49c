/*
 * Recently contacted hosts: a table of fixed size that forgets.
 *
 * Each slot keeps part of the hash of the last scheme, host and port that
 * mapped to it.  A collision makes a familiar host look unfamiliar or, once in
 * 2^31, the other way round.  Used by one thread at a time.
 */
#ifndef PFETCH_STRATEGY_FAMILIAR_H
#define PFETCH_STRATEGY_FAMILIAR_H

#include <stdbool.h>
#include <stdint.h>

enum { FAMILIAR_SLOTS = 4096 };

struct familiar {
	uint32_t slots[FAMILIAR_SLOTS]; /* 0: empty */
};

/* Whether URL's scheme, host and port were seen recently.  Records them as
 * seen. */
bool familiar_meet(struct familiar *familiar, const char *url);

#endif
