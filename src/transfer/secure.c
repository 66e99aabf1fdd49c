/*
 * Whom TLS trusts, and which certificate we show.
 *
 * What is the same for all jobs is set once.  Two things depend on the host:
 * whether its certificate is checked at all, and whether ours is shown.
 */
#include "config.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/host.h"
#include "transfer/transfer-internal.h"

#define SET(option, value) \
	must(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

/* Trusts the user's CA certificates, or the system's.  libcurl as built by
 * distributions knows a file and a directory of the system's certificates: the
 * directory would be trusted beside the user's file, and with a directory
 * libcurl does not cache what it has read but reads hundreds of certificates
 * for each connection. */
static void configure_authorities(CURL *easy, const struct tls_settings *tls)
{
	const char *file = tls->ca_certificate;

#if LIBCURL_VERSION_NUM >= 0x075400
	if (file == NULL && tls->ca_directory == NULL)
		file = curl_version_info(CURLVERSION_NOW)->cainfo;
#endif
	if (tls->ca_certificate != NULL || tls->ca_directory != NULL) {
		apply_text(easy, CURLOPT_CAINFO, file);
		apply_text(easy, CURLOPT_PROXY_CAINFO, file);
	}
	if (tls->ca_directory != NULL || (file != NULL &&
					  access(file, R_OK) == 0)) {
		curl_easy_setopt(easy, CURLOPT_CAPATH, tls->ca_directory);
		curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH,
				 tls->ca_directory);
	}
}

static long lowest_version(const char *version)
{
	static const long versions[] = {
		CURL_SSLVERSION_TLSv1_0, CURL_SSLVERSION_TLSv1_1,
		CURL_SSLVERSION_TLSv1_2, CURL_SSLVERSION_TLSv1_3,
	};

	return versions[version[2] - '0'];
}

void transfer_configure_security(struct transfer *transfer)
{
	const struct tls_settings *tls = &transfer->common->settings->tls;
	CURL *easy = transfer->easy;

	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, lowest_version(tls->version));
	configure_authorities(easy, tls);
	apply_text(easy, CURLOPT_PINNEDPUBLICKEY, tls->pinned_key);
	/* Without any password, OpenSSL would ask for one at the terminal. */
	apply_text(easy, CURLOPT_KEYPASSWD,
		 tls->key_password != NULL ? tls->key_password : "");
}

static bool is_insecure(const struct tls_settings *tls, const char *url)
{
	struct host host = host_of(url);

	for (size_t i = 0; i < tls->insecure_hosts.count; i++) {
		const char *name = tls->insecure_hosts.texts[i];

		if (strlen(name) == host.length &&
		    strncasecmp(name, host.name, host.length) == 0)
			return strncasecmp(url, "https:", 6) == 0;
	}
	return false;
}

void transfer_choose_trust(struct transfer *transfer)
{
	const struct tls_settings *tls = &transfer->common->settings->tls;
	const struct request *request = transfer->job->request;
	bool insecure = is_insecure(tls, request->url), in_scope;
	CURL *easy = transfer->easy;

	if (insecure != transfer->applied.insecure) {
		SET(CURLOPT_SSL_VERIFYPEER, insecure ? 0L : 1L);
		SET(CURLOPT_SSL_VERIFYHOST, insecure ? 0L : 2L);
		transfer->applied.insecure = insecure;
	}
	if (tls->certificate == NULL)
		return;
	in_scope = request_in_scope(request);
	apply_text(easy, CURLOPT_SSLCERT, in_scope ? tls->certificate : NULL);
	apply_text(easy, CURLOPT_SSLKEY, in_scope ? tls->key : NULL);
}
