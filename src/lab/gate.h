/*
 * Validity before timing: whether the runs of a block did the same work.
 *
 * Only runs that did the same work may be compared.  A run that differs is
 * reported and left out, never averaged in.  Pure.
 */
#ifndef PFETCH_LAB_GATE_H
#define PFETCH_LAB_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/launch.h"

enum { GATE_FAULT_ROOM = 160 };

/* A run in a block, and why it is left out; FAULT is "" if it is valid. */
struct trial {
	struct sample sample;
	char fault[GATE_FAULT_ROOM];
};

/* What the runs of all blocks are checked against. */
struct gate {
	uint64_t entries;        /* in the list when it was surveyed */
	bool counted;            /* the origin counts requests */
	bool warmed;             /* the first block has been judged */
	bool has_norm;           /* whether NORM is set */
	struct measure_record norm;
};

/* Judges the COUNT runs of a block.  A run is sound if it completed, read as
 * many entries as the survey, began exactly one transfer per job (or fewer, if
 * worker processes died), and, by the origin's count, sent no more requests
 * than it had jobs.  It is valid if it also agrees with the norm on successes,
 * bytes and the digest of all bodies.  The norm is what more than half of the
 * sound runs of a block agree on, taken from the first block in which they do,
 * and kept in GATE.  In the first block, which is the warm-up, a single run
 * does not make a norm.  Sets the faults and returns the number of valid
 * runs. */
size_t gate_block(struct gate *gate, struct trial *const *trials,
		  size_t count);

#endif
