/*
 * The pace: how many transfers may be in flight to a host, and when the next
 * one may start.
 *
 * The user's limits are fixed rules.  Within them the pace follows the host:
 *
 * - A host that refuses (429 or 503) gets no request for a while, the
 *   cool-down.  What it had accepted by then is the new limit of transfers in
 *   flight.  If it keeps refusing with fewer in flight than it accepted before,
 *   the number in flight is not what it minds; then the rate at which it
 *   accepted requests between two refusals is the new rate.  (A token bucket is
 *   empty at both refusals, so this is the rate at which it is filled.)  Both
 *   rise again, ever more slowly near the point where the host refused.
 * - A host that can't be reached is tried again with one transfer, after a
 *   back-off that doubles.
 * - With `adapt`, the limit starts low and doubles as long as the goodput grows
 *   with it; from then on it is raised and lowered by small steps, and it falls
 *   when latency doubles without a gain.
 *
 * Times are by clock_now_us(), in microseconds.  Pure, but for the state.
 */
#ifndef PFETCH_CORE_PACE_H
#define PFETCH_CORE_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace_rules {
	uint64_t most;           /* transfers in flight */
	uint64_t first;          /* limit at first; MOST unless adapting */
	bool adapt;
	uint64_t interval_us;    /* between two starts; 0: none */
	uint64_t wait_us;        /* from an end to the next start; 0: none */
	bool random_wait;        /* 0.5 to 1.5 times WAIT_US */
	uint64_t max_cooldown_us;
};

/* An adapting pace judges its limit by what is achieved in an epoch.  That is
 * measured from the first end of a transfer which began under this limit until
 * as many have ended as it allows. */
struct pace_epoch {
	uint64_t begun_us, measured_us; /* 0: not yet */
	uint64_t ended, time_us, most_flight;
	double work;             /* bytes, and a constant for each transfer */
};

struct pace {
	double limit;            /* transfers in flight */
	double threshold;        /* below it, the limit rises fast */
	double step_after;       /* served transfers before the next step up */
	uint64_t grown_served;   /* SERVED at the last step */

	double interval_us;      /* learned, between two starts; 0: none */
	double least_interval_us; /* that was refused; 0: none known */
	uint64_t paced_us;       /* when the learned interval last changed */
	uint64_t hold_us;        /* how long it stays after a refusal */

	uint64_t start_us;       /* no start before this */
	uint64_t event_us;       /* the last refusal or failed connection; 0 */
	uint64_t rate_us;        /* a refusal before that one ... */
	uint64_t rate_served;    /* ... and what was served between them */
	bool unsettled;          /* that event has yet to change the pace */
	bool refused;            /* ... which was a refusal */
	uint64_t served_us;      /* when the host last served one; 0: never */
	uint64_t event_flight;   /* in flight at that event, itself included */
	uint64_t accepted;       /* of these, served */
	uint64_t served;         /* begun after that event, and served */
	unsigned streak;         /* events with nothing served in between */

	struct pace_epoch epoch;
	double best_work;        /* per microsecond, at BEST_LIMIT */
	double best_limit;
	double base_latency_us;  /* with few in flight */
	bool steady;             /* no longer doubling */
	unsigned patience;       /* epochs from one trial to the next ... */
	unsigned until_trial;    /* ... and until the next one */
};

void pace_init(struct pace *pace, const struct pace_rules *rules);

/* Whether one more may be in flight when FLIGHT already are.  It may start at
 * pace_start_us() or later. */
bool pace_has_room(const struct pace *pace, uint64_t flight);
uint64_t pace_start_us(const struct pace *pace);

/* One more starts now, when FLIGHT others are in flight. */
void pace_started(struct pace *pace, const struct pace_rules *rules,
		  uint64_t now_us, uint64_t flight);

/* A transfer that started at BEGUN_US ended.  It was allowed to at GIVEN_US,
 * and may have waited for a worker since: what the host said meanwhile came too
 * late for it. */
struct pace_end {
	uint64_t now_us, given_us, begun_us;
	uint64_t flight;     /* others still in flight */
	uint64_t bytes;
	uint64_t asked_us;   /* Retry-After; 0: none */
	uint64_t random;     /* for jitter */
};

/* ... with any response but a refusal. */
void pace_served(struct pace *pace, const struct pace_rules *rules,
		 const struct pace_end *end);
/* ... with a refusal.  Returns true if the host has served others lately, so
 * that it may have nothing against this URL. */
bool pace_refused(struct pace *pace, const struct pace_rules *rules,
		  const struct pace_end *end);
/* ... without a connection.  Returns true if this is not one of several that
 * were in flight together. */
bool pace_unreachable(struct pace *pace, const struct pace_rules *rules,
		      const struct pace_end *end);
/* ... for a reason that says nothing about the host. */
void pace_other(struct pace *pace, const struct pace_rules *rules,
		const struct pace_end *end);

#endif
