/*
 * A list of checksums of the files that were saved, as sha256sum(1) and its
 * relatives print and check it.
 */
#ifndef PFETCH_OUTPUT_CHECKSUMS_H
#define PFETCH_OUTPUT_CHECKSUMS_H

#include "base/settings.h"
#include "output/listener.h"
#include "output/outlet.h"

/* A listener that writes a line for each file to OUT, which stays the caller's,
 * as do the SETTINGS.  Names are relative to where pfetch was started. */
struct listener checksums_new(struct outlet *out,
			      const struct settings *settings);

#endif
