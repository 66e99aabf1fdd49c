/*
 * Where a run writes: standard output and error, the files that options name,
 * and the stream of bodies, with the listeners that write there.
 */
#ifndef PFETCH_CORE_OUTPUTS_H
#define PFETCH_CORE_OUTPUTS_H

#include "output/listener.h"

struct run;

/* Opens all of them.  EXTRA is a further listener, or NULL.  The program ends
 * here, with a message, if a file can't be written. */
void outputs_open(struct run *run, const struct listener *extra);
void outputs_close(struct run *run);

/* Whether something is still to be written. */
bool outputs_pending(const struct run *run);

/* Writes what can be written without blocking. */
void outputs_flush(const struct run *run);

#endif
