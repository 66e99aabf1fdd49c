/* libevent event loops; see evbase.h. */
#include "config.h"

#include "base/evbase.h"

#include <errno.h>

struct event_base *evbase_new(int flags)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	if (config == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV |
					      EVENT_BASE_FLAG_NOLOCK | flags);
	base = event_base_new_with_config(config);
	event_config_free(config);
	return base;
}

static void ignore_message(int severity, const char *message)
{
	(void)severity, (void)message;
}

void evbase_silence(void)
{
	event_set_log_callback(ignore_message);
}
