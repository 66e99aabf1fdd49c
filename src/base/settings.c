/* Values derived from the options; see settings.h. */
#include "config.h"

#include "base/settings.h"

#include <stddef.h>

enum sink_kind settings_sink(const struct settings *settings)
{
	if (settings->discard || settings->ask.head)
		return SINK_DISCARD;
	return settings->output_document != NULL ? SINK_SPOOL : SINK_FILE;
}

bool settings_replace(const struct settings *settings)
{
	return settings->overwrite || settings->timestamps ||
	       settings->etags != NULL;
}

uint64_t settings_window(const struct settings *settings)
{
	return settings->jobs + (settings->queue == SETTINGS_UNSET
				 ? settings->jobs : settings->queue);
}
