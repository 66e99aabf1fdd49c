/* How servers are reached: proxies, addresses and sockets. */
#include "config.h"

#include <netinet/in.h>
#include <string.h>

#include "base/address.h"
#include "base/fatal.h"
#include "transfer/transfer-internal.h"

#define SET(option, value) \
	must(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

/* Of those that libcurl knows, only schemes that need nothing but a login. */
static long auth_of(const char *name)
{
	if (strcmp(name, "any") == 0)
		return (long)(CURLAUTH_BASIC | CURLAUTH_DIGEST);
	return (long)(strcmp(name, "digest") == 0 ? CURLAUTH_DIGEST
						  : CURLAUTH_BASIC);
}

/* Without a proxy of its own, libcurl looks into the environment. */
static void configure_proxy(CURL *easy, const struct transfer_common *common)
{
	const struct net_settings *net = &common->settings->net;

	/* If none is found there, it need not look for each transfer. */
	if (!common->proxied)
		SET(CURLOPT_PROXY, "");
	else if (net->proxy != NULL)
		apply_text(easy, CURLOPT_PROXY, net->proxy);
	if (common->no_proxy != NULL)
		apply_text(easy, CURLOPT_NOPROXY, common->no_proxy);
	if (net->proxy_login != NULL)
		apply_text(easy, CURLOPT_PROXYUSERPWD, net->proxy_login);
	SET(CURLOPT_PROXYAUTH, auth_of(net->proxy_auth));
	/* The header of the response is what counts, not the proxy's. */
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static long address_kinds(const struct net_settings *net)
{
	return net->ipv4 ? CURL_IPRESOLVE_V4
	       : net->ipv6 ? CURL_IPRESOLVE_V6 : CURL_IPRESOLVE_WHATEVER;
}

void transfer_configure_network(struct transfer *transfer)
{
	const struct transfer_common *common = transfer->common;
	const struct net_settings *net = &common->settings->net;
	CURL *easy = transfer->easy;

	configure_proxy(easy, common);
	SET(CURLOPT_HTTPAUTH, auth_of(common->settings->ask.auth));
	SET(CURLOPT_IPRESOLVE, address_kinds(net));
	if (common->connect_to != NULL)
		SET(CURLOPT_CONNECT_TO, common->connect_to);
	if (common->resolve != NULL)
		SET(CURLOPT_RESOLVE, common->resolve);
	if (net->interface != NULL)
		apply_text(easy, CURLOPT_INTERFACE, net->interface);
	if (net->unix_socket != NULL)
		apply_text(easy, CURLOPT_UNIX_SOCKET_PATH, net->unix_socket);
	/* Whether libcurl can do these was checked at the start. */
	if (net->dns_servers != NULL)
		SET(CURLOPT_DNS_SERVERS, net->dns_servers);
	if (net->fast_open)
		SET(CURLOPT_TCP_FASTOPEN, 1L);
	/* A transfer had better wait for a connection that it can share than
	 * open one of its own. */
	if (net->http2)
		SET(CURLOPT_PIPEWAIT, 1L);
}

bool transfer_may_connect(struct transfer *transfer,
			  const struct sockaddr *address, const char *text)
{
	const struct transfer_common *common = transfer->common;
	bool restricted = common->settings->net.deny_private ||
			  (transfer->job->request->public_only &&
			   !common->proxied);

	if (!restricted || (address != NULL ? address_is_public(address)
					    : address_text_is_public(text)))
		return true;
	transfer->denied = true;
	return false;
}
