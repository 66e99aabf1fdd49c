/*
 * Partial files that earlier runs left in the output directory, for --continue.
 *
 * Each run with --continue has a list of its partial files (transfer/partial.h)
 * and holds a lock on it (flock(2)), so that no run takes files from another
 * that is still alive.  The first line of a list names the boot that it is of:
 * after a crash of the system, a file may have its length but not its bytes, so
 * the files of another boot are not continued.  For the core's thread only.
 */
#ifndef PFETCH_CORE_LEFTOVERS_H
#define PFETCH_CORE_LEFTOVERS_H

#include <stdbool.h>

#include "base/request.h"
#include "transfer/sink.h"

enum { LEFTOVERS_MAX = 10000 }; /* files that are remembered */

struct leftovers;

/* Begins the list of this run, which is PLACE's, and reads those of earlier
 * ones.  PLACE must outlive the leftovers.  Returns NULL, with errno, if the
 * list can't be created. */
struct leftovers *leftovers_new(const struct sink_place *place);

/* If there is a part of REQUEST's body, makes it the temporary file of job
 * NUMBER and returns the request that continues it, in place of REQUEST, which
 * is freed; otherwise returns REQUEST. */
struct request *leftovers_claim(struct leftovers *leftovers, uint64_t number,
				struct request *request);

/* Notes that the temporary file of job NUMBER has the first SURE bytes of
 * REQUEST's body, which VALIDATOR identifies, and perhaps others. */
void leftovers_note(struct leftovers *leftovers, uint64_t number,
		    const struct request *request, const char *validator,
		    uint64_t sure);

/* Whether the file called NAME is one that can be continued, or a list of such
 * files. */
bool leftovers_have(const struct leftovers *leftovers, const char *name);

/* Ends the list of this run, which stays only if partial files were KEPT. */
void leftovers_free(struct leftovers *leftovers, bool kept);

#endif
