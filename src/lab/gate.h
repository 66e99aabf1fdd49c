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

/* What all blocks have to hold to. */
struct gate {
	uint64_t entries;        /* of the list, when it was surveyed */
	bool counted;            /* the origin counts requests */
	bool warmed;             /* the first block has been judged */
	bool has_norm;           /* of an earlier block: */
	struct measure_record norm;
};

/* Judges the COUNT runs of a block.  A run is valid when it came to its end,
 * read as many entries as there were, began one transfer for each job and no
 * more, was seen by the origin to ask no more often than that, and agrees on
 * successes, bytes and the digest of all bodies with the norm.  The norm is
 * what more than half of a block's sound runs agree on, in the first block in
 * which they do; GATE keeps it.  Of the first block, which warms up the server
 * too, one run alone is no norm.  Writes the faults; returns how many are
 * valid. */
size_t gate_block(struct gate *gate, struct trial *const *trials,
		  size_t count);

#endif
