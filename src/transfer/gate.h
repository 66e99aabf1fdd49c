/*
 * A limit on the name look-ups that threads or worker processes do at a time.
 *
 * It is a number of places in memory that all of them share.  A place that was
 * not given back, because its holder was killed, is free again after a while.
 */
#ifndef PFETCH_TRANSFER_GATE_H
#define PFETCH_TRANSFER_GATE_H

#include <stdint.h>

enum { GATE_PLACES = 32 };

struct gate;

/* A place is held for HOLD_US microseconds at most.  Call before any thread or
 * process is started.  Returns NULL, with errno, if there is no shared
 * memory. */
struct gate *gate_new(uint64_t hold_us);
void gate_free(struct gate *gate);

/* A place that was taken. */
struct gate_place {
	int index;               /* -1: none */
	uint64_t until_us;
};

/* Takes a place; its index is -1 if there is none now.  Thread-safe, also
 * between processes. */
struct gate_place gate_enter(struct gate *gate);

/* Gives PLACE back, unless its time was over and another has it.  Thread-safe,
 * also between processes. */
void gate_leave(struct gate *gate, struct gate_place place);

#endif
