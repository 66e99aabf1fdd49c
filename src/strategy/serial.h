/*
 * Serialization of requests, for sending them to a worker process.
 *
 * Both ends are the same program on the same machine, so numbers keep their
 * native format; lengths are still checked, as a message may be truncated.
 */
#ifndef PFETCH_STRATEGY_SERIAL_H
#define PFETCH_STRATEGY_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/request.h"

/* A buffer that is written at its end or read from AT on.  Zero-initialized,
 * it is empty; the owner frees BYTES.  To read, set only BYTES and LENGTH. */
struct serial {
	char *bytes;
	size_t length, room, at;
	bool broken;             /* too short, or invalid */
};

/* Appends LENGTH bytes, or a number. */
void serial_put(struct serial *serial, const void *bytes, size_t length);
void serial_put_number(struct serial *serial, uint64_t number);

/* Reads LENGTH bytes into BYTES, or a number.  If too few are left, yields
 * zeros and sets `broken`. */
void serial_take(struct serial *serial, void *bytes, size_t length);
uint64_t serial_take_number(struct serial *serial);

/* Appends all of REQUEST, including its terms. */
void serial_put_request(struct serial *serial, const struct request *request);

/* Reads what serial_put_request() wrote, as a new request that the caller
 * frees; NULL if it is incomplete or invalid. */
struct request *serial_take_request(struct serial *serial);

#endif
