/* URLs; see url.h. */
#include "config.h"

#include "core/url.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"

enum { HOST_MAX = 253 }; /* RFC 1035, 2.3.4, as text */

struct url_parser {
	CURLU *handle;
};

static CURLU *new_handle(void)
{
	CURLU *handle = curl_url();

	if (handle == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return handle;
}

struct url_parser *url_parser_new(void)
{
	struct url_parser *parser = memory_zeroed(sizeof(*parser));

	parser->handle = new_handle();
	return parser;
}

void url_parser_free(struct url_parser *parser)
{
	curl_url_cleanup(parser->handle);
	free(parser);
}

/* Refuses what libcurl would accept but people could read differently. */
static const char *check_text(const char *text)
{
	const char *host = strstr(text, "://");
	size_t length;

	if (host == NULL)
		return "no scheme: must begin with http:// or https://";
	length = (size_t)(host - text);
	if (!(length == 4 && strncasecmp(text, "http", 4) == 0) &&
	    !(length == 5 && strncasecmp(text, "https", 5) == 0))
		return "unsupported scheme: only http and https are supported";
	if (strchr(text, ' ') != NULL)
		return "contains a space";
	host += 3;
	length = strcspn(host, "/?#");
	if (length == 0)
		return "no host";
	if (memchr(host, '\\', length) != NULL)
		return "contains a backslash in the host";
	return NULL;
}

/* A part of the URL in HANDLE, to be freed by curl_free(); NULL: none. */
static char *part(CURLU *handle, CURLUPart what, unsigned flags)
{
	char *value = NULL;
	CURLUcode code = curl_url_get(handle, what, &value, flags);

	if (code == CURLUE_OUT_OF_MEMORY)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return code == CURLUE_OK ? value : NULL;
}

static void make_name(CURLU *handle, char name[NAME_ROOM])
{
	char *path = part(handle, CURLUPART_PATH, 0);
	char *query = part(handle, CURLUPART_QUERY, 0);

	name_from_url(path != NULL ? path : "",
		      path != NULL ? strlen(path) : 0, query,
		      query != NULL ? strlen(query) : 0, name);
	curl_free(path);
	curl_free(query);
}

/* Takes the whole URL out of HANDLE into *URL, owned by the caller. */
static const char *take_whole(CURLU *handle, char **url)
{
	char *whole = part(handle, CURLUPART_URL, 0);
	const char *fault = NULL;

	if (whole == NULL)
		fault = "malformed URL";
	else if (strlen(whole) > URL_MAX)
		fault = "URL too long";
	else
		*url = memory_string(whole);
	curl_free(whole);
	return fault;
}

/* Takes the URL into *URL: unchanged from TEXT if nothing in it needs encoding
 * or removing, which is cheaper than having libcurl reassemble it. */
static const char *take_text(CURLU *handle, const char *text, char **url)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at > ' ' && *at < 0x7f && *at != '#')
		at++;
	if (*at == '\0') {
		*url = memory_string(text);
		return NULL;
	}
	curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0);
	return take_whole(handle, url);
}

/* ---- URLs that need no parser ---- */

/* Whether BYTE is one that libcurl leaves as it is in a path.  Others, such as
 * '%', are left to the parser. */
static bool is_simple(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') ||
	       (byte != '\0' && strchr("-._~/!$&()*+,;=:@", byte) != NULL);
}

/* How many bytes at TEXT are a host in its plainest spelling, which can be read
 * in one way only: labels of lower-case letters, digits and hyphens, or an
 * address of four decimal numbers.  0: something else. */
static size_t simple_host(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyz0123456789-.";
	size_t length = strspn(text, letters), label = length;
	struct host host = { text, length };

	if (length == 0 || length > HOST_MAX || text[length - 1] == '.' ||
	    text[0] == '.' || memmem(text, length, "..", 2) != NULL)
		return 0;
	while (label > 0 && text[label - 1] != '.')
		label--;
	/* Some take a last label that begins with a digit for a number. */
	if (text[label] >= '0' && text[label] <= '9' && !host_is_address(host))
		return 0;
	return length;
}

/* How many bytes at TEXT are a port and its colon: 0 if there is none, or
 * NOT_SIMPLE if it needs the parser. */
#define NOT_SIMPLE SIZE_MAX
static size_t simple_port(const char *text)
{
	size_t digits;

	if (*text != ':')
		return 0;
	digits = strspn(text + 1, "0123456789");
	return digits > 0 && digits <= 5 && text[1] != '0' &&
	       strtoul(text + 1, NULL, 10) <= UINT16_MAX
		       ? digits + 1 : NOT_SIMPLE;
}

/* Recognizes the plain URLs that most lists consist of, which libcurl would
 * leave unchanged, in a tenth of the time that it takes, and makes their names.
 * Returns false if TEXT needs the parser. */
static bool take_simple(const char *text, char name[NAME_ROOM])
{
	const char *at = strncmp(text, "http://", 7) == 0 ? text + 7
			 : strncmp(text, "https://", 8) == 0 ? text + 8 : NULL;
	const char *path, *end;
	size_t length = at != NULL ? simple_host(at) : 0, port;

	if (length == 0)
		return false;
	port = simple_port(at + length);
	if (port == NOT_SIMPLE)
		return false;
	path = end = at + length + port;
	if (*path != '/')
		return false;
	/* A segment that begins with a dot may be "." or "..". */
	while (is_simple(*end) && !(end[0] == '/' && end[1] == '.'))
		end++;
	at = *end == '?' ? end + 1 : end;
	while (at > end && (is_simple(*at) || *at == '?'))
		at++;
	if (*at != '\0')
		return false;
	if (name != NULL)
		name_from_url(path, (size_t)(end - path),
			      at > end ? end + 1 : NULL,
			      at > end ? (size_t)(at - end - 1) : 0, name);
	return true;
}

const char *url_parse(struct url_parser *parser, const char *text, char **url,
		      char name[NAME_ROOM])
{
	const char *fault = NULL;
	CURLUcode code;

	if (take_simple(text, name)) {
		*url = memory_string(text);
		return NULL;
	}
	fault = check_text(text);
	if (fault != NULL)
		return fault;
	code = curl_url_set(parser->handle, CURLUPART_URL, text,
			    CURLU_URLENCODE);
	if (code == CURLUE_OUT_OF_MEMORY)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	if (code != CURLUE_OK)
		return curl_url_strerror(code);
	fault = take_text(parser->handle, text, url);
	if (fault == NULL && name != NULL)
		make_name(parser->handle, name);
	return fault;
}

static bool same_part(CURLU *one, CURLU *other, CURLUPart what)
{
	char *left = part(one, what, CURLU_DEFAULT_PORT);
	char *right = part(other, what, CURLU_DEFAULT_PORT);
	bool same = left != NULL && right != NULL &&
		    strcasecmp(left, right) == 0;

	curl_free(left);
	curl_free(right);
	return same;
}

static bool same_origin(CURLU *one, CURLU *other)
{
	return same_part(one, other, CURLUPART_SCHEME) &&
	       same_part(one, other, CURLUPART_HOST) &&
	       same_part(one, other, CURLUPART_PORT);
}

static void copy_part(CURLU *to, CURLU *from, CURLUPart what)
{
	char *value = from != NULL ? part(from, what, 0) : NULL;

	curl_url_set(to, what, value, 0);
	curl_free(value);
}

/* Gives TARGET the login of ENTRY if they share an origin, else no login. */
static void settle_login(CURLU *target, const char *entry)
{
	CURLU *source = new_handle();
	bool shared = curl_url_set(source, CURLUPART_URL, entry, 0) ==
			      CURLUE_OK &&
		      same_origin(target, source);

	copy_part(target, shared ? source : NULL, CURLUPART_USER);
	copy_part(target, shared ? source : NULL, CURLUPART_PASSWORD);
	curl_url_cleanup(source);
}

static bool is_http(CURLU *handle)
{
	char *scheme = part(handle, CURLUPART_SCHEME, 0);
	bool is = scheme != NULL && (strcmp(scheme, "http") == 0 ||
				     strcmp(scheme, "https") == 0);

	curl_free(scheme);
	return is;
}

const char *url_join(const char *base, const char *text, char **url)
{
	CURLU *handle = new_handle();
	const char *fault = NULL;

	if (curl_url_set(handle, CURLUPART_URL, base, 0) != CURLUE_OK ||
	    curl_url_set(handle, CURLUPART_URL, text, CURLU_URLENCODE) !=
		    CURLUE_OK)
		fault = "malformed relative URL";
	else
		fault = take_whole(handle, url);
	curl_url_cleanup(handle);
	return fault;
}

const char *url_redirect(const char *entry, const char *url,
			 const char *location, char **next)
{
	CURLU *handle = new_handle();
	const char *fault = NULL;

	if (curl_url_set(handle, CURLUPART_URL, url, 0) != CURLUE_OK)
		bug("a URL that was requested can't be parsed");
	/* Some readers take a backslash for a slash; libcurl does not. */
	if (location[strcspn(location, "\\?#")] == '\\')
		fault = "redirect with a backslash";
	else if (curl_url_set(handle, CURLUPART_URL, location,
			 CURLU_URLENCODE | CURLU_ALLOW_SPACE |
			 CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		fault = "redirect to a malformed URL";
	else if (!is_http(handle))
		fault = "redirect to a scheme other than http and https";
	if (fault == NULL) {
		settle_login(handle, entry);
		curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0);
		fault = take_whole(handle, next);
	}
	curl_url_cleanup(handle);
	return fault;
}
