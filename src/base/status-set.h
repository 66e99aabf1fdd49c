/* A set of HTTP status codes, as --accept-status gives it. */
#ifndef PFETCH_BASE_STATUS_SET_H
#define PFETCH_BASE_STATUS_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { STATUS_FIRST = 200, STATUS_LAST = 599 };

struct status_set {
	uint64_t bits[(STATUS_LAST - STATUS_FIRST) / 64 + 1];
};

/* Parses TEXT, such as "404,410,500-503,3xx", into SET.  Returns NULL, or a
 * static text that says what is wrong with it.  Pure. */
const char *status_set_parse(const char *text, struct status_set *set);

/* Whether SET has STATUS.  Pure. */
bool status_set_has(const struct status_set *set, int status);

#endif
