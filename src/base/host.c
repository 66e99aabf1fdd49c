/* The host of a URL; see host.h. */
#include "config.h"

#include "base/host.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct host host_of(const char *url)
{
	const char *start = strstr(url, "://") + 3;
	const char *end = start + strcspn(start, "/?#");
	struct host host;

	for (const char *at = start; at < end; at++) {
		if (*at == '@')
			start = at + 1;
	}
	host.name = start;
	host.length = strcspn(start, *start == '[' ? "]/?#" : ":/?#");
	if (start[host.length] == ']')
		host.length++;
	return host;
}

static long port_of(const char *url, struct host host)
{
	const char *end = host.name + host.length;

	if (*end == ':' && end[1] >= '0' && end[1] <= '9')
		return strtol(end + 1, NULL, 10);
	return strncasecmp(url, "https:", 6) == 0 ? 443 : 80;
}

long host_port(const char *url)
{
	return port_of(url, host_of(url));
}

bool host_same_origin(const char *one, const char *other)
{
	struct host left = host_of(one), right = host_of(other);
	size_t scheme = strcspn(one, ":") + 1;

	return strncasecmp(one, other, scheme) == 0 &&
	       left.length == right.length &&
	       strncasecmp(left.name, right.name, left.length) == 0 &&
	       port_of(one, left) == port_of(other, right);
}

/* Parses HOST as an IPv4 address. */
static bool read_ipv4(struct host host, struct in_addr *address)
{
	char text[INET_ADDRSTRLEN];

	if (host.length >= sizeof(text))
		return false;
	memcpy(text, host.name, host.length);
	text[host.length] = '\0';
	return inet_pton(AF_INET, text, address) == 1;
}

bool host_is_address(struct host host)
{
	struct in_addr address;

	return *host.name == '[' || read_ipv4(host, &address);
}

static bool ends_in(struct host host, const char *text)
{
	size_t length = strlen(text);

	return host.length >= length &&
	       strncasecmp(host.name + host.length - length, text,
			   length) == 0;
}

static bool is(struct host host, const char *name)
{
	return host.length == strlen(name) && ends_in(host, name);
}

bool host_is_origin(struct host host)
{
	return is(host, HOST_ORIGIN);
}

bool host_is_loopback(struct host host)
{
	struct in_addr address;

	if (read_ipv4(host, &address))
		return ntohl(address.s_addr) >> 24 == 127;
	return is(host, "localhost") || ends_in(host, ".localhost") ||
	       is(host, "[::1]");
}
