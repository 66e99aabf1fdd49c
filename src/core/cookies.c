/* The jar of cookies; see cookies.h. */
#include "config.h"

#include "base/siphash.h" /* before uthash.h */

#include "core/cookies.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <uthash.h>
#include <utlist.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "core/cookie.h"

enum { FILE_MAX = 64 << 20 };

/* The cookies of a domain, those with the longest paths first and then the
 * oldest, which is the order that they are sent in. */
struct domain {
	UT_hash_handle hh;
	struct cookie *cookies;
	size_t count;
	char name[];
};

struct cookies {
	struct domain *domains;
	size_t count;
	uint64_t created;
};

struct cookies *cookies_new(void)
{
	return memory_zeroed(sizeof(struct cookies));
}

static void drop(struct cookies *cookies, struct domain *domain,
		 struct cookie *cookie)
{
	DL_DELETE(domain->cookies, cookie);
	cookie_free(cookie);
	cookies->count--;
	if (--domain->count > 0)
		return;
	HASH_DEL(cookies->domains, domain);
	free(domain);
}

void cookies_free(struct cookies *cookies)
{
	while (cookies->domains != NULL)
		drop(cookies, cookies->domains, cookies->domains->cookies);
	free(cookies);
}

static struct domain *find(struct cookies *cookies, const char *name)
{
	struct domain *domain;

	HASH_FIND(hh, cookies->domains, name, strlen(name), domain);
	return domain;
}

static struct domain *find_or_add(struct cookies *cookies, const char *name)
{
	struct domain *domain = find(cookies, name);
	size_t length = strlen(name);

	if (domain != NULL)
		return domain;
	domain = memory_zeroed(sizeof(*domain) + length + 1);
	memcpy(domain->name, name, length);
	HASH_ADD_KEYPTR(hh, cookies->domains, domain->name, length, domain);
	return domain;
}

static bool is_expired(const struct cookie *cookie, int64_t now_s)
{
	return cookie->expires_s != 0 && cookie->expires_s <= now_s;
}

static struct cookie *oldest_of(const struct domain *domain)
{
	struct cookie *oldest = domain->cookies, *cookie;

	DL_FOREACH(domain->cookies, cookie) {
		if (cookie->number < oldest->number)
			oldest = cookie;
	}
	return oldest;
}

/* Drops the oldest cookie of all. */
static void drop_oldest(struct cookies *cookies)
{
	struct domain *domain, *next, *where = cookies->domains;

	HASH_ITER(hh, cookies->domains, domain, next) {
		if (oldest_of(domain)->number < oldest_of(where)->number)
			where = domain;
	}
	drop(cookies, where, oldest_of(where));
}

static int compare(const struct cookie *one, const struct cookie *other)
{
	size_t left = strlen(one->path), right = strlen(other->path);

	if (left != right)
		return left > right ? -1 : 1;
	return one->number < other->number ? -1 : 1;
}

static struct cookie *find_same(const struct domain *domain,
				const struct cookie *wanted)
{
	struct cookie *cookie;

	DL_FOREACH(domain->cookies, cookie) {
		if (strcmp(cookie->name, wanted->name) == 0 &&
		    strcmp(cookie->path, wanted->path) == 0 &&
		    cookie->host_only == wanted->host_only)
			return cookie;
	}
	return NULL;
}

/* Adds COOKIE, taking ownership of it, in place of one like it.  IN_CLEAR: it
 * came without TLS, and may not replace one that is only for TLS. */
static void put(struct cookies *cookies, struct cookie *cookie,
		bool in_clear, int64_t now_s)
{
	struct domain *domain = find(cookies, cookie->domain);
	struct cookie *before = domain != NULL
		? find_same(domain, cookie) : NULL;

	if (before != NULL && before->secure && in_clear) {
		cookie_free(cookie);
		return;
	}
	cookie->number = before != NULL ? before->number : ++cookies->created;
	if (before != NULL)
		drop(cookies, domain, before);
	if (is_expired(cookie, now_s)) {
		cookie_free(cookie);
		return;
	}
	domain = find(cookies, cookie->domain);
	if (domain != NULL && domain->count == COOKIES_A_DOMAIN)
		drop(cookies, domain, oldest_of(domain));
	if (cookies->count == COOKIES_MAX)
		drop_oldest(cookies);
	domain = find_or_add(cookies, cookie->domain);
	DL_INSERT_INORDER(domain->cookies, cookie, compare);
	domain->count++;
	cookies->count++;
}

void cookies_take(struct cookies *cookies, const char *url, const char *lines,
		  int64_t now_s)
{
	bool in_clear = strncasecmp(url, "https:", 6) != 0;

	for (const char *at = lines; *at != '\0';) {
		size_t length = strcspn(at, "\n");
		char *line = memory_copy(at, length);
		struct cookie *cookie = cookie_parse(line, url, now_s);

		if (cookie != NULL)
			put(cookies, cookie, in_clear, now_s);
		free(line);
		at += length + (at[length] == '\n');
	}
}

/* ---- what is sent ---- */

/* Adds what DOMAIN has for the URL to TEXT, which may move. */
static char *add_matches(char *text, const struct domain *domain,
			 const char *host, const char *path, bool secure,
			 int64_t now_s)
{
	const struct cookie *cookie;

	DL_FOREACH(domain->cookies, cookie) {
		size_t length = text != NULL ? strlen(text) : 0;
		char *longer;

		if (is_expired(cookie, now_s) ||
		    !cookie_matches(cookie, host, path, secure) ||
		    length + strlen(cookie->name) + strlen(cookie->value) +
			    3 > COOKIES_SENT_MAX)
			continue;
		longer = memory_format("%s%s%s=%s", length > 0 ? text : "",
				       length > 0 ? "; " : "", cookie->name,
				       cookie->value);
		free(text);
		text = longer;
	}
	return text;
}

char *cookies_for(struct cookies *cookies, const char *url, int64_t now_s)
{
	bool secure = strncasecmp(url, "https:", 6) == 0;
	char *host, *path, *text = NULL;

	if (cookies->count == 0)
		return NULL;
	host = cookie_host(url);
	path = cookie_path(url);
	/* The host itself, then each domain that it is in. */
	for (const char *name = host; name != NULL;) {
		const struct domain *domain = find(cookies, name);
		const char *dot = strchr(name, '.');

		if (domain != NULL)
			text = add_matches(text, domain, host, path, secure,
					   now_s);
		name = dot != NULL ? dot + 1 : NULL;
	}
	free(host);
	free(path);
	return text;
}

/* ---- files ---- */

static bool is_comment(const char *line)
{
	return line[strspn(line, " \t\r")] == '\0' ||
	       (*line == '#' && strncmp(line, "#HttpOnly_", 10) != 0);
}

char *cookies_load(struct cookies *cookies, const char *path, int64_t now_s)
{
	size_t length, number = 0;
	char *text = files_read(path, FILE_MAX, &length), *line, *rest = text;
	char *fault = NULL;

	if (text == NULL)
		return memory_format("cannot read '%s': %s", path,
				     strerror(errno));
	while (fault == NULL && (line = strsep(&rest, "\n")) != NULL) {
		struct cookie *cookie;

		number++;
		if (is_comment(line))
			continue;
		cookie = cookie_read(line);
		if (cookie == NULL)
			fault = memory_format("'%s', line %zu: not a cookie "
					      "in Netscape's format", path,
					      number);
		else
			put(cookies, cookie, false, now_s);
	}
	free(text);
	return fault;
}

int cookies_save(struct cookies *cookies, const char *path, int64_t now_s)
{
	struct evbuffer *lines = evbuffer_new();
	struct domain *domain, *next;
	struct cookie *cookie;
	int error;

	if (lines == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	evbuffer_add_printf(lines, "# Netscape HTTP Cookie File, written by "
			    "pfetch\n");
	HASH_ITER(hh, cookies->domains, domain, next) {
		DL_FOREACH(domain->cookies, cookie) {
			char *line = cookie_write(cookie);

			if (!is_expired(cookie, now_s))
				evbuffer_add_printf(lines, "%s\n", line);
			free(line);
		}
	}
	error = files_replace(path, (const char *)evbuffer_pullup(lines, -1),
			      evbuffer_get_length(lines), 0600);
	evbuffer_free(lines);
	return error;
}
