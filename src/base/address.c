/* Which addresses are public; see address.h. */
#include "config.h"

#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A network of IPv4 addresses: the first BITS bits of NET. */
struct network4 {
	uint32_t net;
	unsigned bits;
};

#define IPV4(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

static const struct network4 special4[] = {
	{ IPV4(0, 0, 0, 0), 8 },       /* this network */
	{ IPV4(10, 0, 0, 0), 8 },      /* private */
	{ IPV4(100, 64, 0, 0), 10 },   /* shared by a provider's customers */
	{ IPV4(127, 0, 0, 0), 8 },     /* loopback */
	{ IPV4(169, 254, 0, 0), 16 },  /* link-local, and clouds' metadata */
	{ IPV4(172, 16, 0, 0), 12 },   /* private */
	{ IPV4(192, 0, 0, 0), 24 },    /* protocol assignments */
	{ IPV4(192, 0, 2, 0), 24 },    /* documentation */
	{ IPV4(192, 88, 99, 0), 24 },  /* relays of 6to4, no longer in use */
	{ IPV4(192, 168, 0, 0), 16 },  /* private */
	{ IPV4(198, 18, 0, 0), 15 },   /* benchmarks */
	{ IPV4(198, 51, 100, 0), 24 }, /* documentation */
	{ IPV4(203, 0, 113, 0), 24 },  /* documentation */
	{ IPV4(224, 0, 0, 0), 3 },     /* multicast, reserved, broadcast */
};

static bool is_public4(uint32_t address)
{
	for (size_t i = 0; i < sizeof(special4) / sizeof(*special4); i++) {
		if ((address ^ special4[i].net) >> (32 - special4[i].bits) == 0)
			return false;
	}
	return true;
}

/* A network of IPv6 addresses.  If EMBEDDED is not negative, an IPv4 address
 * follows at that byte, which decides; otherwise it is not public. */
struct network6 {
	uint8_t net[12];
	unsigned bits;
	int embedded;
};

static const struct network6 special6[] = {
	{ { [10] = 0xff, 0xff }, 96, 12 },             /* IPv4-mapped */
	{ { 0x00, 0x64, 0xff, 0x9b }, 96, 12 },        /* NAT64 */
	{ { 0x20, 0x02 }, 16, 2 },                     /* 6to4 */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32, -1 },        /* documentation */
	{ { 0x20, 0x01, 0x00 }, 23, -1 },              /* protocols, Teredo */
	{ { 0x3f, 0xff, 0x00 }, 20, -1 },              /* documentation */
};

static bool begins_with(const uint8_t *address, const uint8_t *net,
			unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	if (memcmp(address, net, bytes) != 0)
		return false;
	return rest == 0 || (address[bytes] ^ net[bytes]) >> (8 - rest) == 0;
}

static bool is_public6(const uint8_t address[16])
{
	for (size_t i = 0; i < sizeof(special6) / sizeof(*special6); i++) {
		const struct network6 *network = &special6[i];
		const uint8_t *inner;

		if (!begins_with(address, network->net, network->bits))
			continue;
		if (network->embedded < 0)
			return false;
		inner = address + network->embedded;
		return is_public4(IPV4(inner[0], inner[1], inner[2],
				       inner[3]));
	}
	/* Of all others, only 2000::/3 is in use between networks. */
	return address[0] >> 5 == 1;
}

bool address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&ipv4, address, sizeof(ipv4));
		return is_public4(ntohl(ipv4.sin_addr.s_addr));
	case AF_INET6:
		memcpy(&ipv6, address, sizeof(ipv6));
		return is_public6(ipv6.sin6_addr.s6_addr);
	default:
		return false;
	}
}

bool address_text_is_public(const char *text)
{
	char plain[INET6_ADDRSTRLEN];
	size_t length = strcspn(text, "%");
	struct in_addr ipv4;
	struct in6_addr ipv6;

	if (length >= sizeof(plain))
		return false;
	memcpy(plain, text, length);
	plain[length] = '\0';
	if (inet_pton(AF_INET, plain, &ipv4) == 1)
		return is_public4(ntohl(ipv4.s_addr));
	return inet_pton(AF_INET6, plain, &ipv6) == 1 &&
	       is_public6(ipv6.s6_addr);
}
