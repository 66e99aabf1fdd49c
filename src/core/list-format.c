/* Entries of several lines; see list-format.h. */
#include "config.h"

#include "core/list-format.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "core/list-format-internal.h"

enum { LINES_A_CALL = 256 };

static const char too_long[] = "entry longer than 64 KiB";

static const struct format_kind *const kinds[] = { &format_aria2,
						   &format_curl };

static const struct format_kind *find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	}
	return NULL;
}

bool list_format_is_known(const char *name)
{
	return strcmp(name, "lines") == 0 || find(name) != NULL;
}

struct list_format *list_format_new(struct list *list, const char *name)
{
	struct list_format *format = memory_zeroed(sizeof(*format));

	format->list = list;
	format->kind = find(name);
	return format;
}

static void clear(struct draft *draft)
{
	free(draft->url);
	free(draft->out);
	free(draft->directory);
	free(draft->fields);
	memset(draft, 0, sizeof(*draft));
}

void list_format_free(struct list_format *format)
{
	clear(&format->draft);
	free(format->common);
	free(format->text);
	free(format);
}

const char *format_add(char **fields, const char *key, const char *value,
		       size_t length)
{
	char *before = *fields;

	if (before != NULL && strlen(before) + length > LIST_LINE_MAX)
		return too_long;
	*fields = memory_format("%s\t%s=%.*s", before != NULL ? before : "",
				key, (int)length, value);
	free(before);
	return NULL;
}

const char *format_fault(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return "a value contains a control character";
	}
	return NULL;
}

/* Writes the draft as a line of fields. */
static void finish(struct list_format *format, struct list_entry *entry)
{
	struct draft *draft = &format->draft;
	const char *url = draft->url != NULL ? draft->url : "";
	const char *fields = draft->fields != NULL ? draft->fields : "";
	const char *common = format->common != NULL ? format->common : "";
	const char *directory = draft->directory != NULL ? draft->directory
							 : "";

	free(format->text);
	if (draft->out != NULL)
		format->text = memory_format("%s%s%s\tout=%s%s%s", url, fields,
					     common, directory,
					     *directory != '\0' ? "/" : "",
					     draft->out);
	else
		format->text = memory_format("%s%s%s", url, fields, common);
	*entry = draft->entry;
	entry->text = format->text;
	entry->length = strlen(format->text);
	if (entry->fault == NULL)
		entry->fault = draft->fault;
	if (entry->fault == NULL)
		entry->fault = format->common_fault;
	if (entry->fault == NULL && draft->url == NULL)
		entry->fault = "options without a URL";
	if (entry->fault == NULL && entry->length > LIST_LINE_MAX)
		entry->fault = too_long;
	if (entry->fault == NULL && draft->out == NULL && *directory != '\0')
		entry->fault = "a directory without a file name";
	clear(draft);
}

/* Begins a draft at the place of LINE. */
static void begin(struct list_format *format, const struct list_entry *line)
{
	format->draft.begun = true;
	format->draft.entry = *line;
	format->draft.entry.text = NULL;
}

/* Whether LINE can't be a line of the draft. */
static bool is_foreign(const struct list_format *format,
		       const struct list_entry *line)
{
	return line->source != format->draft.entry.source ||
	       line->source == NULL;
}

/* Takes LINE, which was read before or just now.  Returns true and sets *ENTRY
 * if an entry is complete; then LINE itself may have to be taken again. */
static bool take_line(struct list_format *format,
		      const struct list_entry *line, struct list_entry *entry,
		      bool *again)
{
	const char *before;

	*again = false;
	if (format->draft.begun && (is_foreign(format, line) ||
				    format->kind->begins(format, line))) {
		finish(format, entry);
		*again = true;
		return true;
	}
	/* An argument is a URL; a line that can't be read is an entry. */
	if (line->source == NULL || (line->fault != NULL &&
				     !format->draft.begun)) {
		*entry = *line;
		return true;
	}
	if (!format->draft.begun)
		begin(format, line);
	before = format->draft.fault;
	if (line->fault != NULL)
		format->draft.fault = line->fault;
	else
		format->kind->take(format, line);
	/* The place of an entry with a fault is that of the fault. */
	if (format->draft.fault != before)
		format->draft.entry.line = line->line;
	return false;
}

/* The line that was read last, or a new one. */
static enum list_state read_line(struct list_format *format)
{
	if (format->held) {
		format->held = false;
		return format->held_state;
	}
	format->held_state = list_next(format->list, &format->line);
	return format->held_state;
}

enum list_state list_format_next(struct list_format *format,
				 struct list_entry *entry)
{
	if (format->kind == NULL)
		return list_next(format->list, entry);
	for (int lines = 0; lines < LINES_A_CALL; lines++) {
		enum list_state state = read_line(format);

		if (state == LIST_WAIT || state == LIST_BUSY)
			return state;
		if (state == LIST_ENTRY) {
			if (take_line(format, &format->line, entry,
				      &format->held))
				return LIST_ENTRY;
			continue;
		}
		if (!format->draft.begun)
			return state;
		finish(format, entry);
		format->held = true;
		return LIST_ENTRY;
	}
	return LIST_BUSY;
}
