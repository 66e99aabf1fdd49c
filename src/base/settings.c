/* Values derived from the options; see settings.h. */
#include "config.h"

#include "base/settings.h"

#include <stddef.h>
#include <string.h>

enum sink_kind settings_sink(const struct settings *settings)
{
	if (settings->discard || settings->ask.head)
		return SINK_DISCARD;
	if (settings_bodies(settings) == BODIES_NOWHERE)
		return SINK_FILE;
	return settings->streams ? SINK_LIVE : SINK_SPOOL;
}

enum settings_bodies settings_bodies(const struct settings *settings)
{
	if (settings->discard || settings->ask.head)
		return BODIES_NOWHERE;
	if (settings->out.tar != NULL)
		return BODIES_TAR;
	if (settings->out.warc != NULL)
		return BODIES_WARC;
	return settings->output_document != NULL ? BODIES_JOINED
						 : BODIES_NOWHERE;
}

bool settings_has_names(const struct settings *settings)
{
	return settings_sink(settings) == SINK_FILE ||
	       settings_bodies(settings) == BODIES_TAR;
}

bool settings_is_stdout(const char *file)
{
	return file != NULL && (*file == '\0' || strcmp(file, "-") == 0);
}

bool settings_keeps_facts(const struct settings *settings)
{
	const struct out_settings *out = &settings->out;

	return out->json != NULL || out->write_out != NULL ||
	       out->tar != NULL || out->warc != NULL;
}

bool settings_in_order(const struct settings *settings)
{
	const char *order = settings->out.order;

	if (order == NULL)
		return settings_bodies(settings) == BODIES_JOINED;
	return strcmp(order, "input") == 0;
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
