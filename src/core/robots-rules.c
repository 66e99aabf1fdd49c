/* The rules of a robots.txt; see robots-rules.h. */
#include "config.h"

#include "core/robots-rules.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/units.h"

enum {
	PATTERN_MAX = 2048,      /* bytes of a pattern or path that count */
	STEPS_MAX = 1 << 22,     /* for one decision; then it is no */
};

struct rule {
	bool allow;
	char *pattern;           /* canonical; "*" and a last "$" are special */
};

struct robots_rules {
	struct rule *rules;
	size_t count, size;
};

/* What a group of lines is about. */
enum group { GROUP_NONE, GROUP_ALL, GROUP_AGENT };

struct reader {
	const char *agent;
	enum group group;        /* of the lines that are being read */
	bool named;              /* the last line named an agent */
	struct robots_rules *all, *own;
	bool found;              /* a group is about the agent by name */
};

/* Octets that mean the same encoded or not (RFC 3986, 2.3). */
static bool is_unreserved(int byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') ||
	       (byte > 0 && strchr("-._~", byte) != NULL);
}

/* Percent-encoding in one spelling, so that octets can be compared (RFC 9309,
 * 2.2.2).  The caller frees it. */
static char *canonical(const char *text, size_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	char *copy = memory_alloc(3 * length + 1), *to = copy;

	for (size_t i = 0; i < length; i++) {
		bool whole = text[i] == '%' && length - i > 2;
		int high = whole ? units_hex_digit(text[i + 1]) : -1;
		int low = high >= 0 ? units_hex_digit(text[i + 2]) : -1;
		int byte = low >= 0 ? high * 16 + low
				    : (unsigned char)text[i];

		if ((low >= 0 && !is_unreserved(byte)) || byte >= 0x80) {
			*to++ = '%';
			*to++ = digits[byte / 16];
			*to++ = digits[byte % 16];
		} else {
			*to++ = (char)byte;
		}
		i += low >= 0 ? 2 : 0;
	}
	*to = '\0';
	return copy;
}

static struct robots_rules *make_rules(void)
{
	struct robots_rules *rules = memory_zeroed(sizeof(*rules));

	rules->size = sizeof(*rules);
	return rules;
}

void robots_rules_free(struct robots_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		free(rules->rules[i].pattern);
	free(rules->rules);
	free(rules);
}

size_t robots_rules_size(const struct robots_rules *rules)
{
	return rules->size;
}

static void add_rule(struct robots_rules *rules, bool allow,
		     const char *value, size_t length)
{
	struct rule rule = { allow, NULL };

	/* An empty rule says nothing. */
	if (length == 0)
		return;
	rule.pattern = canonical(value,
				 length < PATTERN_MAX ? length : PATTERN_MAX);
	rules->rules = memory_resize(rules->rules,
				     (rules->count + 1) * sizeof(rule));
	rules->rules[rules->count++] = rule;
	rules->size += sizeof(rule) + strlen(rule.pattern) + 1;
}

static void take_agent(struct reader *reader, const char *value,
		       size_t length)
{
	size_t token = strspn(value, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-");
	enum group group = GROUP_NONE;

	if (length == 1 && *value == '*')
		group = GROUP_ALL;
	else if (token <= length && token == strlen(reader->agent) &&
		 strncasecmp(value, reader->agent, token) == 0)
		group = GROUP_AGENT;
	if (!reader->named)
		reader->group = GROUP_NONE;
	if (group > reader->group)
		reader->group = group;
	reader->found = reader->found || group == GROUP_AGENT;
	reader->named = true;
}

static bool is_key(const char *line, size_t length, const char *key)
{
	return strlen(key) == length && strncasecmp(line, key, length) == 0;
}

static void take_line(struct reader *reader, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	const char *value, *end = line + length;
	size_t key;

	if (colon == NULL)
		return;
	for (key = (size_t)(colon - line);
	     key > 0 && (line[key - 1] == ' ' || line[key - 1] == '\t'); key--)
		;
	for (value = colon + 1;
	     value < end && (*value == ' ' || *value == '\t'); value++)
		;
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (is_key(line, key, "user-agent")) {
		take_agent(reader, value, (size_t)(end - value));
		return;
	}
	if (!is_key(line, key, "allow") && !is_key(line, key, "disallow"))
		return;
	reader->named = false;
	if (reader->group != GROUP_NONE)
		add_rule(reader->group == GROUP_AGENT ? reader->own
						      : reader->all,
			 is_key(line, key, "allow"), value,
			 (size_t)(end - value));
}

static void read_lines(struct reader *reader, const char *text)
{
	if (strncmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (*text != '\0') {
		size_t length = strcspn(text, "\r\n");
		const char *comment = memchr(text, '#', length);
		size_t used = comment != NULL ? (size_t)(comment - text)
					      : length;
		size_t blank = strspn(text, " \t");

		if (blank < used)
			take_line(reader, text + blank, used - blank);
		text += length;
		text += strspn(text, "\r\n");
	}
}

struct robots_rules *robots_rules_new(const char *text, size_t length,
				      const char *agent)
{
	struct reader reader = { .agent = agent };
	char *copy = memory_copy(text, length);

	/* A NUL ends no file, but may stand in one. */
	for (size_t i = 0; i < length; i++) {
		if (copy[i] == '\0')
			copy[i] = '\n';
	}
	reader.all = make_rules();
	reader.own = make_rules();
	read_lines(&reader, copy);
	free(copy);
	robots_rules_free(reader.found ? reader.all : reader.own);
	return reader.found ? reader.own : reader.all;
}

/* Whether PATH begins with what PATTERN describes.  Steps back to the last "*"
 * only, so it takes no more than the product of both lengths.  Takes its steps
 * from those LEFT. */
static bool matches(const char *pattern, const char *path, long *left)
{
	const char *star = NULL, *resume = path;

	while (--*left > 0) {
		if (pattern[0] == '\0' ||
		    (pattern[0] == '$' && pattern[1] == '\0' && *path == '\0'))
			return true;
		if (*pattern == '*') {
			star = ++pattern;
			resume = path;
		} else if (*path != '\0' && *pattern == *path) {
			pattern++;
			path++;
		} else if (star != NULL && *resume != '\0') {
			pattern = star;
			path = ++resume;
		} else {
			return false;
		}
	}
	return false;
}

bool robots_rules_allow(const struct robots_rules *rules, const char *path)
{
	size_t whole = strcspn(path, "#"), longest = 0;
	char *text = canonical(path, whole < PATTERN_MAX ? whole
							 : PATTERN_MAX);
	long left = STEPS_MAX;
	bool allow = true;

	/* The longest match counts; of two, the one that allows. */
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rules[i];
		size_t length = strlen(rule->pattern);

		if (length < longest || !matches(rule->pattern, text, &left))
			continue;
		allow = rule->allow || (length == longest && allow);
		longest = length;
	}
	free(text);
	return allow && left > 0;
}
