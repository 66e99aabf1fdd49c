/* The environment of a comparison, for its reports: names and values. */
#ifndef PFETCH_LAB_ENVIRONMENT_H
#define PFETCH_LAB_ENVIRONMENT_H

#include <stddef.h>

/* The number of facts, and the name and value of fact INDEX, from 0.  The texts
 * are valid until the program ends.  Not thread-safe. */
size_t environment_count(void);
const char *environment_name(size_t index);
const char *environment_value(size_t index);

#endif
