/* The syntax of options about connections; see net-syntax.h. */
#include "config.h"

#include "cmd/net-syntax.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/http-syntax.h"

enum {
	HOST_MAX = 253,
	PIN_LENGTH = 44, /* SHA-256 in base64 */
};

/* How long the host at the start of TEXT is: a name, an address, or an IPv6
 * address in brackets.  -1: it is none. */
static int host_length(const char *text)
{
	size_t length = *text == '[' ? strcspn(text, "]") + 1
				     : strcspn(text, ":");

	if (*text == '[' && text[length - 1] != ']')
		return -1;
	if (length > HOST_MAX || strcspn(text, " /@?#\\,") < length)
		return -1;
	return (int)length;
}

/* How long the port at the start of TEXT is; 0: there is none; -1: it is no
 * port. */
static int port_length(const char *text)
{
	size_t length = strspn(text, "0123456789");
	unsigned port = 0;

	if (length > 5)
		return -1;
	for (size_t i = 0; i < length; i++)
		port = port * 10 + (unsigned)(text[i] - '0');
	return port <= 65535 ? (int)length : -1;
}

/* Moves *AT past a host and a port, each followed by a colon.  Returns false if
 * they aren't there. */
static bool skip_host_and_port(const char **at, bool may_be_empty)
{
	int host = host_length(*at), port;

	if (host < 0 || (host == 0 && !may_be_empty) || (*at)[host] != ':')
		return false;
	*at += host + 1;
	port = port_length(*at);
	if (port < 0 || (port == 0 && !may_be_empty) || (*at)[port] != ':')
		return false;
	*at += port + 1;
	return true;
}

static bool is_address(const char *text, size_t length)
{
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (length >= 2 && *text == '[' && text[length - 1] == ']') {
		text++;
		length -= 2;
	}
	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return inet_pton(AF_INET, copy, &address) == 1 ||
	       inet_pton(AF_INET6, copy, &address) == 1;
}

const char *net_resolve_fault(const char *text)
{
	static const char fault[] = "not of the form HOST:PORT:ADDRESS";

	if (!skip_host_and_port(&text, false))
		return fault;
	for (;;) {
		size_t length = strcspn(text, ",");

		if (!is_address(text, length))
			return fault;
		if (text[length] == '\0')
			return NULL;
		text += length + 1;
	}
}

const char *net_connect_to_fault(const char *text)
{
	static const char fault[] = "not of the form HOST:PORT:HOST:PORT";
	int length;

	if (!skip_host_and_port(&text, true))
		return fault;
	length = host_length(text);
	if (length < 0 || text[length] != ':')
		return fault;
	text += length + 1;
	length = port_length(text);
	return length >= 0 && text[length] == '\0' ? NULL : fault;
}

const char *net_host_fault(const char *text)
{
	int length = host_length(text);

	return length > 0 && text[length] == '\0' && !http_has_control(text)
		       ? NULL : "not a host";
}

const char *net_interface_fault(const char *text)
{
	const char *name = strncmp(text, "if!", 3) == 0 ? text + 3
			   : strncmp(text, "host!", 5) == 0 ? text + 5 : text;

	return *name != '\0' && strlen(name) <= HOST_MAX &&
	       !http_has_control(name) && strpbrk(name, " /") == NULL
		       ? NULL : "not an interface, an address or a host";
}

/* Moves *AT past a hash.  Returns false if there is none. */
static bool skip_pin(const char **at)
{
	static const char prefix[] = "sha256//";
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/=";

	if (strncmp(*at, prefix, sizeof(prefix) - 1) != 0)
		return false;
	*at += sizeof(prefix) - 1;
	if (strspn(*at, letters) != PIN_LENGTH)
		return false;
	*at += PIN_LENGTH;
	return true;
}

const char *net_pin_fault(const char *text)
{
	static const char fault[] = "neither a file that can be read nor "
				    "sha256// and the hash of a key";

	if (strncmp(text, "sha256//", 8) != 0)
		return access(text, R_OK) == 0 ? NULL : fault;
	while (skip_pin(&text)) {
		if (*text == '\0')
			return NULL;
		if (*text++ != ';')
			break;
	}
	return fault;
}
