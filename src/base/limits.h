/* What the system lets this process have. */
#ifndef PFETCH_BASE_LIMITS_H
#define PFETCH_BASE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Raises the soft limit of open descriptors to the hard one and returns it. */
uint64_t limits_raise_descriptors(void);

/* Makes the kernel's table of this process's descriptors large enough for
 * COUNT of them; nothing when that many are not allowed.  To be
 * called while there is one thread: Linux lets a process with more wait for
 * tens of milliseconds (synchronize_rcu) each time that the table grows. */
void limits_reserve_descriptors(uint64_t count);

/* Whether no further descriptor can be had at this moment. */
bool limits_descriptors_exhausted(void);

/* Processors that this process may run on, at least 1. */
uint64_t limits_processors(void);

/* Whether ERROR (an errno) means that descriptors, threads, processes or
 * memory ran out, so that doing less at once would help. */
bool limits_is_shortage(int error);

#endif
