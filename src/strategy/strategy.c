/* What all strategies have in common; see strategy.h. */
#include "config.h"

#include "strategy/strategy.h"

#include <stdio.h>
#include <string.h>

const struct strategy *strategy_find(const char *name)
{
	for (const struct strategy *const *at = strategies; *at; at++) {
		if (strcmp((*at)->name, name) == 0)
			return *at;
	}
	return NULL;
}

unsigned strategy_lane(const struct strategy *strategy,
		       const struct settings *settings,
		       const struct result *result)
{
	if (!strategy->slots)
		return result->worker;
	return result->worker * (unsigned)settings->jobs + result->slot;
}

void strategy_lane_name(const struct strategy *strategy, unsigned worker,
			unsigned slot, char name[STRATEGY_LANE_ROOM])
{
	if (strategy->worker == NULL && !strategy->slots)
		snprintf(name, STRATEGY_LANE_ROOM, "core");
	else if (strategy->worker == NULL)
		snprintf(name, STRATEGY_LANE_ROOM, "slot %u", slot + 1);
	else if (!strategy->slots)
		snprintf(name, STRATEGY_LANE_ROOM, "%s %u", strategy->worker,
			 worker + 1);
	else
		snprintf(name, STRATEGY_LANE_ROOM, "%s %u slot %u",
			 strategy->worker, worker + 1, slot + 1);
}

uint64_t strategy_capacity_jobs(const struct settings *settings)
{
	return settings->jobs;
}

uint64_t strategy_one_worker(const struct settings *settings)
{
	(void)settings;
	return 1;
}
