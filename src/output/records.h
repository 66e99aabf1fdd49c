/*
 * Records: one JSON object for each entry and one for the run, for programs.
 *
 * Each is a line of its own (ndjson.org), is valid UTF-8 whatever bytes came
 * in, and is handed to the outlet as a whole.  docs/record.schema.json
 * describes them; a test holds it against what is written.
 */
#ifndef PFETCH_OUTPUT_RECORDS_H
#define PFETCH_OUTPUT_RECORDS_H

#include "base/settings.h"
#include "output/listener.h"
#include "output/outlet.h"

/* A listener that writes records to OUT.  The caller keeps ownership of both
 * arguments. */
struct listener records_new(struct outlet *out,
			    const struct settings *settings);

/* Adds the record of ITEM, whose result is final, to BUFFER, without the end of
 * the line. */
void records_add(struct evbuffer *buffer, const struct listener_item *item,
		 const struct settings *settings);

#endif
