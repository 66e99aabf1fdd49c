/* What is compared; see combinations.h. */
#include "config.h"

#include "lab/combinations.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "base/settings.h"
#include "base/units.h"

enum { JOBS_MAX = 10000 };

/* The list being built, with room for COMBINATIONS_MAX combinations. */
struct list {
	struct combination *all;
	size_t count;
};

static void write_label(struct combination *combination)
{
	if (combination->jobs == SETTINGS_AUTO)
		snprintf(combination->label, sizeof(combination->label),
			 "auto");
	else
		snprintf(combination->label, sizeof(combination->label),
			 "%" PRIu64, combination->jobs);
}

static void add(struct list *list, const struct strategy *strategy,
		uint64_t jobs)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->all[i].strategy == strategy &&
		    list->all[i].jobs == jobs)
			return;
	}
	if (list->count == COMBINATIONS_MAX)
		fatal(EXIT_STATUS_USAGE, "more than %d combinations to "
		      "compare", COMBINATIONS_MAX);
	list->all[list->count] = (struct combination){
		.strategy = strategy,
		.jobs = jobs,
		.service = histogram_new(),
		.sojourn = histogram_new(),
	};
	write_label(&list->all[list->count++]);
}

static void add_strategy(struct list *list, const struct strategy *strategy,
			 const char *jobs)
{
	char *copy = memory_string(jobs), *rest = copy, *part;

	while ((part = strsep(&rest, ",")) != NULL) {
		uint64_t number = SETTINGS_AUTO;

		if (strcmp(part, "auto") != 0 &&
		    (units_parse_count(part, &number) != 0 || number < 1 ||
		     number > JOBS_MAX))
			fatal(EXIT_STATUS_USAGE, "invalid number of jobs in "
			      "'%s': '%s' (1 to %d, or auto)", jobs, part,
			      JOBS_MAX);
		add(list, strategy, strategy->blocks ? 1 : number);
	}
	free(copy);
}

static void add_named(struct list *list, const char *names, const char *jobs)
{
	char *copy = memory_string(names), *rest = copy, *part;

	while ((part = strsep(&rest, ",")) != NULL) {
		const struct strategy *strategy = strategy_find(part);

		if (strategy == NULL)
			fatal(EXIT_STATUS_USAGE, "unknown strategy '%s'; see "
			      "--list-strategies", part);
		add_strategy(list, strategy, jobs);
	}
	free(copy);
}

struct combination *combinations_make(const char *names, const char *jobs,
				      size_t *count)
{
	struct list list = {
		.all = memory_zeroed(COMBINATIONS_MAX * sizeof(*list.all)),
	};

	if (names != NULL)
		add_named(&list, names, jobs);
	for (size_t i = 0; names == NULL && strategies[i] != NULL; i++)
		add_strategy(&list, strategies[i], jobs);
	*count = list.count;
	return list.all;
}

void combinations_free(struct combination *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (all[i].picture.sample.complete)
			measure_release(&all[i].picture.sample.measure);
		free(all[i].trials);
		free(all[i].service);
		free(all[i].sojourn);
	}
	free(all);
}

size_t combinations_baseline(const struct combination *all, size_t count)
{
	size_t least = 0;

	for (size_t i = 0; i < count; i++) {
		if (all[i].strategy->blocks)
			return i;
		if (all[i].jobs < all[least].jobs)
			least = i;
	}
	return least;
}

static bool is_better_seen(const struct combination *one,
			   const struct combination *other)
{
	if (other == NULL)
		return true;
	if (other->jobs > COMBINATIONS_SHOWN_JOBS)
		return one->jobs < other->jobs;
	return one->jobs <= COMBINATIONS_SHOWN_JOBS && one->jobs > other->jobs;
}

const struct combination *combinations_shown(const struct combination *all,
					     size_t count,
					     const struct strategy *strategy)
{
	const struct combination *best = NULL;

	for (size_t i = 0; i < count; i++) {
		if (all[i].strategy == strategy &&
		    is_better_seen(&all[i], best))
			best = &all[i];
	}
	return best;
}
