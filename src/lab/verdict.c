/* The conclusion of a comparison; see verdict.h. */
#include "config.h"

#include "lab/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

static const double as_fast = 1.05;  /* relative to the fastest */
static const double most = 0.5;      /* share that counts as most of the time */

/* Whether ROW may be recommended.  Once there are enough runs to tell, only the
 * baseline and what is clearly faster than it may be. */
static bool is_candidate(const struct summary *summary,
			 const struct summary_row *row)
{
	return row->runs > 0 && (row == summary->baseline || row->faster ||
				 !row->speedup_interval.known);
}

static const struct summary_row *fastest(const struct summary *summary)
{
	const struct summary_row *best = NULL;

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (is_candidate(summary, row) &&
		    (best == NULL || row->wall_s < best->wall_s))
			best = row;
	}
	return best;
}

static bool is_as_fast(const struct summary_row *row,
		       const struct summary_row *best)
{
	return row->runs > 0 && row->wall_s <= as_fast * best->wall_s;
}

static bool is_cheaper(const struct summary_row *one,
		       const struct summary_row *other)
{
	if (one->combination->jobs != other->combination->jobs)
		return one->combination->jobs < other->combination->jobs;
	return one->user_s + one->system_s < other->user_s + other->system_s;
}

static const struct summary_row *find_best(const struct summary *summary)
{
	const struct summary_row *first = fastest(summary);
	const struct summary_row *best = first;

	if (first == NULL)
		return NULL;
	if (is_as_fast(summary->baseline, first))
		return summary->baseline;
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (is_candidate(summary, row) && is_as_fast(row, first) &&
		    is_cheaper(row, best))
			best = row;
	}
	return best;
}

/* "event -j 50"; no number if the strategy runs one job at a time. */
static void name_of(const struct summary_row *row, char *name, size_t room)
{
	const struct combination *combination = row->combination;

	if (combination->strategy->blocks)
		snprintf(name, room, "%s", combination->strategy->name);
	else
		snprintf(name, room, "%s -j %s",
			 combination->strategy->name, combination->label);
}

/* The largest factor by which BEST's strategy is faster with more jobs; 0 if
 * that was not tried. */
static double most_gained(const struct summary *summary,
			  const struct summary_row *best)
{
	double gained = 0;

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->combination->strategy ==
			    best->combination->strategy &&
		    row->combination->jobs > best->combination->jobs &&
		    row->combination->jobs != SETTINGS_AUTO &&
		    row->runs > 0)
			gained = fmax(gained, best->wall_s / row->wall_s);
	}
	return gained;
}

static void add(char words[SUMMARY_WORDS_ROOM], const char *text)
{
	size_t used = strlen(words);

	snprintf(words + used, SUMMARY_WORDS_ROOM - used, "%s", text);
}

/* Names the other strategies that do as well with the same number of jobs. */
static void add_peers(struct summary *summary)
{
	const struct summary_row *best = summary->best;
	bool first = true;

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row == best || !is_as_fast(row, best) ||
		    row->combination->jobs != best->combination->jobs)
			continue;
		add(summary->verdict, first ? " Within 5 % of it: " : ", ");
		add(summary->verdict, row->combination->strategy->name);
		first = false;
	}
	if (!first)
		add(summary->verdict, ".");
}

/* Says what more jobs would gain, as far as that was tried. */
static void say_more_jobs(struct summary *summary)
{
	double gained = most_gained(summary, summary->best);
	char words[SUMMARY_WORDS_ROOM];

	if (summary->best->combination->jobs == SETTINGS_AUTO)
		return;
	snprintf(words, sizeof(words), " More than %" PRIu64 " jobs were "
		 "not tried.", summary->best->combination->jobs);
	add(summary->verdict, gained > as_fast
			      ? " More jobs are not clearly faster."
			      : gained > 1 / 0.99
			      ? " More jobs gain less than 5 %."
			      : gained > 0 ? " More jobs gain nothing."
					   : words);
}

static bool is_any_faster(const struct summary *summary)
{
	for (size_t i = 0; i < summary->count; i++) {
		if (summary->rows[i].faster)
			return true;
	}
	return false;
}

static void say_baseline(struct summary *summary)
{
	add(summary->verdict, summary->count == 1
			      ? ": nothing else was tried."
			      : is_any_faster(summary)
			      ? ": nothing else is more than 5 % faster."
			      : ": nothing else is clearly faster.");
}

static void say_faster(struct summary *summary)
{
	const struct summary_row *best = summary->best;
	char base_name[64], words[SUMMARY_WORDS_ROOM];

	name_of(summary->baseline, base_name, sizeof(base_name));
	if (isnan(best->speedup))
		snprintf(words, sizeof(words), ": it is the fastest; %s has no "
			 "valid run to compare it with.", base_name);
	else
		snprintf(words, sizeof(words), best->faster
			 ? ": it is %.1f times as fast as %s."
			 : ": it was %.1f times as fast as %s.",
			 best->speedup, base_name);
	add(summary->verdict, words);
	if (best->short_of) {
		add(summary->verdict, " It ran with fewer jobs, for lack "
		    "of descriptors, threads or processes.");
		return;
	}
	say_more_jobs(summary);
	add_peers(summary);
}

static bool is_unsure(const struct summary *summary)
{
	for (size_t i = 0; summary->count > 1 && i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		if (row->runs > 0 && !row->speedup_interval.known)
			return true;
	}
	return false;
}

static void say_best(struct summary *summary)
{
	char name[64];

	name_of(summary->best, name, sizeof(name));
	add(summary->verdict, "Use ");
	add(summary->verdict, name);
	if (summary->best == summary->baseline)
		say_baseline(summary);
	else
		say_faster(summary);
	if (is_unsure(summary))
		add(summary->verdict, " There were too few runs to be sure.");
}

/* How the baseline's transfers spend their time, in percent, over all its valid
 * runs. */
struct shares {
	double waiting, receiving, computing;
};

static bool find_shares(const struct summary *summary, struct shares *shares)
{
	const struct combination *base = summary->baseline->combination;
	double waiting = 0, receiving = 0, computing = 0, all;

	for (size_t i = 0; i < summary->experiment->blocks; i++) {
		const struct measure_record *record =
			&base->trials[i].sample.measure.record;

		if (base->trials[i].fault[0] != '\0')
			continue;
		waiting += (double)record->waiting_us;
		receiving += (double)record->receiving_us;
		computing += (double)record->computing_us;
	}
	all = waiting + receiving + computing;
	*shares = (struct shares){ 100 * waiting / all, 100 * receiving / all,
				   100 * computing / all };
	return all > 0;
}

static bool has_more_jobs(const struct summary *summary)
{
	for (size_t i = 0; i < summary->count; i++) {
		if (summary->rows[i].runs > 0 &&
		    summary->rows[i].combination->jobs > 1)
			return true;
	}
	return false;
}

/* The conclusion to be drawn from how the time is spent. */
static const char *law_of(const struct summary *summary,
			  const struct shares *shares)
{
	if (shares->computing > 100 * most)
		return summary->experiment->settings->gil
			? "Work under one lock overlaps only in separate "
			  "processes."
			: "Computing overlaps only as far as there are "
			  "processors, and threads, loops or processes to use "
			  "them.";
	if (summary->best == summary->baseline && has_more_jobs(summary))
		return "More jobs in flight do not make it faster here.";
	if (shares->waiting > 100 * most)
		return "Waiting overlaps: more jobs in flight help until "
		       "something else, such as the processors or the "
		       "server, is the limit.";
	return "Receiving overlaps too, until the network or the processors "
	       "are saturated.";
}

static void say_reason(struct summary *summary)
{
	struct shares shares;
	char name[64], words[SUMMARY_WORDS_ROOM];

	/* Only with one job at a time are the shares easy to interpret. */
	if (summary->count == 1 ||
	    !summary->baseline->combination->strategy->blocks ||
	    !find_shares(summary, &shares))
		return;
	name_of(summary->baseline, name, sizeof(name));
	snprintf(words, sizeof(words), "Under %s, a transfer spends %.0f %% of "
		 "its time waiting, %.0f %% receiving and %.0f %% computing.\n",
		 name, shares.waiting, shares.receiving, shares.computing);
	add(summary->reason, words);
	add(summary->reason, law_of(summary, &shares));
}

bool summary_as_fast(const struct summary *summary,
		     const struct summary_row *row)
{
	return summary->best != NULL && is_as_fast(row, summary->best);
}

void verdict_say(struct summary *summary)
{
	summary->best = find_best(summary);
	if (summary->best != NULL &&
	    summary->best->failed >= summary->best->entries) {
		summary->best = NULL;
		add(summary->verdict, "No conclusion: every entry failed.");
		return;
	}
	if (summary->best == NULL) {
		add(summary->verdict, "No conclusion: no run is valid.");
		return;
	}
	say_best(summary);
	say_reason(summary);
}
