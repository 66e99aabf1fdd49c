/* One cookie; see cookie.h. */
#include "config.h"

#include "core/cookie.h"

#include <ctype.h>
#include <curl/curl.h>
#include <inttypes.h>
#include <libpsl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/host.h"
#include "base/http-syntax.h"
#include "base/memory.h"
#include "base/units.h"

char *cookie_host(const char *url)
{
	struct host host = host_of(url);
	char *name = memory_copy(host.name, host.length);

	for (char *at = name; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return name;
}

char *cookie_path(const char *url)
{
	const char *start = strstr(url, "://") + 3;

	start += strcspn(start, "/?#");
	if (*start != '/')
		return memory_string("/");
	return memory_copy(start, strcspn(start, "?#"));
}

/* 5.1.4: the directory of the URL's path. */
static char *default_path(const char *url)
{
	char *path = cookie_path(url);
	char *slash = strrchr(path, '/');

	slash[slash == path] = '\0';
	return path;
}

/* 5.1.3: whether HOST is DOMAIN or below it. */
static bool is_within(const char *host, const char *domain)
{
	size_t all = strlen(host), part = strlen(domain);

	return all >= part && strcmp(host + all - part, domain) == 0 &&
	       (all == part || host[all - part - 1] == '.');
}

/* 5.1.4: whether PATH is PREFIX or below it. */
static bool is_below(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(path, prefix, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/' ||
		(length > 0 && prefix[length - 1] == '/'));
}

bool cookie_matches(const struct cookie *cookie, const char *host,
		    const char *path, bool secure)
{
	return (secure || !cookie->secure) &&
	       (!cookie->host_only || strcmp(host, cookie->domain) == 0) &&
	       is_below(path, cookie->path);
}

/* ---- Set-Cookie ---- */

static char *trimmed(const char *text, size_t length)
{
	while (length > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	while (length > 0 && (text[length - 1] == ' ' ||
			      text[length - 1] == '\t'))
		length--;
	return memory_copy(text, length);
}

/* 5.2.3: nobody may set cookies for all of a public suffix, such as
 * "co.uk". */
static void take_domain(struct cookie *cookie, const char *value)
{
	value += *value == '.';
	if (*value == '\0')
		return;
	free(cookie->domain);
	cookie->domain = memory_string(value);
	for (char *at = cookie->domain; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	cookie->host_only = false;
}

/* 5.2.2.  Returns false if VALUE is no number of seconds. */
static bool take_age(struct cookie *cookie, const char *value, int64_t now_s)
{
	bool negative = *value == '-';
	const char *digits = value + negative;
	uint64_t age;

	if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0')
		return false;
	if (units_parse_count(digits, &age) != 0)
		age = UINT64_MAX;
	if (negative || age == 0)
		cookie->expires_s = 1;
	else if (age > (uint64_t)(INT64_MAX - now_s))
		cookie->expires_s = INT64_MAX;
	else
		cookie->expires_s = now_s + (int64_t)age;
	return true;
}

static void take_expires(struct cookie *cookie, const char *value)
{
	time_t time = curl_getdate(value, NULL);

	if (time != (time_t)-1)
		cookie->expires_s = time > 0 ? (int64_t)time : 1;
}

/* Takes the attribute NAME.  Max-Age comes before Expires, whatever their
 * order. */
static void take_attribute(struct cookie *cookie, const char *name,
			   const char *value, int64_t now_s, bool *aged)
{
	if (strcasecmp(name, "Domain") == 0) {
		take_domain(cookie, value);
	} else if (strcasecmp(name, "Path") == 0 && *value == '/') {
		free(cookie->path);
		cookie->path = memory_string(value);
	} else if (strcasecmp(name, "Secure") == 0) {
		cookie->secure = true;
	} else if (strcasecmp(name, "HttpOnly") == 0) {
		cookie->http_only = true;
	} else if (strcasecmp(name, "Max-Age") == 0) {
		*aged = take_age(cookie, value, now_s) || *aged;
	} else if (strcasecmp(name, "Expires") == 0 && !*aged) {
		take_expires(cookie, value);
	}
}

static void take_attributes(struct cookie *cookie, const char *at,
			    int64_t now_s)
{
	bool aged = false;

	while (*at == ';') {
		size_t length = strcspn(++at, ";");
		size_t name = strcspn(at, "=;");
		char *key = trimmed(at, name < length ? name : length);
		char *value = name < length
			? trimmed(at + name + 1, length - name - 1)
			: memory_string("");

		take_attribute(cookie, key, value, now_s, &aged);
		free(key);
		free(value);
		at += length;
	}
}

/* Whether the server of URL may set a cookie for that domain. */
static bool is_own_domain(struct cookie *cookie, const char *url)
{
	char *host = cookie_host(url);
	bool address = host_is_address(host_of(url));
	bool own = strcmp(host, cookie->domain) == 0;

	/* A host that is a public suffix itself has cookies of its own (5.3,
	 * step 5). */
	if (own && psl_is_public_suffix(psl_builtin(), host))
		cookie->host_only = true;
	if (!own && !address && is_within(host, cookie->domain))
		own = psl_is_cookie_domain_acceptable(psl_builtin(), host,
						      cookie->domain);
	free(host);
	return own;
}

/* RFC 6265bis, 4.1.3: prefixes that promise something. */
static bool keeps_promise(const struct cookie *cookie)
{
	if (strncmp(cookie->name, "__Secure-", 9) == 0)
		return cookie->secure;
	if (strncmp(cookie->name, "__Host-", 7) == 0)
		return cookie->secure && cookie->host_only &&
		       strcmp(cookie->path, "/") == 0;
	return true;
}

struct cookie *cookie_parse(const char *text, const char *url, int64_t now_s)
{
	size_t pair = strcspn(text, ";"), name = strcspn(text, "=;");
	bool secure = strncasecmp(url, "https:", 6) == 0;
	struct cookie *cookie;

	if (name >= pair || pair > COOKIE_MAX || http_has_control(text))
		return NULL;
	cookie = memory_zeroed(sizeof(*cookie));
	cookie->name = trimmed(text, name);
	cookie->value = trimmed(text + name + 1, pair - name - 1);
	cookie->domain = cookie_host(url);
	cookie->path = default_path(url);
	cookie->host_only = true;
	take_attributes(cookie, text + pair, now_s);
	if (host_is_address(host_of(url)))
		cookie->host_only = true;
	/* A tab would end a field of the file. */
	if (*cookie->name != '\0' && strchr(text, '\t') == NULL &&
	    (secure || !cookie->secure) && is_own_domain(cookie, url) &&
	    keeps_promise(cookie))
		return cookie;
	cookie_free(cookie);
	return NULL;
}

/* ---- files ---- */

enum { DOMAIN, TAIL, PATH, SECURE, EXPIRES, NAME, VALUE, PARTS };

static bool is_true(const char *text)
{
	return strcasecmp(text, "TRUE") == 0;
}

static struct cookie *from_parts(char *const parts[PARTS], bool http_only)
{
	struct cookie *cookie;
	uint64_t expires;

	if (*parts[DOMAIN] == '\0' || *parts[NAME] == '\0' ||
	    *parts[PATH] != '/' ||
	    units_parse_count(parts[EXPIRES], &expires) != 0)
		return NULL;
	cookie = memory_zeroed(sizeof(*cookie));
	take_domain(cookie, parts[DOMAIN]);
	cookie->path = memory_string(parts[PATH]);
	cookie->name = memory_string(parts[NAME]);
	cookie->value = memory_string(parts[VALUE]);
	cookie->host_only = !is_true(parts[TAIL]);
	cookie->secure = is_true(parts[SECURE]);
	cookie->http_only = http_only;
	cookie->expires_s = expires > INT64_MAX ? INT64_MAX : (int64_t)expires;
	return cookie;
}

struct cookie *cookie_read(const char *line)
{
	static const char prefix[] = "#HttpOnly_";
	bool http_only = strncmp(line, prefix, sizeof(prefix) - 1) == 0;
	char *copy = memory_string(line + (http_only ? sizeof(prefix) - 1 : 0));
	static char empty[] = "";
	char *parts[PARTS] = { NULL }, *rest = copy;
	struct cookie *cookie = NULL;
	int count = 0;

	copy[strcspn(copy, "\r")] = '\0';
	while (count < VALUE && rest != NULL)
		parts[count++] = strsep(&rest, "\t");
	parts[VALUE] = rest != NULL ? rest : empty;
	if (count == VALUE && !http_has_control(parts[VALUE]) &&
	    strchr(parts[VALUE], '\t') == NULL)
		cookie = from_parts(parts, http_only);
	if (cookie != NULL && cookie->domain == NULL) {
		cookie_free(cookie);
		cookie = NULL;
	}
	free(copy);
	return cookie;
}

char *cookie_write(const struct cookie *cookie)
{
	return memory_format("%s%s%s\t%s\t%s\t%s\t%" PRId64 "\t%s\t%s",
			     cookie->http_only ? "#HttpOnly_" : "",
			     cookie->host_only ? "" : ".", cookie->domain,
			     cookie->host_only ? "FALSE" : "TRUE",
			     cookie->path, cookie->secure ? "TRUE" : "FALSE",
			     cookie->expires_s, cookie->name, cookie->value);
}

void cookie_free(struct cookie *cookie)
{
	free(cookie->name);
	free(cookie->value);
	free(cookie->domain);
	free(cookie->path);
	free(cookie);
}
