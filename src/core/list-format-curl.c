/* Lists for curl -K; see list-format.h. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "core/list-format-internal.h"

enum part { PART_URL, PART_OUTPUT, PART_FIELD, PART_DATA, PART_AGENT,
	    PART_NEXT, PART_NOTHING };

/* Options of curl that mean something here, or need not. */
static const struct option {
	const char *name, *letter;
	enum part part;
	const char *key;         /* of the field */
} options[] = {
	{ "url", NULL, PART_URL, NULL },
	{ "output", "o", PART_OUTPUT, NULL },
	{ "next", ":", PART_NEXT, NULL },
	{ "header", "H", PART_FIELD, "header" },
	{ "request", "X", PART_FIELD, "method" },
	{ "data", "d", PART_DATA, "data" },
	{ "referer", "e", PART_FIELD, "referer" },
	{ "user-agent", "A", PART_AGENT, NULL },
	{ "remote-name", "O", PART_NOTHING, NULL },
	{ "location", "L", PART_NOTHING, NULL },
	{ "fail", "f", PART_NOTHING, NULL },
	{ "silent", "s", PART_NOTHING, NULL },
	{ "show-error", "S", PART_NOTHING, NULL },
	{ "create-dirs", NULL, PART_NOTHING, NULL },
	{ "globoff", "g", PART_NOTHING, NULL },
};

/* A line taken apart. */
struct setting {
	const struct option *option; /* NULL: it isn't known */
	char *value;                 /* malloc'd */
};

static const struct option *find(const char *name, size_t length, bool letter)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const char *known = letter ? options[i].letter
					   : options[i].name;

		if (known != NULL && strlen(known) == length &&
		    memcmp(known, name, length) == 0)
			return &options[i];
	}
	return NULL;
}

/* Takes a value in quotes, with curl's escapes. */
static char *unquote(const char *text)
{
	static const char letters[] = "tnrv", meant[] = "\t\n\r\v";
	char *value = memory_alloc(strlen(text) + 1), *to = value;

	for (; *text != '\0' && *text != '"'; text++) {
		const char *letter = NULL;

		if (*text == '\\' && text[1] != '\0') {
			text++;
			letter = strchr(letters, *text);
		}
		*to++ = letter != NULL ? meant[letter - letters] : *text;
	}
	*to = '\0';
	return value;
}

static struct setting parse(const char *text)
{
	struct setting setting = { NULL, NULL };
	size_t dashes, length;

	text += strspn(text, " \t");
	dashes = strspn(text, "-");
	text += dashes;
	length = strcspn(text, dashes == 1 ? " \t=" : " \t=:");
	if (dashes == 1 && length > 1)
		length = 1;
	setting.option = find(text, length, dashes == 1);
	text += length;
	text += strspn(text, " \t=:");
	if (*text == '"')
		setting.value = unquote(text + 1);
	else
		setting.value = memory_copy(text, strcspn(text, " \t"));
	return setting;
}

static bool curl_begins(const struct list_format *format,
			const struct list_entry *line)
{
	const struct draft *draft = &format->draft;
	struct setting setting = line->fault == NULL
		? parse(line->text) : (struct setting){ NULL, NULL };
	enum part part = setting.option != NULL ? setting.option->part
						: PART_NOTHING;

	free(setting.value);
	if (part == PART_NEXT)
		return draft->url != NULL || draft->out != NULL;
	return draft->url != NULL &&
	       (part == PART_URL ||
		(part == PART_OUTPUT && draft->out != NULL));
}

static void take_output(struct draft *draft, const char *value)
{
	if (draft->out != NULL)
		draft->fault = "two outputs for one URL";
	else
		draft->out = memory_string(value);
}

static void add_common(struct list_format *format, const char *key,
		       const char *value)
{
	const char *fault = format->common_fault;

	if (fault == NULL)
		fault = format_add(&format->common, key, value,
				   strlen(value));
	format->common_fault = fault;
}

/* curl would read files, and join several with "&". */
static void add_data(struct list_format *format, const char *value)
{
	if (*value == '@')
		format->common_fault = "curl's option 'data' names a file";
	else if (format->common_data)
		format->common_fault = "curl's option 'data' is given twice";
	else
		add_common(format, "data", value);
	format->common_data = true;
}

static void take_part(struct list_format *format,
		      const struct setting *setting)
{
	const char *value = setting->value;
	struct draft *draft = &format->draft;
	char *line;

	switch (setting->option->part) {
	case PART_URL:
		free(draft->url);
		draft->url = memory_string(value);
		break;
	case PART_OUTPUT:
		take_output(draft, value);
		break;
	case PART_FIELD:
		add_common(format, setting->option->key, value);
		break;
	case PART_DATA:
		add_data(format, value);
		break;
	case PART_AGENT:
		line = memory_format("User-Agent: %s", value);
		add_common(format, "header", line);
		free(line);
		break;
	case PART_NEXT:
		free(format->common);
		format->common = NULL;
		format->common_fault = NULL;
		format->common_data = false;
		break;
	case PART_NOTHING:
		break;
	}
}

static void curl_take(struct list_format *format,
		      const struct list_entry *line)
{
	struct draft *draft = &format->draft;
	struct setting setting = parse(line->text);
	const char *fault = setting.option == NULL
		? "one of curl's options has no meaning here"
		: format_fault(setting.value);

	if (fault == NULL)
		take_part(format, &setting);
	else
		draft->fault = fault;
	free(setting.value);
	/* What applies to several entries does not make one. */
	if (draft->url == NULL && draft->out == NULL && draft->fault == NULL)
		draft->begun = false;
	else if (draft->url != NULL && setting.option != NULL &&
		 setting.option->part == PART_URL)
		draft->entry.line = line->line;
}

const struct format_kind format_curl = {
	.name = "curl",
	.begins = curl_begins,
	.take = curl_take,
};
