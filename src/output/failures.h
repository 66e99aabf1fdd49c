/*
 * The list of entries that failed, as a list that pfetch takes again: each line
 * is what the list said, with all its fields.
 */
#ifndef PFETCH_OUTPUT_FAILURES_H
#define PFETCH_OUTPUT_FAILURES_H

#include "output/listener.h"
#include "output/outlet.h"

/* A listener that writes to OUT, of which the caller keeps ownership.  Each
 * entry ends in END, '\n' or NUL. */
struct listener failures_new(struct outlet *out, char end);

#endif
