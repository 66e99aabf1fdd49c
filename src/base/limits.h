/* Resource limits of this process. */
#ifndef PFETCH_BASE_LIMITS_H
#define PFETCH_BASE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Raises the soft limit on open descriptors to the hard limit and returns
 * it. */
uint64_t limits_raise_descriptors(void);

/* Makes the kernel's descriptor table for this process large enough for COUNT
 * descriptors; does nothing if that many are not allowed.  Call it while there
 * is only one thread: in a multi-threaded process, Linux may block for tens of
 * milliseconds (synchronize_rcu) each time the table grows. */
void limits_reserve_descriptors(uint64_t count);

/* Whether no further descriptor is available at the moment. */
bool limits_descriptors_exhausted(void);

/* The number of processors that this process may run on, at least 1. */
uint64_t limits_processors(void);

/* Whether ERROR (an errno) means that descriptors, threads, processes or
 * memory ran out, so that less concurrency would help. */
bool limits_is_shortage(int error);

#endif
