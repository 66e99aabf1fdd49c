/*
 * Bodies in a web archive: WARC/1.1 (ISO 28500:2017), in which each record is a
 * gzip member of its own, with an index in the CDX format beside it.
 *
 * For each body there is a response record, with the header as it was received,
 * and a request record.  Failures are not in the archive.
 */
#ifndef PFETCH_OUTPUT_WARC_H
#define PFETCH_OUTPUT_WARC_H

#include "base/settings.h"
#include "output/bodies.h"

/* Writes the files that SETTINGS name, of which the caller keeps ownership.
 * Returns a stream of no kind, with errno, if they can't be created. */
struct bodies warc_new(const struct settings *settings);

/* The name of archive INDEX of FILE, with SUFFIX (".warc.gz" or ".cdx"); FILE
 * may have the suffix of an archive already.  The caller owns it.  Pure. */
char *warc_file_name(const char *file, uint64_t index, const char *suffix);

#endif
