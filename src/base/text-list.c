/* A list of texts; see text-list.h. */
#include "config.h"

#include "base/text-list.h"

#include <stdlib.h>

#include "base/memory.h"

void text_list_add(struct text_list *list, char *text)
{
	list->texts = memory_resize(list->texts, (list->count + 1) *
						 sizeof(*list->texts));
	list->texts[list->count++] = text;
}

void text_list_release(struct text_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->texts[i]);
	free(list->texts);
	*list = (struct text_list){ 0 };
}
