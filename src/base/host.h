/* The host of a URL that has already been validated.  Pure. */
#ifndef PFETCH_BASE_HOST_H
#define PFETCH_BASE_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* Points into the text of the URL, and is valid only as long as that is. */
struct host {
	const char *name;  /* including the brackets of an IPv6 address */
	size_t length;
};

/* The host name of the built-in server, in a domain reserved for testing (RFC
 * 6761, 6.2). */
#define HOST_ORIGIN "origin.test"

struct host host_of(const char *url);

/* The port of URL: as given, or the default of its scheme. */
long host_port(const char *url);

/* Whether two URLs have the same origin: the same scheme, host and port,
 * ignoring letter case and with default ports filled in (RFC 6454, 4).  Two
 * different spellings of the same host count as different, which errs on the
 * safe side. */
bool host_same_origin(const char *one, const char *other);

/* Whether HOST is an IP address, which needs no look-up. */
bool host_is_address(struct host host);

/* Whether HOST is this machine, either by a loopback address (127.0.0.0/8,
 * ::1) or by a name reserved for it (RFC 6761, 6.3: localhost). */
bool host_is_loopback(struct host host);

/* Whether HOST is HOST_ORIGIN. */
bool host_is_origin(struct host host);

#endif
