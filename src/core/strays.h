/*
 * Temporary files in the output directory that were there before the run.
 *
 * Some are complete but have not got their names before their run ended; others
 * are of no use.  For the core's thread only.
 */
#ifndef PFETCH_CORE_STRAYS_H
#define PFETCH_CORE_STRAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash-set.h"
#include "transfer/sink.h"

struct strays;

/* Finds those in PLACE's directory, if it has one; PLACE must outlive them. */
struct strays *strays_find(const struct sink_place *place);
void strays_free(struct strays *strays);

/* The size of the regular file NAME in PLACE's directory; -1: there is none. */
int64_t strays_size(const struct sink_place *place, const char *name);

/* If TEMP is one of them, it is complete with so many BYTES and is to be called
 * NAME; what is said last counts. */
void strays_note(struct strays *strays, const char *temp, size_t temp_length,
		 const char *name, size_t name_length, uint64_t bytes);

/* Gives complete files their names, which may be those of other files if
 * REPLACE, of which BACKUPS are kept. */
void strays_rename(struct strays *strays, bool replace, uint64_t backups);

/* Removes those that are left of RUNS, unless KEEP wants them, and forgets
 * all. */
void strays_sweep(struct strays *strays, const struct hash_set *runs,
		  bool (*keep)(void *context, const char *temp),
		  void *context);

#endif
