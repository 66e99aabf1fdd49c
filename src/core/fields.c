/* What a line of the list says besides its URL; see fields.h. */
#include "config.h"

#include "core/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/http-syntax.h"
#include "base/memory.h"
#include "base/units.h"
#include "core/fields-internal.h"
#include "output/escape.h"

enum { COMPONENT_MAX = 240, CHECKSUM_LEAST = 16 };

/* The line's own terms, created when they are first needed. */
static struct request_terms *own_terms(struct fields *fields,
				       const struct request_terms *common)
{
	if (fields->terms == NULL) {
		fields->terms = request_terms_copy(common);
		fields->inherited = common->header_count;
	}
	return fields->terms;
}

/* ---- values ---- */

static bool is_safe(const char *name, size_t length)
{
	if (length == 0 || length > COMPONENT_MAX || name[0] == '.' ||
	    name[0] == '-')
		return false;
	for (size_t i = 0; i < length;) {
		size_t shown = escape_printable(name + i, length - i);

		if (shown == 0 || name[i] == '\\')
			return false;
		i += shown;
	}
	return true;
}

bool fields_path_is_safe(const char *path)
{
	size_t total = strlen(path);

	if (total == 0 || total > FIELDS_PATH_MAX)
		return false;
	for (const char *at = path; at != NULL;) {
		size_t length = strcspn(at, "/");

		if (!is_safe(at, length))
			return false;
		at = at[length] == '/' ? at + length + 1 : NULL;
	}
	return true;
}

static const char *take_out(struct fields *fields,
			    const struct request_terms *common,
			    const char *value)
{
	(void)common;
	if (!fields_path_is_safe(value))
		return "not a safe name: no part may be empty, longer than 240 "
		       "bytes, or begin with '.' or '-'";
	fields->out = value;
	return NULL;
}

static const char *take_tag(struct fields *fields,
			    const struct request_terms *common,
			    const char *value)
{
	(void)common;
	fields->tag = value;
	return NULL;
}

static const char *take_mirror(struct fields *fields,
			       const struct request_terms *common,
			       const char *value)
{
	(void)common;
	if (fields->mirror_count == FIELDS_MIRRORS_MAX)
		return "given more than 16 times";
	fields->mirrors[fields->mirror_count++] = value;
	return NULL;
}

static const char *take_size(struct fields *fields,
			     const struct request_terms *common,
			     const char *value)
{
	uint64_t size;

	if (units_parse_count(value, &size) != 0 || size > INT64_MAX)
		return "not a number of bytes";
	own_terms(fields, common)->expected.size = (int64_t)size;
	return NULL;
}

/* Adds LINE, taking ownership of it, in place of common headers of that
 * name. */
static void add_header(struct fields *fields,
		       const struct request_terms *common, char *line)
{
	struct request_terms *terms = own_terms(fields, common);
	size_t name = http_name_length(line) + 1;

	for (size_t i = fields->inherited; i-- > 0;) {
		if (strncasecmp(terms->headers[i], line, name) == 0) {
			request_terms_remove_header(terms, i);
			fields->inherited--;
		}
	}
	request_terms_add_header(terms, line);
}

static const char *take_header(struct fields *fields,
			       const struct request_terms *common,
			       const char *value)
{
	const char *fault = http_header_fault(value);

	if (fault == NULL)
		add_header(fields, common, memory_string(value));
	return fault;
}

static const char *take_referer(struct fields *fields,
				const struct request_terms *common,
				const char *value)
{
	add_header(fields, common, memory_format("Referer: %s", value));
	return NULL;
}

static const char *take_method(struct fields *fields,
			       const struct request_terms *common,
			       const char *value)
{
	struct request_terms *terms;

	if (http_method_fault(value) != NULL)
		return http_method_fault(value);
	terms = own_terms(fields, common);
	free(terms->method);
	terms->method = memory_string(value);
	return NULL;
}

static const char *take_data(struct fields *fields,
			     const struct request_terms *common,
			     const char *value)
{
	struct request_terms *terms = own_terms(fields, common);

	free(terms->content);
	terms->content = memory_string(value);
	terms->content_length = strlen(value);
	return NULL;
}

static const char *add_digest(struct fields *fields,
			      const struct request_terms *common,
			      enum digest_kind kind, const char *hex)
{
	struct request_digest digest = { .kind = kind };
	struct request_expected *expected;

	if (digest_parse(kind, hex, digest.value) != 0)
		return "not a digest of that kind";
	expected = &own_terms(fields, common)->expected;
	for (size_t i = 0; i < expected->digest_count; i++) {
		if (expected->digests[i].kind == kind)
			return "given twice";
	}
	expected->digests = memory_resize(expected->digests,
					  (expected->digest_count + 1) *
						  sizeof(digest));
	expected->digests[expected->digest_count++] = digest;
	return NULL;
}

/* ---- the line ---- */

static const struct key {
	const char *name;
	const char *(*take)(struct fields *fields,
			    const struct request_terms *common,
			    const char *value);
} keys[] = {
	{ "out", take_out },
	{ "size", take_size },
	{ "header", take_header },
	{ "referer", take_referer },
	{ "method", take_method },
	{ "data", take_data },
	{ "tag", take_tag },
	{ "mirror", take_mirror },
};

bool fields_is_key(const char *key)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i].name, key) == 0)
			return true;
	}
	return digest_find(key) != DIGEST_KINDS;
}

const char *fields_set(struct fields *fields,
		       const struct request_terms *common, const char *name,
		       const char *value)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return keys[i].take(fields, common, value);
	}
	for (int kind = 0; kind < DIGEST_KINDS; kind++) {
		if (strcmp(digest_name((enum digest_kind)kind), name) == 0)
			return add_digest(fields, common,
					  (enum digest_kind)kind, value);
	}
	return "unknown field";
}

/* Takes FIELD, "KEY=VALUE".  Returns false, with the fault, if that can't be
 * done.  The fault does not show the value, as it may be a secret. */
static bool take_field(struct fields *fields,
		       const struct request_terms *common, char *field)
{
	char *value = strchr(field, '=');
	const char *fault;

	if (value == NULL) {
		snprintf(fields->fault, sizeof(fields->fault),
			 "a field is not of the form KEY=VALUE");
		return false;
	}
	*value++ = '\0';
	fault = fields_set(fields, common, field, value);
	if (fault != NULL)
		snprintf(fields->fault, sizeof(fields->fault),
			 "field '%.40s': %s", field, fault);
	return fault == NULL;
}

/* How many hexadecimal digits TEXT begins with if it is a checksum line, where
 * two more characters and the URL follow; else 0. */
static size_t checksum_length(const char *text)
{
	size_t length = strspn(text, "0123456789abcdefABCDEF");

	if (text[length] != ' ' ||
	    (text[length + 1] != ' ' && text[length + 1] != '*'))
		return 0;
	for (int kind = 0; kind < DIGEST_KINDS; kind++) {
		if (length == 2 * digest_length((enum digest_kind)kind))
			return length;
	}
	return 0;
}

/* Whether TEXT looks like a checksum line, whatever the number of digits. */
static bool has_checksum(const char *text)
{
	size_t length = strspn(text, "0123456789abcdefABCDEF");

	return length >= CHECKSUM_LEAST && text[length] == ' ' &&
	       (text[length + 1] == ' ' || text[length + 1] == '*');
}

/* Takes the checksum of LENGTH digits before the URL. */
static bool take_checksum(struct fields *fields,
			  const struct request_terms *common, char *digits,
			  size_t length)
{
	for (int kind = 0; kind < DIGEST_KINDS; kind++) {
		if (length != 2 * digest_length((enum digest_kind)kind))
			continue;
		digits[length] = '\0';
		return add_digest(fields, common, (enum digest_kind)kind,
				  digits) == NULL;
	}
	return false;
}

/* Reads a line of a URL and its fields; as fields_parse(). */
static const char *parse_line(struct fields *fields, const char *text,
			      const struct request_terms *common)
{
	size_t checksum = checksum_length(text);
	char *rest;

	if (checksum == 0 && has_checksum(text))
		return "the digest before the URL has the length of none that "
		       "is known";
	if (checksum == 0 && strchr(text, '\t') == NULL)
		return NULL;
	fields->line = memory_string(text);
	fields->url = fields->line + (checksum > 0 ? checksum + 2 : 0);
	rest = strchr(fields->url, '\t');
	if (rest != NULL)
		*rest++ = '\0';
	if (checksum > 0 &&
	    !take_checksum(fields, common, fields->line, checksum))
		return "not a checksum";
	while (rest != NULL) {
		char *field = rest;

		rest = strchr(field, '\t');
		if (rest != NULL)
			*rest++ = '\0';
		if (*field != '\0' && !take_field(fields, common, field))
			return fields->fault;
	}
	return NULL;
}

/* What no field alone shows. */
static const char *check_together(const struct fields *fields)
{
	const struct request_terms *terms = fields->terms;

	/* RFC 9110, 9.3.2.  Many servers would wait for the end of a response
	 * that has none. */
	if (terms != NULL && terms->method != NULL && terms->content != NULL &&
	    strcmp(terms->method, "HEAD") == 0)
		return "a HEAD request has no data";
	return NULL;
}

const char *fields_parse(struct fields *fields, const char *text,
			 const struct request_terms *common)
{
	const char *fault;

	*fields = (struct fields){ .url = text };
	fault = (*text == '{' || *text == '[' ? fields_parse_json : parse_line)(
		fields, text, common);
	return fault != NULL ? fault : check_together(fields);
}

void fields_release(struct fields *fields)
{
	if (fields->terms != NULL)
		request_terms_release(fields->terms);
	if (fields->document != NULL)
		fields_release_json(fields);
	free(fields->line);
}
