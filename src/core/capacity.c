/* How much a run can hold: jobs, entries and descriptors. */
#include "config.h"

#include "base/limits.h"
#include "core/run-internal.h"

enum {
	DESCRIPTORS_KEPT = 24,      /* for everything but transfers */
	SPARE_WINDOW_LEAST = 1000,  /* entries that wait for their host */
};

/* Lowers the number of jobs, and the queue if waiting bodies need descriptors
 * too, to what the descriptors suffice for.  Returns whether the number of jobs
 * had to be lowered. */
static bool fit_jobs(struct run *run)
{
	struct settings *settings = &run->settings;
	bool spools = settings_sink(settings) == SINK_SPOOL ||
		      settings->streams;
	uint64_t have = limits_raise_descriptors();
	uint64_t free_ones = have > DESCRIPTORS_KEPT ? have - DESCRIPTORS_KEPT
						     : 0;
	/* Up to twice the window's tasks may hold a body; see run.c. */
	uint64_t each = run->strategy->descriptors + (spools ? 2 : 0);
	uint64_t most = free_ones / each > 0 ? free_ones / each : 1;
	bool lowered = settings->jobs > most && !run->strategy->blocks;
	uint64_t room;

	if (settings->queue == SETTINGS_UNSET)
		settings->queue = settings->jobs;
	if (lowered)
		settings->jobs = most;
	room = free_ones > settings->jobs * each
		       ? (free_ones - settings->jobs * each) / 2 : 0;
	if (spools && settings->queue > room)
		settings->queue = room;
	limits_reserve_descriptors(settings->jobs * each + DESCRIPTORS_KEPT);
	/* And for idle connections, if there is room for them. */
	limits_reserve_descriptors(2 * settings->jobs * each +
				   DESCRIPTORS_KEPT);
	return lowered;
}

static void set_spare_window(struct run *run)
{
	run->spare_window = run->window;
	/* Where bodies wait for their turn, each entry may hold a body. */
	if (settings_bodies(&run->settings) == BODIES_NOWHERE &&
	    run->window < SPARE_WINDOW_LEAST)
		run->spare_window = SPARE_WINDOW_LEAST;
}

bool capacity_fit(struct run *run)
{
	struct settings *settings = &run->settings;
	bool lowered = fit_jobs(run);

	settings->streams = settings_bodies(settings) == BODIES_JOINED &&
			    settings_in_order(settings) &&
			    settings->jobs == 1 && !lowered;
	run->window = settings_window(&run->settings);
	set_spare_window(run);
	return lowered;
}

uint64_t capacity_of_strategy(const struct run *run)
{
	uint64_t capacity = run->strategy->capacity(&run->settings);

	/* Live bodies have only one file. */
	if (run->settings.streams)
		return 1;
	return run->common.keeps_cookies && capacity > run->settings.jobs
		       ? run->settings.jobs : capacity;
}
