/*
 * Lists whose entries take up several lines, for --input-format.
 *
 * aria2: a line of one or more URLs of the same body, separated by tabs, then
 * options as KEY=VALUE, each on an indented line (aria2c(1), "Input File").
 *
 * curl: "KEY = VALUE", as for curl -K (curl(1), "--config"): every "url" is an
 * entry, which goes with the "output" before or after it; what is asked of the
 * server applies to the entries from there to the next "next".
 *
 * Both are turned into lines of fields.h, so that entries mean the same
 * whatever they are read from; an option that has no such meaning is a fault of
 * its entry.  An entry is complete when the next one begins, or at the end of
 * the list.  For the core's thread only.
 */
#ifndef PFETCH_CORE_LIST_FORMAT_H
#define PFETCH_CORE_LIST_FORMAT_H

#include <stdbool.h>

#include "core/list.h"

struct list_format;

/* Whether there is a format called NAME. */
bool list_format_is_known(const char *name);

/* Reads LIST, which the caller keeps, in the format called NAME. */
struct list_format *list_format_new(struct list *list, const char *name);
void list_format_free(struct list_format *format);

/* As list_next(). */
enum list_state list_format_next(struct list_format *format,
				 struct list_entry *entry);

#endif
