/*
 * Validity before timing: whether the runs of a block did the same work.
 *
 * Only runs that did may be compared; one that differs is shown and left out,
 * never averaged in.  Pure.
 */
#ifndef PFETCH_LAB_GATE_H
#define PFETCH_LAB_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/launch.h"

enum { GATE_FAULT_ROOM = 160 };

/* A run in its block, and why it is left out: "" when it is not. */
struct trial {
	struct sample sample;
	char fault[GATE_FAULT_ROOM];
};

/* Judges the COUNT runs of a block.  A run is valid when it came to its end,
 * began one transfer for each job and no more, was seen by the origin
 * (COUNTED: there is one) to ask no more often than that, and agrees with
 * more than half of the block's runs on successes, bytes and the digest of
 * all bodies.  Writes the faults; returns how many are valid. */
size_t gate_block(struct trial *const *trials, size_t count, bool counted);

#endif
