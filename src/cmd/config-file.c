/* Files of options; see config-file.h. */
#include "config.h"

#include "cmd/config-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/units.h"
#include "cmd/option-table.h"
#include "cmd/option-values.h"

enum { CONFIG_MAX = 64 << 20 };

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* The line that is being read, for messages. */
static struct {
	const char *path;
	size_t line;
	char text[512];
} place;

/* What was read, which the settings keep parts of. */
static struct text_list texts;

const char *config_place(void)
{
	place.text[0] = '\0';
	if (place.path != NULL)
		snprintf(place.text, sizeof(place.text), "%.400s:%zu: ",
			 place.path, place.line);
	return place.text;
}

/* ---- reading ---- */

/* An option and its value, in the text of the line. */
struct setting {
	char *name;
	bool letter;             /* NAME is one letter */
	char *value;             /* NULL: none */
	size_t length;
	bool literal;            /* the value does not begin with a plain @ */
};

/* Reads "\x" and two hexadecimal digits, or another escape, at *AT, which is
 * moved past it. */
static char take_escape(const char **at)
{
	static const char letters[] = "tnr", meant[] = "\t\n\r";
	const char *from = *at + 1, *letter;

	if (*from == 'x' && units_hex_digit(from[1]) >= 0 &&
	    units_hex_digit(from[2]) >= 0) {
		*at += 4;
		return (char)(units_hex_digit(from[1]) * 16 +
			      units_hex_digit(from[2]));
	}
	if (*from == '\0')
		options_usage_error("a quoted value has no end");
	letter = strchr(letters, *from);
	*at += 2;
	return letter != NULL ? meant[letter - letters] : *from;
}

/* Takes the value after the quotation mark at TEXT, in place. */
static void unquote(char *text, struct setting *setting)
{
	const char *at = text;
	char *to = text;

	setting->value = text;
	setting->literal = *text == '\\';
	while (*at != '"') {
		if (*at == '\0')
			options_usage_error("a quoted value has no end");
		*to++ = *at == '\\' ? take_escape(&at) : *at++;
	}
	at++;
	if (at[strspn(at, " \t\r")] != '\0')
		options_usage_error("something follows a quoted value");
	setting->length = (size_t)(to - text);
	*to = '\0';
}

static void take_value(char *text, struct setting *setting)
{
	size_t length = strlen(text);

	if (*text == '"') {
		unquote(text + 1, setting);
		return;
	}
	while (length > 0 && strchr(" \t\r", text[length - 1]) != NULL)
		text[--length] = '\0';
	setting->value = text;
	setting->length = length;
}

/* Takes LINE apart.  Returns false if it says nothing. */
static bool take_apart(char *line, struct setting *setting)
{
	char *at = line + strspn(line, " \t\r");
	size_t dashes = strspn(at, "-"), length;
	char end;

	*setting = (struct setting){ NULL, false, NULL, 0, false };
	if (*at == '\0' || *at == '#')
		return false;
	at += dashes;
	length = strcspn(at, " \t\r=:");
	setting->name = at;
	setting->letter = dashes == 1 && length == 1;
	if (dashes == 1 && length != 1)
		options_usage_error("after one dash, there must be a letter "
				    "and then a blank");
	at += length;
	end = *at;
	at += strspn(at, " \t\r");
	if (*at == '=' || *at == ':') {
		end = *at++;
		at += strspn(at, " \t\r");
	}
	setting->name[length] = '\0';
	if (*at != '\0' || end == '=' || end == ':')
		take_value(at, setting);
	return true;
}

/* The alias called NAME, or NULL. */
static const struct option_alias *find_alias(const char *name)
{
	for (const struct option_alias *alias = option_aliases;
	     alias->name != NULL; alias++) {
		if (strcmp(alias->name, name) == 0)
			return alias;
	}
	return NULL;
}

static void check_value(const struct option_row *row, const char *name,
			const struct setting *setting)
{
	if (row->kind == KIND_ACTION || row->kind == KIND_CONFIG)
		options_usage_error("--%s is not allowed in a file of options",
				    name);
	if (row->argument == NULL && setting->value != NULL)
		options_usage_error("--%s takes no value", name);
	if (row->argument != NULL && row->kind != KIND_MAYBE &&
	    setting->value == NULL)
		options_usage_error("--%s needs a value", name);
	if (setting->value != NULL && row->kind != KIND_DATA &&
	    strlen(setting->value) != setting->length)
		options_usage_error("the value of --%s contains a NUL byte",
				    name);
}

static void take_setting(enum options_command command,
			 const struct setting *setting,
			 struct settings *settings, struct text_list *lists)
{
	const struct option_alias *alias = setting->letter
		? NULL : find_alias(setting->name);
	const struct option_row *row = setting->letter
		? option_find_letter(command, setting->name[0])
		: option_find(command, alias != NULL && alias->row != NULL
				       ? alias->row : setting->name);

	if (alias != NULL && alias->row == NULL) {
		if (setting->length == 0)
			options_usage_error("--%s needs a value", alias->name);
		text_list_add(lists, setting->value);
		return;
	}
	if (row == NULL)
		options_usage_error("unknown option '%s'", setting->name);
	check_value(row, setting->letter ? row->name : setting->name, setting);
	option_store(row, &(struct option_value){
		.name = setting->letter ? row->name : setting->name,
		.text = setting->value,
		.length = setting->length,
		.more = alias != NULL ? alias->more : 0,
		.literal = setting->literal,
	}, settings);
}

void config_read(enum options_command command, const char *path,
		 struct settings *settings, struct text_list *lists)
{
	const char *file = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
	size_t length;
	char *text = files_read(file, CONFIG_MAX, &length), *line, *rest;
	struct setting setting;

	if (text == NULL)
		options_usage_error("cannot read options from '%s': %s", path,
				    strerror(errno));
	place.path = path;
	place.line = 0;
	if (strlen(text) != length)
		options_usage_error("the file contains a NUL byte");
	text_list_add(&texts, text);
	if (strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		text += strlen(BYTE_ORDER_MARK);
	for (rest = text; (line = strsep(&rest, "\n")) != NULL;) {
		place.line++;
		if (take_apart(line, &setting))
			take_setting(command, &setting, settings, lists);
	}
	place.path = NULL;
}

/* ---- writing ---- */

static void put_value(FILE *file, const char *text, size_t length)
{
	fputs(" = \"", file);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		/* What begins with an escape is not taken for a file. */
		if (byte < 0x20 || byte == 0x7f || byte == '"' ||
		    byte == '\\' || i == 0)
			fprintf(file, "\\x%02x", byte);
		else
			putc(byte, file);
	}
	putc('"', file);
}

static void put_option(void *context, const struct option_row *row,
		       const char *text, size_t length)
{
	fputs(row->name, context);
	if (text != NULL && (length > 0 || row->kind != KIND_MAYBE))
		put_value(context, text, length);
	putc('\n', context);
}

/* Whether both a comparison and each of its runs take ROW. */
static bool is_common(const struct option_row *row)
{
	const unsigned runs = OPTIONS_COMPARE | OPTIONS_MEASURE;

	return (row->commands & runs) == runs && row->kind != KIND_CONFIG;
}

int config_write(const struct settings *settings)
{
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);
	int fd;

	if (memory == NULL)
		return -1;
	for (const struct option_row *row = option_table; row->name; row++) {
		if (is_common(row))
			option_write(row, settings, put_option, memory);
	}
	if (fclose(memory) != 0)
		return -1;
	fd = files_share(text, length);
	free(text);
	if (fd >= 0)
		fcntl(fd, F_SETFD, 0);
	return fd;
}
