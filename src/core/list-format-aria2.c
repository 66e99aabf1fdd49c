/* Lists for aria2c -i; see list-format.h. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "core/list-format-internal.h"

static bool aria2_begins(const struct list_format *format,
			 const struct list_entry *line)
{
	(void)format;
	return !line->indented;
}

static void note(struct draft *draft, const char *fault)
{
	if (fault != NULL)
		draft->fault = fault;
}

static void take_urls(struct draft *draft, const char *text)
{
	size_t length = strcspn(text, "\t");

	draft->url = memory_copy(text, length);
	for (text += length; *text == '\t'; text += length) {
		text++;
		length = strcspn(text, "\t");
		if (length > 0)
			note(draft, format_add(&draft->fields, "mirror", text,
					       length));
	}
}

/* TYPE=DIGEST, where TYPE is "sha-256" and the like. */
static void take_checksum(struct draft *draft, const char *value)
{
	static const struct { const char *type, *key; } types[] = {
		{ "sha-256=", "sha256" }, { "sha-512=", "sha512" },
		{ "sha-1=", "sha1" }, { "md5=", "md5" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		size_t length = strlen(types[i].type);

		if (strncmp(value, types[i].type, length) != 0)
			continue;
		note(draft, format_add(&draft->fields, types[i].key,
				       value + length,
				       strlen(value + length)));
		return;
	}
	draft->fault = "aria2's option 'checksum' is of an unknown type";
}

static void set(char **text, const char *value)
{
	free(*text);
	*text = memory_string(value);
}

static void take_option(struct draft *draft, const char *key,
			const char *value)
{
	if (strcmp(key, "out") == 0)
		set(&draft->out, value);
	else if (strcmp(key, "dir") == 0)
		set(&draft->directory, value);
	else if (strcmp(key, "checksum") == 0)
		take_checksum(draft, value);
	else if (strcmp(key, "header") == 0 || strcmp(key, "referer") == 0)
		note(draft, format_add(&draft->fields, key, value,
				       strlen(value)));
	else
		draft->fault = "one of aria2's options has no meaning here; "
			       "out, dir, checksum, header and referer have";
}

static void aria2_take(struct list_format *format,
		       const struct list_entry *line)
{
	struct draft *draft = &format->draft;
	const char *text = line->text + strspn(line->text, " \t");
	const char *equals = strchr(text, '=');
	char *key;

	if (!line->indented) {
		take_urls(draft, line->text);
		return;
	}
	if (equals == NULL) {
		draft->fault = "an option is not of the form KEY=VALUE";
		return;
	}
	if (strchr(equals, '\t') != NULL) {
		draft->fault = "an option contains a tab";
		return;
	}
	key = memory_copy(text, (size_t)(equals - text));
	take_option(draft, key, equals + 1);
	free(key);
}

const struct format_kind format_aria2 = {
	.name = "aria2",
	.begins = aria2_begins,
	.take = aria2_take,
};
