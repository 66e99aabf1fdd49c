/* A watchdog for worker processes; see watchdog.h. */
#include "config.h"

#include "strategy/watchdog.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/memory.h"

enum {
	GRACE_MS = 5000,
	STALL_MS = 30000, /* if no stall time-out is set */
};

struct watched {
	unsigned beats;          /* as last seen */
	unsigned silent;         /* ticks since they changed */
};

struct watchdog {
	struct pulse *pulses;    /* shared with the workers */
	struct watched *watched;
	size_t count;
	unsigned limit;          /* ticks */
};

/* How long a try may go without progress: it has to connect, and then bytes
 * have to arrive.  A shorter limit on the whole try takes precedence. */
static uint64_t patience_ms(const struct settings *settings)
{
	uint64_t stall = settings->stall_timeout_ms > 0
				 ? settings->stall_timeout_ms : STALL_MS;
	uint64_t most = settings->connect_timeout_ms + stall;

	return settings->max_time_ms > 0 && settings->max_time_ms < most
		       ? settings->max_time_ms : most;
}

struct watchdog *watchdog_new(const struct settings *settings, size_t count)
{
	struct watchdog *watchdog;
	void *shared = mmap(NULL, count * sizeof(struct pulse),
			    PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return NULL;
	watchdog = memory_zeroed(sizeof(*watchdog));
	watchdog->pulses = shared;
	watchdog->watched = memory_zeroed(count * sizeof(*watchdog->watched));
	watchdog->count = count;
	watchdog->limit = (unsigned)((patience_ms(settings) + GRACE_MS +
				      WATCHDOG_TICK_MS - 1) /
				     WATCHDOG_TICK_MS);
	return watchdog;
}

void watchdog_free(struct watchdog *watchdog)
{
	if (watchdog == NULL)
		return;
	munmap(watchdog->pulses, watchdog->count * sizeof(struct pulse));
	free(watchdog->watched);
	free(watchdog);
}

struct pulse *watchdog_pulse(const struct watchdog *watchdog, size_t index)
{
	return watchdog != NULL ? &watchdog->pulses[index] : NULL;
}

void watchdog_beat(struct pulse *pulse)
{
	if (pulse != NULL)
		atomic_fetch_add_explicit(&pulse->beats, 1,
					  memory_order_relaxed);
}

static unsigned beats_of(const struct watchdog *watchdog, size_t index)
{
	return atomic_load_explicit(&watchdog->pulses[index].beats,
				    memory_order_relaxed);
}

void watchdog_begin(struct watchdog *watchdog, size_t index)
{
	if (watchdog == NULL)
		return;
	watchdog->watched[index].beats = beats_of(watchdog, index);
	watchdog->watched[index].silent = 0;
}

bool watchdog_tick(struct watchdog *watchdog, size_t index)
{
	struct watched *watched;
	unsigned beats;

	if (watchdog == NULL)
		return false;
	watched = &watchdog->watched[index];
	beats = beats_of(watchdog, index);
	if (beats != watched->beats) {
		watched->beats = beats;
		watched->silent = 0;
		return false;
	}
	return ++watched->silent > watchdog->limit;
}
