/* An entry as a JSON object; see fields.h. */
#include "config.h"

#include "core/fields-internal.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* A value must not end the line that it becomes a part of.  What is sent as
 * content may be anything. */
static bool has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	}
	return false;
}

static bool refuse(struct fields *fields, const char *key, const char *fault)
{
	snprintf(fields->fault, sizeof(fields->fault), "field '%.40s': %s",
		 key, fault);
	return false;
}

/* Takes one string or number called KEY. */
static bool take_one(struct fields *fields, const struct request_terms *common,
		     const char *key, const json_t *value)
{
	char number[32];
	const char *text = json_string_value(value), *fault;

	if (json_is_integer(value)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
			 json_integer_value(value));
		text = number;
	}
	if (!fields_is_key(key))
		return refuse(fields, key, "unknown field");
	if (text == NULL)
		return refuse(fields, key, "not a string or an integer");
	if (strcmp(key, "data") != 0 && has_control(text))
		return refuse(fields, key, "contains a control character");
	/* Strings live as long as the document, but a number does not. */
	if (text == number &&
	    (strcmp(key, "tag") == 0 || strcmp(key, "out") == 0 ||
	     strcmp(key, "mirror") == 0))
		return refuse(fields, key, "not a string");
	fault = fields_set(fields, common, key, text);
	return fault == NULL || refuse(fields, key, fault);
}

static bool take_member(struct fields *fields,
			const struct request_terms *common, const char *key,
			const json_t *value)
{
	const json_t *element;
	size_t i;

	if (strcmp(key, "url") == 0) {
		fields->url = json_string_value(value);
		return fields->url != NULL ||
		       refuse(fields, key, "not a string");
	}
	if (!json_is_array(value))
		return take_one(fields, common, key, value);
	json_array_foreach(value, i, element) {
		if (!take_one(fields, common, key, element))
			return false;
	}
	return true;
}

/* Says what the parser found, but not what it found it near: that may be a
 * secret. */
static const char *refuse_text(struct fields *fields, const json_error_t *error)
{
	const char *near = strstr(error->text, " near '");
	int length = near != NULL ? (int)(near - error->text)
				  : (int)strlen(error->text);

	snprintf(fields->fault, sizeof(fields->fault),
		 "not JSON at byte %d: %.*s", error->position, length,
		 error->text);
	return fields->fault;
}

const char *fields_parse_json(struct fields *fields, const char *text,
			      const struct request_terms *common)
{
	json_error_t error;
	json_t *object;
	const char *key;
	json_t *value;
	bool good = true;

	fields->url = "";
	if (*text == '[')
		return "a JSON array; each line is one object";
	object = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (object == NULL)
		return refuse_text(fields, &error);
	fields->document = object;
	json_object_foreach(object, key, value) {
		if (good && !take_member(fields, common, key, value))
			good = false;
	}
	if (fields->url == NULL)
		fields->url = "";
	if (good && *fields->url == '\0')
		return "a JSON object without 'url'";
	return good ? NULL : fields->fault;
}

void fields_release_json(struct fields *fields)
{
	json_decref(fields->document);
}
