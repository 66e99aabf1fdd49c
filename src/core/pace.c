/* The pace; see pace.h. */
#include "config.h"

#include "core/pace.h"

#include <string.h>

enum {
	ALIVE_US = 30 * 1000 * 1000,    /* a host that served one since */
	COOLDOWN_US = 100 * 1000,       /* of a host that serves others */
	COOLDOWN_IDLE_US = 500 * 1000,  /* of one that has served nothing */
	BACKOFF_MOST_US = 8000 * 1000,  /* of one that can't be reached */
	STEP_AFTER = 100,               /* served transfers before a step up */
	STEP_AFTER_MOST = 6400,
	RATE_STEP_US = 250 * 1000,
	RATE_HOLD_MOST_US = 16 * 1000 * 1000,
	RATE_SERVED_LEAST = 4,          /* fewer say nothing about a rate */
	TRANSFER_WORK = 2000,           /* a transfer counts as so many bytes */
	EPOCH_LEAST_US = 20 * 1000,
	EPOCH_MOST_US = 1000 * 1000,
	PATIENCE_FIRST = 2, PATIENCE_MOST = 32,
};

static double least(double one, double other)
{
	return one < other ? one : other;
}

static double most(double one, double other)
{
	return one > other ? one : other;
}

void pace_init(struct pace *pace, const struct pace_rules *rules)
{
	memset(pace, 0, sizeof(*pace));
	pace->limit = (double)rules->first;
	pace->threshold = (double)rules->most;
	pace->step_after = STEP_AFTER;
	pace->hold_us = RATE_STEP_US;
	pace->patience = pace->until_trial = PATIENCE_FIRST;
}

bool pace_has_room(const struct pace *pace, uint64_t flight)
{
	return (double)flight + 1 <= pace->limit;
}

uint64_t pace_start_us(const struct pace *pace)
{
	return pace->start_us;
}

static void put_off(struct pace *pace, uint64_t until_us)
{
	if (until_us > pace->start_us)
		pace->start_us = until_us;
}

/* ---- what a refusal says ---- */

/* The host refused with fewer in flight than it had accepted: it counts
 * requests over time. */
static void learn_rate(struct pace *pace)
{
	double spent_us = (double)(pace->event_us - pace->rate_us);
	double mean_us = spent_us / (double)pace->rate_served;

	if (pace->rate_us == 0 || pace->rate_served < RATE_SERVED_LEAST)
		return;
	pace->least_interval_us = pace->interval_us;
	if (pace->interval_us == 0)
		pace->interval_us = mean_us;
	else
		pace->interval_us = least(mean_us, pace->interval_us * 1.07);
	pace->paced_us = pace->event_us;
	pace->hold_us = 2 * pace->hold_us < RATE_HOLD_MOST_US
		? 2 * pace->hold_us : RATE_HOLD_MOST_US;
	pace->rate_us = pace->event_us;
	pace->rate_served = 0;
}

/* The transfers that were in flight at the last event are done, or nearly so:
 * those that were not refused are what the host can take. */
static void settle(struct pace *pace, const struct pace_rules *rules,
		   uint64_t flight)
{
	double accepted = (double)(pace->accepted + flight);
	double had = (double)pace->event_flight;

	pace->unsettled = false;
	if (!pace->refused) {
		pace->threshold = pace->limit;
		pace->limit = 1;
		return;
	}
	if (accepted < 0.8 * had || pace->limit < 2)
		learn_rate(pace);
	pace->threshold = most(1, least(accepted, had / 2));
	pace->limit = most(1, least(accepted, (double)rules->most));
	pace->best_limit = pace->limit;
	pace->steady = true;
	pace->step_after = least(2 * pace->step_after, STEP_AFTER_MOST);
	pace->grown_served = 0;
}

void pace_started(struct pace *pace, const struct pace_rules *rules,
		  uint64_t now_us, uint64_t flight)
{
	double interval_us = most((double)rules->interval_us,
				  pace->interval_us);
	uint64_t from_us = now_us;

	if (pace->unsettled)
		settle(pace, rules, flight);
	/* A start that was a little late does not delay the next one. */
	if (interval_us > 0 && pace->start_us != 0 &&
	    now_us - pace->start_us < (uint64_t)interval_us)
		from_us = pace->start_us;
	if (interval_us > 0)
		put_off(pace, from_us + (uint64_t)interval_us);
}

/* ---- rising again ---- */

static void raise_rate(struct pace *pace, uint64_t now_us)
{
	double refused_us = pace->least_interval_us;

	if (pace->interval_us == 0 || now_us - pace->paced_us < RATE_STEP_US)
		return;
	if (refused_us == 0)
		pace->interval_us /= 1.25;
	else if (pace->interval_us > refused_us / 0.92)
		pace->interval_us /= 1.1;
	else if (now_us - pace->event_us > pace->hold_us)
		pace->interval_us /= 1.004;
	pace->paced_us = now_us;
	/* It is not the rate that limits this host any more. */
	if (pace->interval_us < 50)
		pace->interval_us = pace->least_interval_us = 0;
}

/* After a refusal: fast to the threshold, then by small steps, and each step
 * that is refused makes the next one come later. */
static void raise_limit(struct pace *pace, const struct pace_rules *rules)
{
	double steps = (double)(pace->served - pace->grown_served);

	if (pace->limit < pace->threshold) {
		pace->limit = least(pace->limit + 1, pace->threshold);
		pace->best_limit = pace->limit;
		return;
	}
	if (steps < pace->step_after || pace->limit >= (double)rules->most)
		return;
	pace->grown_served = pace->served;
	pace->limit = least(most(pace->limit + 1, pace->limit * 1.02),
			    (double)rules->most);
	pace->best_limit = pace->limit;
}

/* ---- adapting ---- */

static void set_limit(struct pace *pace, const struct pace_rules *rules,
		      double limit)
{
	double lowest = least((double)rules->first, pace->limit);

	pace->limit = least(most(limit, lowest), (double)rules->most);
}

/* Doubles the limit while that gains at least a fifth. */
static void double_up(struct pace *pace, const struct pace_rules *rules,
		      double work)
{
	if (pace->best_work == 0 || work > 1.2 * pace->best_work) {
		pace->best_work = work;
		pace->best_limit = pace->limit;
		set_limit(pace, rules, 2 * pace->limit);
		pace->steady = pace->limit <= pace->best_limit;
		return;
	}
	pace->steady = true;
	if (work > pace->best_work)
		pace->best_work = work;
	else
		set_limit(pace, rules, pace->best_limit);
	pace->best_limit = pace->limit;
}

/* Ends a trial of another limit: a higher one has to gain, a lower one must not
 * lose. */
static void end_trial(struct pace *pace, const struct pace_rules *rules,
		      double work)
{
	double wanted = pace->limit > pace->best_limit ? 1.05 : 0.97;

	if (work > wanted * pace->best_work) {
		pace->patience = PATIENCE_FIRST;
		pace->best_work = work;
	} else {
		set_limit(pace, rules, pace->best_limit);
		pace->patience = 2 * pace->patience < PATIENCE_MOST
			? 2 * pace->patience : PATIENCE_MOST;
	}
	pace->best_limit = pace->limit;
	pace->until_trial = pace->patience;
}

/* Now and then tries a limit that is a little lower, if transfers take longer
 * than they need to, or else a little higher. */
static void try_another(struct pace *pace, const struct pace_rules *rules,
			double work, double latency_us)
{
	if (pace->limit < pace->best_limit || pace->limit > pace->best_limit) {
		end_trial(pace, rules, work);
		return;
	}
	pace->best_work = 0.7 * pace->best_work + 0.3 * work;
	if (--pace->until_trial > 0)
		return;
	pace->until_trial = pace->patience;
	if (latency_us > 1.5 * pace->base_latency_us)
		set_limit(pace, rules, pace->limit * 0.8);
	else if (pace->event_us == 0)
		set_limit(pace, rules, most(pace->limit + 1,
					    pace->limit * 1.25));
}

static void judge(struct pace *pace, const struct pace_rules *rules,
		  uint64_t now_us)
{
	const struct pace_epoch *epoch = &pace->epoch;
	double spent_us = (double)(now_us - epoch->measured_us);
	double work = epoch->work / spent_us;
	double latency_us = (double)epoch->time_us / (double)epoch->ended;

	if (pace->base_latency_us == 0 || latency_us < pace->base_latency_us)
		pace->base_latency_us = latency_us;
	pace->base_latency_us *= 1.002; /* the path may have changed */
	/* With fewer in flight than allowed, the limit made no difference. */
	if ((double)epoch->most_flight + 1 < pace->limit)
		return;
	if (pace->steady)
		try_another(pace, rules, work, latency_us);
	else
		double_up(pace, rules, work);
}

static void adapt(struct pace *pace, const struct pace_rules *rules,
		  const struct pace_end *end)
{
	struct pace_epoch *epoch = &pace->epoch;
	uint64_t spent_us = end->now_us - epoch->measured_us;

	if (end->flight + 1 > epoch->most_flight)
		epoch->most_flight = end->flight + 1;
	if (epoch->measured_us == 0) {
		if (end->begun_us >= epoch->begun_us)
			epoch->measured_us = end->now_us;
		return;
	}
	epoch->ended++;
	epoch->time_us += end->now_us - end->begun_us;
	epoch->work += TRANSFER_WORK + (double)end->bytes;
	if ((double)epoch->ended < pace->limit && spent_us < EPOCH_MOST_US)
		return;
	if (spent_us < EPOCH_LEAST_US)
		return;
	judge(pace, rules, end->now_us);
	memset(epoch, 0, sizeof(*epoch));
	epoch->begun_us = end->now_us;
}

/* ---- ends ---- */

static void wait_after(struct pace *pace, const struct pace_rules *rules,
		       const struct pace_end *end)
{
	uint64_t wait_us = rules->wait_us;

	if (wait_us == 0)
		return;
	if (rules->random_wait)
		wait_us = wait_us / 2 + end->random % (wait_us + 1);
	put_off(pace, end->now_us + wait_us);
}

void pace_served(struct pace *pace, const struct pace_rules *rules,
		 const struct pace_end *end)
{
	wait_after(pace, rules, end);
	pace->served_us = end->now_us;
	if (end->given_us < pace->event_us) {
		pace->accepted++;
	} else {
		pace->served++;
		pace->streak = 0;
	}
	if (rules->adapt && !pace->unsettled)
		adapt(pace, rules, end);
	if (pace->event_us == 0 || pace->unsettled)
		return;
	raise_rate(pace, end->now_us);
	raise_limit(pace, rules);
}

/* Notes an event.  Returns false if it is part of the one before: several were
 * in flight when the host began to refuse. */
static bool note_event(struct pace *pace, const struct pace_end *end,
		       bool refused)
{
	if (pace->event_us != 0 && end->given_us <= pace->event_us)
		return false;
	/* Only the time between two refusals says what the host accepts. */
	if (!refused || !pace->refused)
		pace->rate_us = pace->rate_served = 0;
	else if (pace->rate_us == 0)
		pace->rate_us = pace->event_us;
	pace->rate_served += pace->served;
	pace->event_us = end->now_us;
	pace->event_flight = end->flight + 1;
	pace->served = pace->accepted = pace->grown_served = 0;
	pace->refused = refused;
	pace->unsettled = true;
	memset(&pace->epoch, 0, sizeof(pace->epoch));
	return true;
}

static uint64_t doubled(uint64_t first_us, unsigned times, uint64_t most_us)
{
	while (times-- > 0 && first_us < most_us)
		first_us *= 2;
	return first_us < most_us ? first_us : most_us;
}

bool pace_refused(struct pace *pace, const struct pace_rules *rules,
		  const struct pace_end *end)
{
	uint64_t most_us = rules->max_cooldown_us, cool_us;
	bool serves = pace->served > 0 || pace->accepted > 0;
	bool alive = pace->served_us != 0 &&
		     end->now_us - pace->served_us < ALIVE_US;
	/* The others that were in flight are part of the same event. */
	bool fresh = note_event(pace, end, true);

	wait_after(pace, rules, end);
	if (!fresh && end->asked_us == 0)
		return alive;
	cool_us = doubled(serves ? COOLDOWN_US : COOLDOWN_IDLE_US,
			  pace->streak, most_us);
	if (fresh)
		pace->streak++;
	if (end->asked_us > 0)
		cool_us = least((double)end->asked_us, (double)most_us);
	/* Clients told to wait equally long should not all return at once. */
	cool_us += end->random % (cool_us / 8 + 1);
	put_off(pace, end->now_us + (cool_us < most_us ? cool_us : most_us));
	return alive;
}

bool pace_unreachable(struct pace *pace, const struct pace_rules *rules,
		      const struct pace_end *end)
{
	uint64_t most_us = rules->max_cooldown_us < BACKOFF_MOST_US
		? rules->max_cooldown_us : BACKOFF_MOST_US;
	uint64_t cool_us;

	wait_after(pace, rules, end);
	if (!note_event(pace, end, false))
		return false;
	cool_us = doubled(COOLDOWN_IDLE_US, pace->streak++, most_us);
	put_off(pace, end->now_us + cool_us - end->random % (cool_us / 4 + 1));
	return true;
}

void pace_other(struct pace *pace, const struct pace_rules *rules,
		const struct pace_end *end)
{
	wait_after(pace, rules, end);
}
