/* Texts: the values of an option that may be given more than once, and bytes
 * that may contain anything. */
#ifndef PFETCH_BASE_TEXT_LIST_H
#define PFETCH_BASE_TEXT_LIST_H

#include <stddef.h>

struct text_list {
	char **texts;
	size_t count;
};

/* Bytes, followed by a NUL that doesn't count; BYTES is NULL if there are
 * none. */
struct text_data {
	char *bytes;
	size_t length;
};

/* Adds TEXT, taking ownership of it. */
void text_list_add(struct text_list *list, char *text);

#endif
