/*
 * Logins from a netrc file: "machine NAME login USER password TEXT", in any
 * layout, and "default" for other hosts (netrc(5), as curl and wget read it).
 * A word may be in quotes, with backslashes.  For the core's thread only.
 */
#ifndef PFETCH_CORE_NETRC_H
#define PFETCH_CORE_NETRC_H

#include "base/request.h"

struct netrc;

/* Reads the file PATH, or ~/.netrc if it is "".  Returns NULL if that can't be
 * done, and sets *FAULT to a message that the caller frees. */
struct netrc *netrc_new(const char *path, char **fault);
void netrc_free(struct netrc *netrc);

/* The login, "user:password", for REQUEST, or NULL; to be freed by the caller.
 * If the URL names a user, only an entry of that user will do; if it has a
 * password, none is needed.
 * Within the scope of the request, it is that of the host or the default.
 * Outside, a redirect may lead to a host that the file names, if it is another
 * host than the one that redirected, and not in the clear after TLS. */
char *netrc_login(const struct netrc *netrc, const struct request *request);

#endif
