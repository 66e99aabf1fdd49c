/*
 * Bodies as the members of a tar archive, written by libarchive(3) as ustar,
 * with pax headers where that does not suffice.
 *
 * A failed entry is in the archive as its record, .failed/NAME.json (no body is
 * called so), unless failures are to be left out.  With shards, every body is
 * followed by its record, and another archive begins after so many bodies; the
 * two are a sample of WebDataset, which takes members for one sample if their
 * names agree up to the first dot of their last component.
 */
#ifndef PFETCH_OUTPUT_TAR_H
#define PFETCH_OUTPUT_TAR_H

#include "base/settings.h"
#include "output/bodies.h"
#include "output/outlet.h"

/* Writes to OUT; or, if that is NULL, to shards that are created as SETTINGS
 * say.  The caller keeps ownership of both. */
struct bodies tar_new(struct outlet *out, const struct settings *settings);

/* The name of shard INDEX of FILE: "data-000007.tar" for 7 of "data.tar".  The
 * caller owns it.  Pure. */
char *tar_shard_name(const char *file, uint64_t index);

#endif
