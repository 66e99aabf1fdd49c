/*
 * Requests as bytes: how they cross the wire to a worker process.
 *
 * Both ends are the same program on the same machine, so numbers go as they
 * lie in memory; lengths are checked all the same, as a message may be cut.
 */
#ifndef PFETCH_STRATEGY_SERIAL_H
#define PFETCH_STRATEGY_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/request.h"

/* Bytes that are written at their end or read from AT on.  Zeroed is empty;
 * the owner frees BYTES.  To read, BYTES and LENGTH alone are set. */
struct serial {
	char *bytes;
	size_t length, room, at;
	bool broken;             /* more was read than there was */
};

/* Adds LENGTH bytes, or a number. */
void serial_put(struct serial *serial, const void *bytes, size_t length);
void serial_put_number(struct serial *serial, uint64_t number);

/* Reads LENGTH bytes into BYTES, or a number; zeros when there are too few, and
 * `broken` is set. */
void serial_take(struct serial *serial, void *bytes, size_t length);
uint64_t serial_take_number(struct serial *serial);

/* Adds all of REQUEST, its terms included. */
void serial_put_request(struct serial *serial, const struct request *request);

/* Reads what serial_put_request() wrote as a request of its own, which the
 * caller frees; NULL when it is not all there. */
struct request *serial_take_request(struct serial *serial);

#endif
