/*
 * The file name that a server suggests for a body: Content-Disposition, RFC
 * 6266.  Pure.
 */
#ifndef PFETCH_TRANSFER_DISPOSITION_H
#define PFETCH_TRANSFER_DISPOSITION_H

#include <stddef.h>

/* The name in VALUE, which has LENGTH bytes, or NULL if there is none: that of
 * "filename*" (RFC 8187), in UTF-8, before that of "filename".  It is raw and
 * untrusted, and may be a path.  The caller frees it. */
char *disposition_name(const char *value, size_t length);

#endif
