/* Names by the user's own template; see name-template.h. */
#include "config.h"

#include "core/name-template.h"

#include <event2/buffer.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fatal.h"
#include "base/host.h"
#include "base/memory.h"
#include "core/name.h"

enum { NUMBER_ROOM = 32 }; /* for ".1" and so on */

/* The parts of a URL, which they point into. */
struct parts {
	const char *url;
	const char *host, *path, *query; /* QUERY with its "?", or "" */
	size_t host_length, path_length;
	const char *name;                /* the last segment of PATH */
	size_t name_length;
	uint64_t number, cut_dirs;
};

static void split(const char *url, struct parts *parts)
{
	struct host host = host_of(url);
	const char *path = host.name + strcspn(host.name, "/?#");

	parts->url = url;
	parts->host = host.name;
	parts->host_length = (size_t)(path - host.name);
	parts->path = path;
	parts->path_length = strcspn(path, "?#");
	parts->query = path + parts->path_length;
	parts->name = path + parts->path_length;
	while (parts->name > path && parts->name[-1] != '/')
		parts->name--;
	parts->name_length = (size_t)(parts->query - parts->name);
	if (*parts->query != '?' || parts->query[1] == '\0')
		parts->query = "";
}

/* Adds TEXT, percent-decoded; a slash that comes out is no separator. */
static void add_decoded(struct evbuffer *out, const char *text, size_t length)
{
	char *copy = memory_copy(text, length);

	length = name_decode(copy, length);
	for (size_t i = 0; i < length; i++) {
		if (copy[i] == '/' || copy[i] == '\0')
			copy[i] = '_';
	}
	evbuffer_add(out, copy, length);
	free(copy);
}

static void add_name(struct evbuffer *out, const struct parts *parts)
{
	if (parts->name_length == 0)
		evbuffer_add(out, "index.html", 10);
	else
		add_decoded(out, parts->name, parts->name_length);
}

/* ---- values ---- */

static void add_host(struct evbuffer *out, const struct parts *parts,
		     const char *format)
{
	(void)format;
	add_decoded(out, parts->host, parts->host_length);
}

static void add_path(struct evbuffer *out, const struct parts *parts,
		     const char *format)
{
	const char *at = parts->path;
	uint64_t cut = parts->cut_dirs;

	(void)format;
	while (at < parts->name) {
		size_t length = strcspn(at, "/");

		if (length > 0 && cut > 0) {
			cut--;
		} else if (length > 0) {
			add_decoded(out, at, length);
			evbuffer_add(out, "/", 1);
		}
		at += length + 1;
	}
	add_name(out, parts);
}

static void add_last(struct evbuffer *out, const struct parts *parts,
		     const char *format)
{
	(void)format;
	add_name(out, parts);
}

static void add_extension(struct evbuffer *out, const struct parts *parts,
			  const char *format)
{
	const char *dot = parts->name_length > 1
		? memrchr(parts->name + 1, '.', parts->name_length - 1) : NULL;

	(void)format;
	if (parts->name_length == 0)
		evbuffer_add(out, ".html", 5);
	else if (dot != NULL)
		add_decoded(out, dot, (size_t)(parts->name +
					       parts->name_length - dot));
}

static void add_query(struct evbuffer *out, const struct parts *parts,
		      const char *format)
{
	(void)format;
	add_decoded(out, parts->query, strcspn(parts->query, "#"));
}

static void add_number(struct evbuffer *out, const struct parts *parts,
		       const char *format)
{
	int width = *format == ':' ? (int)strtol(format + 1, NULL, 10) : 0;

	evbuffer_add_printf(out, "%0*" PRIu64, width, parts->number);
}

static void add_hash(struct evbuffer *out, const struct parts *parts,
		     const char *format)
{
	(void)format;
	evbuffer_add_printf(out, "%016" PRIx64,
			    name_hash(parts->url, strlen(parts->url)));
}

static void add_date(struct evbuffer *out, const struct parts *parts,
		     const char *format)
{
	static char date[16]; /* one for the whole run */
	time_t now = time(NULL);
	struct tm day;

	(void)parts, (void)format;
	if (date[0] == '\0' && localtime_r(&now, &day) != NULL)
		strftime(date, sizeof(date), "%Y-%m-%d", &day);
	evbuffer_add(out, date, strlen(date));
}

static const struct value {
	const char *name;
	void (*add)(struct evbuffer *out, const struct parts *parts,
		    const char *format);
	bool has_width;
} values[] = {
	{ "host", add_host, false },
	{ "path", add_path, false },
	{ "name", add_last, false },
	{ "ext", add_extension, false },
	{ "query", add_query, false },
	{ "n", add_number, true },
	{ "hash", add_hash, false },
	{ "date", add_date, false },
};

/* The value whose "{name}" TEXT begins with; NULL: there is none. */
static const struct value *value_at(const char *text)
{
	size_t length = strcspn(text + 1, ":}");
	const char *end = text + 1 + length;

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		if (strlen(values[i].name) != length ||
		    memcmp(values[i].name, text + 1, length) != 0)
			continue;
		if (*end == ':' && values[i].has_width)
			end += 1 + strspn(end + 1, "0123456789");
		/* A width has three digits at most. */
		return *end == '}' && end - text <= (long)length + 5
			       ? &values[i] : NULL;
	}
	return NULL;
}

/* Whether a part of TEXT is "." or "..". */
static bool has_dots(const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "/");

		if (length > 0 && length <= 2 && strspn(text, ".") == length)
			return true;
		text += length + (text[length] == '/');
	}
	return false;
}

const char *name_template_check(const char *text)
{
	if (*text == '\0')
		return "a name can't be empty";
	if (*text == '/' || text[strlen(text) - 1] == '/' ||
	    has_dots(text))
		return "a name can't begin or end with '/', or have '.' or "
		       "'..' as a part";
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '}')
			return "a '}' without '{'";
		if (*at != '{')
			continue;
		if (strchr(at, '}') == NULL)
			return "a '{' without '}'";
		if (value_at(at) == NULL)
			return "only {host}, {path}, {name}, {ext}, {query}, "
			       "{n}, {n:06}, {hash} and {date} are known";
		at = strchr(at, '}');
	}
	return NULL;
}

/* ---- the whole ---- */

/* Appends the component of LENGTH bytes at TEXT to NAME, made safe.  Returns
 * false if there is no room. */
static bool add_component(char name[NAME_TEMPLATE_ROOM], char *text,
			  size_t length)
{
	size_t used = strlen(name);
	char safe[NAME_ROOM];

	if (length == 0)
		return true;
	name_make_safe(text, length);
	name_cut(text, length, safe);
	length = strlen(safe);
	if (used + length + 2 > NAME_TEMPLATE_ROOM - NUMBER_ROOM)
		return false;
	if (used > 0)
		name[used++] = '/';
	memcpy(name + used, safe, length + 1);
	return true;
}

static bool add_components(char name[NAME_TEMPLATE_ROOM], char *text)
{
	bool fits = true;

	name[0] = '\0';
	while (*text != '\0' && fits) {
		size_t length = strcspn(text, "/");

		fits = add_component(name, text, length);
		text += length + (text[length] == '/');
	}
	return fits && name[0] != '\0';
}

static void add_hash_name(char name[NAME_TEMPLATE_ROOM], const char *url)
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016" PRIx64,
		 name_hash(url, strlen(url)));
	add_component(name, hex, strlen(hex));
}

void name_expand(const char *template, uint64_t cut_dirs, const char *url,
		 uint64_t number, char name[NAME_TEMPLATE_ROOM])
{
	struct parts parts = { .number = number, .cut_dirs = cut_dirs };
	struct evbuffer *out = evbuffer_new();
	char *text;

	if (out == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	split(url, &parts);
	for (const char *at = template; *at != '\0'; at++) {
		if (*at == '{') {
			value_at(at)->add(out, &parts, at + strcspn(at, ":}"));
			at = strchr(at, '}');
		} else {
			evbuffer_add(out, at, 1);
		}
	}
	evbuffer_add(out, "", 1);
	text = memory_copy((char *)evbuffer_pullup(out, -1),
			   evbuffer_get_length(out) - 1);
	evbuffer_free(out);
	/* Too long in all, or nothing: the hash names it. */
	if (!add_components(name, text)) {
		name[0] = '\0';
		add_hash_name(name, url);
	}
	free(text);
}
