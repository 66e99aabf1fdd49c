/* The values of options; see option-values.h. */
#include "config.h"

#include "cmd/option-values.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/http-syntax.h"
#include "base/memory.h"
#include "base/units.h"
#include "cmd/option-words.h"
#include "cmd/options.h"
#include "cmd/secrets.h"

enum { VALUE_FILE_MAX = 64 << 20 };

/* ---- numbers ---- */

/* How each kind of number is parsed, what it is called, and the unit in which
 * it is stored. */
static const struct {
	int (*parse)(const char *text, uint64_t *value);
	const char *noun, *unit;
} numbers[] = {
	[KIND_COUNT] = { units_parse_number, "number", "" },
	[KIND_SIZE] = { units_parse_size, "size", "" },
	[KIND_SECONDS] = { units_parse_seconds, "time", "ms" },
	[KIND_FINE] = { units_parse_fine_seconds, "time", "us" },
	[KIND_PERCENT] = { units_parse_percent, "percentage", "/1000 %" },
	[KIND_RATE] = { units_parse_rate, "rate", "us" },
	[KIND_JOBS] = { units_parse_count, "number", "" },
};

static void store_number(const struct option_row *row,
			 const struct option_value *given, void *field)
{
	const char *unit = numbers[row->kind].unit;
	uint64_t more = given->more, value;

	if (numbers[row->kind].parse(given->text, &value) != 0)
		options_usage_error("invalid %s for --%s: '%s'",
				    numbers[row->kind].noun, given->name,
				    given->text);
	/* MORE is added before the range is checked. */
	value = value <= UINT64_MAX - more ? value + more : UINT64_MAX;
	if (value < row->minimum || value > row->maximum)
		options_usage_error("--%s is out of range (%" PRIu64
				    " to %" PRIu64 "%s%s): '%s'", given->name,
				    row->minimum > more ? row->minimum - more
							: 0,
				    row->maximum - more,
				    *unit != '\0' ? " " : "", unit,
				    given->text);
	memcpy(field, &value, sizeof(value));
}

static void store_jobs(const struct option_row *row,
		       const struct option_value *given, void *field)
{
	if (strcmp(given->text, "auto") == 0)
		*(uint64_t *)field = SETTINGS_AUTO;
	else
		store_number(row, given, field);
}

static void store_failures(const struct option_row *row,
			   const struct option_value *given, void *field)
{
	/* A number and a share are two fields, of which one is set. */
	uint64_t *number = field, *share = number + 1, thousandths;
	bool percent = strchr(given->text, '%') != NULL;

	(void)row;
	*number = *share = SETTINGS_UNSET;
	if (!percent && units_parse_number(given->text, number) == 0)
		return;
	if (!percent || units_parse_percent(given->text, &thousandths) != 0 ||
	    thousandths > 100000)
		options_usage_error("invalid number or percentage for --%s: "
				    "'%s'", given->name, given->text);
	*share = thousandths * 10;
}

/* ---- words ---- */

static void store_word(const struct option_row *row,
		       const struct option_value *given, void *field)
{
	const char *fault = option_word_fault(row->kind, given->text);

	/* There may be a password before the "@". */
	if (fault != NULL && strchr(given->text, '@') != NULL)
		options_usage_error("--%s: %s", given->name, fault);
	if (fault != NULL)
		options_usage_error("--%s: '%s': %s", given->name,
				    given->text, fault);
	*(const char **)field = given->text;
}

static void store_maybe(const struct option_row *row,
			const struct option_value *given, void *field)
{
	(void)row;
	*(const char **)field = given->text != NULL ? given->text : "";
}

static void store_flag(const struct option_row *row,
		       const struct option_value *given, void *field)
{
	(void)row, (void)given;
	*(bool *)field = true;
}

static void store_when(const struct option_row *row,
		       const struct option_value *given, void *field)
{
	static const char *const names[] = {
		[COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};
	enum terminal_colour *when = field;

	for (int i = COLOUR_AUTO; i <= COLOUR_NEVER; i++) {
		if (strcmp(given->text, names[i]) == 0) {
			*when = (enum terminal_colour)i;
			return;
		}
	}
	options_usage_error("--%s is auto, always or never, not '%s'",
			    row->name, given->text);
}

static void store_statuses(const struct option_row *row,
			   const struct option_value *given, void *field)
{
	struct settings *settings = (void *)((char *)field - row->offset);
	const char *fault = status_set_parse(given->text,
					     &settings->accepted);

	if (fault != NULL)
		options_usage_error("--%s: '%s': %s", given->name, given->text,
				    fault);
	settings->accepted_text = given->text;
	settings->accepts = true;
}

static void store_list(const struct option_row *row,
		       const struct option_value *given, void *field)
{
	const char *fault = option_word_fault(row->kind, given->text);

	if (fault != NULL)
		options_usage_error("--%s: '%s': %s", given->name, given->text,
				    fault);
	text_list_add(field, memory_string(given->text));
}

/* ---- secrets: no message shows them ---- */

/* The bytes of the file that GIVEN names. */
static struct text_data read_file(const struct option_value *given,
				  const char *path)
{
	struct text_data data;

	if (strcmp(path, "-") == 0)
		path = "/dev/stdin";
	data.bytes = files_read(path, VALUE_FILE_MAX, &data.length);
	if (data.bytes == NULL)
		options_usage_error("--%s: cannot read '%s': %s", given->name,
				    path, strerror(errno));
	return data;
}

static bool names_file(const struct option_value *given)
{
	return !given->literal && given->text[0] == '@';
}

/* Cuts the end of the line off. */
static void chomp(struct text_data *data)
{
	while (data->length > 0 && (data->bytes[data->length - 1] == '\n' ||
				    data->bytes[data->length - 1] == '\r'))
		data->bytes[--data->length] = '\0';
}

/* What GIVEN says, or what the file says that it names. */
static struct text_data take_data(const struct option_value *given, bool file)
{
	struct text_data data;

	if (file || names_file(given))
		return read_file(given, given->text + !file);
	data.bytes = memory_copy(given->text, given->length);
	data.length = given->length;
	secrets_hide(given->text, given->length);
	return data;
}

static void check_secret(const struct option_value *given,
			 const struct text_data *data)
{
	if (data->length == 0)
		options_usage_error("--%s: it needs a value", given->name);
	if (strlen(data->bytes) != data->length ||
	    http_has_control(data->bytes))
		options_usage_error("--%s: its value has more than one line "
				    "or a control character", given->name);
}

static void store_secret(const struct option_row *row,
			 const struct option_value *given, void *field)
{
	struct text_data data = take_data(given, row->kind == KIND_SECRET_FILE
							 && !given->literal);

	chomp(&data);
	check_secret(given, &data);
	*(const char **)field = data.bytes;
}

static void store_url(const struct option_row *row,
		      const struct option_value *given, void *field)
{
	const char *fault = option_word_fault(KIND_LINE, given->text);

	(void)row;
	if (fault != NULL)
		options_usage_error("--%s: %s", given->name, fault);
	*(const char **)field = given->text;
	secrets_hide_password(given->text);
}

static void add_header(const struct option_value *given, const char *line,
		       struct text_list *headers)
{
	const char *fault = http_header_fault(line);

	if (fault != NULL)
		options_usage_error("--%s: %s", given->name, fault);
	text_list_add(headers, memory_string(line));
}

/* A file may have several header lines. */
static void store_header(const struct option_row *row,
			 const struct option_value *given, void *field)
{
	struct text_data data = take_data(given, false);
	char *line, *rest = data.bytes;

	(void)row;
	if (!names_file(given)) {
		add_header(given, data.bytes, field);
		free(data.bytes);
		return;
	}
	if (strlen(data.bytes) != data.length)
		options_usage_error("--%s: the file contains a NUL byte",
				    given->name);
	while ((line = strsep(&rest, "\n")) != NULL) {
		size_t length = strlen(line);

		if (length > 0 && line[length - 1] == '\r')
			line[--length] = '\0';
		if (length > 0)
			add_header(given, line, field);
	}
	free(data.bytes);
}

/* Several make one, joined by "&", as in a form. */
static void store_data(const struct option_row *row,
		       const struct option_value *given, void *field)
{
	struct text_data *data = field;
	struct text_data more = take_data(given, row->kind == KIND_DATA_FILE
							 && !given->literal);
	size_t before = data->bytes != NULL ? data->length + 1 : 0;

	data->bytes = memory_resize(data->bytes, before + more.length + 1);
	if (before > 0)
		data->bytes[before - 1] = '&';
	memcpy(data->bytes + before, more.bytes, more.length + 1);
	data->length = before + more.length;
	free(more.bytes);
}

/* ---- formats ---- */

/* A format, or the file that it is in. */
static void store_write_out(const struct option_row *row,
			    const struct option_value *given, void *field)
{
	struct text_data data = { .bytes = memory_string(given->text),
				  .length = given->length };
	const char *fault;

	if (names_file(given)) {
		free(data.bytes);
		data = read_file(given, given->text + 1);
	}
	fault = strlen(data.bytes) != data.length
		? "it contains a NUL byte"
		: option_word_fault(row->kind, data.bytes);
	if (fault != NULL)
		options_usage_error("--%s: %s", given->name, fault);
	*(const char **)field = data.bytes;
}

/* The byte that "\" and C stand for; -1: none. */
static int escaped(char c)
{
	static const char escapes[] = "0abfnrtv\\";
	static const char bytes[] = "\0\a\b\f\n\r\t\v\\";
	const char *found = c != '\0' ? strchr(escapes, c) : NULL;

	return found != NULL ? (unsigned char)bytes[found - escapes] : -1;
}

static void store_separator(const struct option_row *row,
			    const struct option_value *given, void *field)
{
	struct text_data *data = field;
	size_t used = 0;

	(void)row;
	data->bytes = memory_copy(given->text, given->length);
	for (size_t i = 0; i < given->length; i++) {
		int byte = given->text[i] == '\\' && i + 1 < given->length
				   ? escaped(given->text[i + 1]) : -1;

		data->bytes[used++] = byte < 0 ? given->text[i] : (char)byte;
		i += byte >= 0;
	}
	data->length = used;
}

/* ---- all kinds ---- */

typedef void store_function(const struct option_row *row,
			    const struct option_value *given, void *field);

static store_function *const stores[] = {
	[KIND_FLAG] = store_flag, [KIND_COUNT] = store_number,
	[KIND_SIZE] = store_number, [KIND_SECONDS] = store_number,
	[KIND_FINE] = store_number, [KIND_PERCENT] = store_number,
	[KIND_RATE] = store_number, [KIND_JOBS] = store_jobs,
	[KIND_FAILURES] = store_failures, [KIND_TEXT] = store_word,
	[KIND_LINE] = store_word, [KIND_MAYBE] = store_maybe,
	[KIND_STRATEGY] = store_word, [KIND_DIGEST] = store_word,
	[KIND_TEMPLATE] = store_word, [KIND_HOSTS] = store_word,
	[KIND_FORMAT] = store_word, [KIND_METHOD] = store_word,
	[KIND_ORDER] = store_word, [KIND_PROGRESS] = store_word,
	[KIND_DURABILITY] = store_word, [KIND_WRITE_OUT] = store_write_out,
	[KIND_SEPARATOR] = store_separator,
	[KIND_AUTH] = store_word, [KIND_TLS] = store_word,
	[KIND_WHEN] = store_when, [KIND_STATUSES] = store_statuses,
	[KIND_INTERFACE] = store_word, [KIND_PIN] = store_word,
	[KIND_RESOLVE] = store_list, [KIND_CONNECT_TO] = store_list,
	[KIND_HOST_LIST] = store_list, [KIND_SECRET] = store_secret,
	[KIND_SECRET_FILE] = store_secret, [KIND_URL] = store_url,
	[KIND_HEADER] = store_header, [KIND_DATA] = store_data,
	[KIND_DATA_FILE] = store_data,
};

void option_store(const struct option_row *row,
		  const struct option_value *value, struct settings *settings)
{
	stores[row->kind](row, value, (char *)settings + row->offset);
}

/* ---- writing ---- */

/* Writes a number, unless it is unset.  A rate is stored as an interval. */
static char *format_number(const struct option_row *row, uint64_t number)
{
	if (number == SETTINGS_UNSET)
		return NULL;
	if (row->kind == KIND_RATE)
		return number == 0 ? NULL : memory_format(
			"%.3f/h", 3600e6 / (double)number);
	return memory_format("%" PRIu64 "%s", number, numbers[row->kind].unit);
}

void option_write(const struct option_row *row,
		  const struct settings *settings,
		  void (*write)(void *context, const struct option_row *row,
				const char *text, size_t length),
		  void *context)
{
	const void *field = (const char *)settings + row->offset;
	const struct text_list *list = field;
	const struct text_data *data = field;
	const char *text = NULL;
	char *number = NULL;

	switch (row->kind) {
	case KIND_FLAG:
		if (*(const bool *)field)
			write(context, row, NULL, 0);
		return;
	case KIND_RESOLVE: case KIND_CONNECT_TO: case KIND_HOST_LIST:
	case KIND_HEADER:
		for (size_t i = 0; i < list->count; i++)
			write(context, row, list->texts[i],
			      strlen(list->texts[i]));
		return;
	case KIND_DATA:
		if (data->bytes != NULL)
			write(context, row, data->bytes, data->length);
		return;
	case KIND_DATA_FILE: /* its bytes are those of KIND_DATA */
		return;
	case KIND_COUNT: case KIND_SIZE: case KIND_SECONDS: case KIND_FINE:
	case KIND_PERCENT: case KIND_RATE: case KIND_JOBS:
		number = format_number(row, *(const uint64_t *)field);
		text = number;
		break;
	default:
		text = *(const char *const *)field;
	}
	/* Where two options set one field, "" is a value of only one of
	 * them. */
	if (text != NULL && (*text != '\0' || row->kind == KIND_MAYBE))
		write(context, row, text, strlen(text));
	free(number);
}
