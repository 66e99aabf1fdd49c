/*
 * How many entries the lists have, counted ahead of reading them, so that
 * progress can be shown as a part of the whole.
 *
 * Only regular files in the format of lines can be counted, a part at a time;
 * for others, the total is what was read so far.  For the core's thread only.
 */
#ifndef PFETCH_CORE_LIST_COUNT_H
#define PFETCH_CORE_LIST_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list_count;

/* As list_new(). */
struct list_count *list_count_new(char *const *arguments, size_t count,
				  bool null_separated);
void list_count_free(struct list_count *count);

/* Counts a few MiB more. */
void list_count_go_on(struct list_count *count);

/* Whether everything was counted; if so, sets *TOTAL. */
bool list_count_total(const struct list_count *count, uint64_t *total);

#endif
