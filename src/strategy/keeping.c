/* Connections and TLS sessions that are kept; see keeping.h. */
#include "config.h"

#include "strategy/keeping.h"

#include <strings.h>

#include "base/limits.h"

enum { KEPT_SECURE = 4 };  /* as many as curl(1) keeps */

/* How many times as many connections are kept for TLS, whose handshake takes
 * longer than a request: more only if there are descriptors to spare. */
static size_t secure_factor(const struct settings *settings,
			    size_t descriptors)
{
	uint64_t needed = settings->jobs * 2 * descriptors;

	return limits_raise_descriptors() > needed + 64 ? KEPT_SECURE : 1;
}

void keeping_begin(struct keeping *keeping, CURLM *multi, size_t kept,
		   const struct settings *settings, size_t descriptors)
{
	keeping->settings = settings;
	keeping->kept = kept;
	keeping->kept_secure = kept * secure_factor(settings, descriptors);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS,
			  (long)keeping->kept_secure);
	/* The server says how many streams a connection may have; libcurl's
	 * own limit of 100 is not wanted. */
	curl_multi_setopt(multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
			  (long)INT32_MAX);
	keeping->sessions = curl_share_init();
	if (keeping->sessions != NULL)
		curl_share_setopt(keeping->sessions, CURLSHOPT_SHARE,
				  CURL_LOCK_DATA_SSL_SESSION);
}

void keeping_equip(const struct keeping *keeping, CURL *easy)
{
	if (keeping->sessions != NULL)
		curl_easy_setopt(easy, CURLOPT_SHARE, keeping->sessions);
}

bool keeping_is_single_use(struct keeping *keeping, const struct job *job,
			   size_t open)
{
	const char *url = job->request->url;
	size_t most = strncasecmp(url, "https:", 6) == 0
			      ? keeping->kept_secure : keeping->kept;

	/* When as many connections are open as may be kept, each further one
	 * replaces the oldest, which libcurl finds by searching all of them:
	 * not worth it for a host that was not contacted recently and may
	 * never be again. */
	return keeping->settings->net.no_keepalive ||
	       (!familiar_meet(&keeping->familiar, url) && open >= most);
}

void keeping_end(struct keeping *keeping)
{
	if (keeping->sessions != NULL)
		curl_share_cleanup(keeping->sessions);
}
