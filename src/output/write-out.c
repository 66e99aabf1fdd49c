/* Lines in a format of the user's; see write-out.h. */
#include "config.h"

#include "output/write-out.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "output/escape.h"
#include "output/records.h"
#include "output/variables.h"

struct write_out {
	struct outlet *main, *errors;
	const struct settings *settings;
};

/* A part of a format.  LENGTH: of its TEXT; END: where the next part begins. */
enum part_kind { PART_END, PART_LITERAL, PART_NAME, PART_BROKEN };
struct part {
	enum part_kind kind;
	const char *text, *end;
	size_t length;
};

static struct part next_part(const char *at)
{
	static const char escapes[] = "nrt\\", meanings[] = "\n\r\t\\";
	struct part part = { PART_LITERAL, at, at, strcspn(at, "%\\") };
	const char *found;

	part.end = at + part.length;
	if (part.length > 0)
		return part;
	if (*at == '\0') {
		part.kind = PART_END;
	} else if (*at == '\\') {
		found = at[1] != '\0' ? strchr(escapes, at[1]) : NULL;
		part.text = found != NULL ? &meanings[found - escapes] : at;
		part.length = 1;
		part.end = at + 1 + (found != NULL);
	} else if (at[1] == '{') {
		part.kind = PART_NAME;
		part.text = at + 2;
		part.length = strcspn(at + 2, "}");
		part.end = at + 3 + part.length;
		if (at[2 + part.length] == '\0')
			part.kind = PART_BROKEN;
	} else {
		part.length = 1;
		part.end = at + 1 + (at[1] == '%');
	}
	return part;
}

static bool is_called(const struct part *part, const char *name)
{
	return strlen(name) == part->length &&
	       memcmp(part->text, name, part->length) == 0;
}

static bool is_special(const struct part *part)
{
	return is_called(part, "json") || is_called(part, "stdout") ||
	       is_called(part, "stderr") || is_called(part, "onerror");
}

const char *write_out_fault(const char *format)
{
	static char fault[80];
	struct part part = next_part(format);

	for (; part.kind != PART_END; part = next_part(part.end)) {
		if (part.kind == PART_BROKEN)
			return "a '%{' without '}'";
		if (part.kind == PART_LITERAL || is_special(&part) ||
		    variable_find(part.text, part.length) != NULL)
			continue;
		snprintf(fault, sizeof(fault), "unknown variable '%.*s'",
			 (int)(part.length < 40 ? part.length : 40),
			 part.text);
		return fault;
	}
	return NULL;
}

static void add_variable(struct evbuffer *out, const struct variable *variable,
			 struct variable_source *source)
{
	struct variable_value value = variable->get(source);

	switch (value.kind) {
	case VARIABLE_UNKNOWN:
		break;
	case VARIABLE_TEXT:
		escape_add(out, value.text, strlen(value.text));
		break;
	case VARIABLE_COUNT: case VARIABLE_BOOL:
		evbuffer_add_printf(out, "%" PRIu64, value.number);
		break;
	case VARIABLE_SECONDS:
		evbuffer_add_printf(out, "%" PRIu64 ".%06" PRIu64,
				    value.number / 1000000,
				    value.number % 1000000);
		break;
	}
}

/* Writes a part that is in braces.  Returns false if the rest is not for this
 * entry. */
static bool add_named(struct write_out *write_out, struct outlet **outlet,
		      const struct part *part, struct variable_source *source)
{
	if (is_called(part, "json"))
		records_add(outlet_buffer(*outlet), source->item,
			    source->settings);
	else if (is_called(part, "stdout"))
		*outlet = write_out->main;
	else if (is_called(part, "stderr"))
		*outlet = write_out->errors;
	else if (is_called(part, "onerror"))
		return source->item->result->outcome == OUTCOME_FAILED;
	else
		add_variable(outlet_buffer(*outlet),
			     variable_find(part->text, part->length), source);
	return true;
}

static void write_out_final(void *state, const struct listener_item *item)
{
	struct write_out *write_out = state;
	struct variable_source source = { .item = item,
					  .settings = write_out->settings };
	struct outlet *outlet = write_out->main;
	struct part part = next_part(write_out->settings->out.write_out);

	for (; part.kind != PART_END; part = next_part(part.end)) {
		if (part.kind == PART_LITERAL)
			evbuffer_add(outlet_buffer(outlet), part.text,
				     part.length);
		else if (!add_named(write_out, &outlet, &part, &source))
			break;
	}
	free(source.path);
	outlet_touch(write_out->main);
	outlet_touch(write_out->errors);
}

static bool write_out_full(void *state)
{
	const struct write_out *write_out = state;

	return outlet_pending(write_out->main) >= OUTLET_FULL ||
	       outlet_pending(write_out->errors) >= OUTLET_FULL;
}

static bool write_out_pending(void *state)
{
	const struct write_out *write_out = state;

	return outlet_pending(write_out->main) > 0 ||
	       outlet_pending(write_out->errors) > 0;
}

static void write_out_flush(void *state)
{
	struct write_out *write_out = state;

	outlet_flush(write_out->main);
	outlet_flush(write_out->errors);
}

static const struct listener_kind write_out_kind = {
	.final = write_out_final,
	.full = write_out_full,
	.pending = write_out_pending,
	.flush = write_out_flush,
	.free = free,
};

struct listener write_out_new(struct outlet *main, struct outlet *errors,
			      const struct settings *settings)
{
	struct write_out *write_out = memory_zeroed(sizeof(*write_out));

	write_out->main = main;
	write_out->errors = errors;
	write_out->settings = settings;
	return (struct listener){ &write_out_kind, write_out };
}
