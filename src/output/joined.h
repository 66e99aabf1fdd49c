/*
 * Bodies one after another in one output: --output-document, with --separator
 * and --null-out.
 */
#ifndef PFETCH_OUTPUT_JOINED_H
#define PFETCH_OUTPUT_JOINED_H

#include "base/settings.h"
#include "output/bodies.h"
#include "output/outlet.h"

/* Writes to OUT.  The caller keeps ownership of both arguments. */
struct bodies joined_new(struct outlet *out, const struct settings *settings);

/* Writes LENGTH bytes of the body that comes next; what begin() gets of it
 * later is the rest. */
void joined_stream(struct bodies *bodies, const char *bytes, size_t length);

#endif
