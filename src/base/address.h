/* Which addresses are of the public Internet.  Pure. */
#ifndef PFETCH_BASE_ADDRESS_H
#define PFETCH_BASE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether ADDRESS may be of any host of the public Internet: not of this
 * machine, of a local network, or otherwise set apart (RFC 6890 and IANA's
 * special-purpose address registries).  An IPv6 address that stands for an IPv4
 * address is judged by that. */
bool address_is_public(const struct sockaddr *address);

/* The same for TEXT as inet_pton(3) reads it.  An IPv6 address may have a zone.
 * What is no address is not public. */
bool address_text_is_public(const char *text);

#endif
