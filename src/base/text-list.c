/* A list of texts; see text-list.h. */
#include "config.h"

#include "base/text-list.h"

#include "base/memory.h"

void text_list_add(struct text_list *list, char *text)
{
	list->texts = memory_resize(list->texts, (list->count + 1) *
						 sizeof(*list->texts));
	list->texts[list->count++] = text;
}
