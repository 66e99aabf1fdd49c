/* Where a comparison was made: names and values, for its reports. */
#ifndef PFETCH_LAB_ENVIRONMENT_H
#define PFETCH_LAB_ENVIRONMENT_H

#include <stddef.h>

/* The COUNTth fact, from 0; the texts are valid until the program ends.
 * One thread at a time. */
size_t environment_count(void);
const char *environment_name(size_t index);
const char *environment_value(size_t index);

#endif
