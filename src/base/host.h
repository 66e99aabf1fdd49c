/* The host of a URL that has been parsed before.  Pure. */
#ifndef PFETCH_BASE_HOST_H
#define PFETCH_BASE_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a URL's text; valid as long as that. */
struct host {
	const char *name;  /* with the brackets of an IPv6 address */
	size_t length;
};

/* The name of the built-in server: one that is nobody's (RFC 6761, 6.2). */
#define HOST_ORIGIN "origin.test"

struct host host_of(const char *url);

/* Whether two URLs have one origin: scheme, host and port, spelled alike but
 * for letter case and a default port (RFC 6454, 4).  Two spellings of one host
 * count as different: that is the safe side. */
bool host_same_origin(const char *one, const char *other);

/* Whether it is an address, which nobody needs to look up. */
bool host_is_address(struct host host);

/* Whether it is this machine, by an address of its own (127.0.0.0/8, ::1) or
 * by a name that can mean nothing else (RFC 6761, 6.3: localhost). */
bool host_is_loopback(struct host host);

/* Whether its name is HOST_ORIGIN. */
bool host_is_origin(struct host host);

#endif
