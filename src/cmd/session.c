/* A run, with its set-up and clean-up; see session.h. */
#include "config.h"

#include "cmd/session.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "cmd/options.h"
#include "transfer/transfer.h"

static struct curl_slist *append(struct curl_slist *list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(list, text);

	if (longer == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return longer;
}

static struct curl_slist *append_all(struct curl_slist *list,
				     const struct text_list *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		list = append(list, texts->texts[i]);
	return list;
}

/* Sends requests for the built-in server to PORT. */
static struct curl_slist *append_origin(struct curl_slist *list,
					unsigned port)
{
	char *rule = memory_format(HOST_ORIGIN "::127.0.0.1:%u", port);

	list = append(list, rule);
	free(rule);
	return list;
}

/* ---- proxies ---- */

static bool is_proxy_scheme(const char *scheme)
{
	static const char *const schemes[] = {
		"http", "https", "socks4", "socks4a", "socks5", "socks5h",
	};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		if (strcasecmp(schemes[i], scheme) == 0)
			return true;
	}
	return false;
}

/* Refuses a proxy that no transfer could use.  SOURCE names where it comes
 * from. */
static void check_proxy(const char *source, const char *url)
{
	CURLU *handle = curl_url();
	char *scheme = NULL;

	if (handle == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	/* The URL may contain a password, so it isn't shown. */
	if (curl_url_set(handle, CURLUPART_URL, url,
			 CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME) !=
		    CURLUE_OK ||
	    curl_url_get(handle, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
		options_usage_error("%s: malformed URL", source);
	if (strstr(url, "://") != NULL && !is_proxy_scheme(scheme))
		options_usage_error("%s: unsupported scheme '%s'", source,
				    scheme);
	curl_free(scheme);
	curl_url_cleanup(handle);
}

/* Whether the environment names a proxy, as libcurl reads it, that could be
 * used. */
static bool has_environment_proxy(void)
{
	static const char *const names[] = {
		"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
		"ALL_PROXY",
	};

	bool found = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value == NULL || *value == '\0')
			continue;
		check_proxy(names[i], value);
		found = true;
	}
	return found;
}

/* The hosts that are reached without a proxy: those of the option or the
 * environment, and the built-in server.  NULL: as the environment says. */
static char *hosts_without_proxy(const struct net_settings *net,
				 bool has_origin)
{
	const char *hosts = net->no_proxy;

	if (hosts == NULL && has_origin)
		hosts = getenv("no_proxy");
	if (hosts == NULL && has_origin)
		hosts = getenv("NO_PROXY");
	if (!has_origin || (hosts != NULL && strcmp(hosts, "*") == 0))
		return hosts != NULL ? memory_string(hosts) : NULL;
	return memory_format("%s%s" HOST_ORIGIN, hosts != NULL ? hosts : "",
			     hosts != NULL ? "," : "");
}

/* ---- what libcurl can't do everywhere ---- */

static void check_abilities(const struct settings *settings)
{
	const struct net_settings *net = &settings->net;
	CURL *easy = curl_easy_init();
	CURLcode code;

	if (easy == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	code = curl_easy_setopt(easy, CURLOPT_DNS_SERVERS, net->dns_servers);
	if (net->dns_servers != NULL && code != CURLE_OK)
		options_usage_error("--dns-servers: %s",
				    code == CURLE_BAD_FUNCTION_ARGUMENT
					? "not addresses of servers"
					: "this libcurl was built without "
					  "c-ares");
	if (net->fast_open &&
	    curl_easy_setopt(easy, CURLOPT_TCP_FASTOPEN, 1L) != CURLE_OK)
		options_usage_error("--tcp-fastopen: this libcurl can't do "
				    "it");
	if (net->http2 && (curl_version_info(CURLVERSION_NOW)->features &
			   CURL_VERSION_HTTP2) == 0)
		options_usage_error("--http2: this libcurl was built without "
				    "HTTP/2");
	curl_easy_cleanup(easy);
}

/* Files that TLS can't do without, and the socket. */
static void check_paths(const struct settings *settings)
{
	const struct tls_settings *tls = &settings->tls;
	const char *socket = settings->net.unix_socket;
	const struct {
		const char *option, *path;
	} paths[] = {
		{ "ca-certificate", tls->ca_certificate },
		{ "capath", tls->ca_directory },
		{ "cert", tls->certificate },
		{ "key", tls->key },
	};
	struct stat status;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (paths[i].path != NULL && access(paths[i].path, R_OK) != 0)
			options_usage_error("--%s: cannot read '%s': %s",
					    paths[i].option, paths[i].path,
					    strerror(errno));
	}
	if (socket == NULL)
		return;
	if (stat(socket, &status) != 0)
		options_usage_error("--unix-socket: '%s': %s", socket,
				    strerror(errno));
	if (!S_ISSOCK(status.st_mode))
		options_usage_error("--unix-socket: '%s' is not a socket",
				    socket);
}

static void set_up(struct run_request *request, unsigned origin_port)
{
	const struct net_settings *net = &request->settings.net;

	check_abilities(&request->settings);
	check_paths(&request->settings);
	if (net->proxy != NULL)
		check_proxy("--proxy", net->proxy);
	request->has_origin = origin_port != 0;
	if (origin_port != 0)
		request->connect_to = append_origin(request->connect_to,
						    origin_port);
	request->connect_to = append_all(request->connect_to,
					 &net->connect_to);
	request->resolve = append_all(request->resolve, &net->resolve);
	request->no_proxy = hosts_without_proxy(net, request->has_origin);
	request->proxied = !net->deny_private &&
			   (net->proxy != NULL || has_environment_proxy());
}

int session_run(struct run_request *request, unsigned origin_port, int *signal)
{
	const char *fault;
	int status;

	unsetenv("SSLKEYLOGFILE"); /* libcurl would write secrets there */
	fault = transfer_global_init();
	if (fault != NULL)
		fatal(EXIT_STATUS_LOCAL, "%s", fault);
	set_up(request, origin_port);
	status = run_fetch(request, signal);
	curl_slist_free_all(request->connect_to);
	curl_slist_free_all(request->resolve);
	free(request->no_proxy);
	request->connect_to = request->resolve = NULL;
	request->no_proxy = NULL;
	curl_global_cleanup();
	return status;
}
