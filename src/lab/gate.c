/* Validity before timing; see gate.h. */
#include "config.h"

#include "lab/gate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/fatal.h"

static void fault(struct trial *trial, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fault(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(trial->fault, sizeof(trial->fault), format, arguments);
	va_end(arguments);
}

static void check_end(struct trial *trial, const struct gate *gate)
{
	int status = trial->sample.wait_status;
	const struct measure_record *record = &trial->sample.measure.record;

	if (WIFSIGNALED(status))
		fault(trial, "it was killed by signal %d", WTERMSIG(status));
	else if (!trial->sample.complete)
		fault(trial, "it exited with status %d without a record",
		      WEXITSTATUS(status));
	else if (record->status == EXIT_STATUS_USAGE)
		fault(trial, "it could not read its list");
	else if (record->totals.entries != gate->entries)
		fault(trial, "its list had %" PRIu64 " entries, not %" PRIu64,
		      record->totals.entries, gate->entries);
}

static void check_transfers(struct trial *trial, bool counted)
{
	const struct run_totals *totals =
		&trial->sample.measure.record.totals;

	/* Transfers begun by a worker process that died are not counted. */
	if (totals->fetches > totals->submitted ||
	    (totals->fetches < totals->submitted && totals->deaths == 0))
		fault(trial, "it began %" PRIu64 " transfers for %" PRIu64
		      " jobs", totals->fetches, totals->submitted);
	else if (counted && trial->sample.served > totals->submitted)
		fault(trial, "the server counted %" PRIu64 " requests for "
		      "%" PRIu64 " jobs", trial->sample.served,
		      totals->submitted);
}

static bool agree(const struct measure_record *one,
		  const struct measure_record *other)
{
	return one->good == other->good &&
	       one->totals.bytes == other->totals.bytes &&
	       memcmp(one->digest, other->digest, sizeof(one->digest)) == 0;
}

static bool is_sound(const struct trial *trial)
{
	return trial->fault[0] == '\0';
}

static const struct measure_record *record_of(const struct trial *trial)
{
	return &trial->sample.measure.record;
}

/* Looks for a result that more than half of the sound runs agree on. */
static void find_norm(struct gate *gate, struct trial *const *trials,
		      size_t count)
{
	size_t sound = 0;

	for (size_t i = 0; i < count; i++)
		sound += is_sound(trials[i]);
	for (size_t i = 0; i < count && !gate->has_norm; i++) {
		size_t like = 0;

		for (size_t j = 0; is_sound(trials[i]) && j < count; j++)
			like += is_sound(trials[j]) &&
				agree(record_of(trials[i]),
				      record_of(trials[j]));
		if (2 * like <= sound || like < (gate->warmed ? 1 : 2))
			continue;
		gate->has_norm = true;
		gate->norm = *record_of(trials[i]);
	}
}

static void tell_difference(struct trial *trial,
			    const struct measure_record *norm)
{
	const struct measure_record *own = record_of(trial);

	if (own->good != norm->good)
		fault(trial, "%" PRIu64 " successes, not %" PRIu64, own->good,
		      norm->good);
	else if (own->totals.bytes != norm->totals.bytes)
		fault(trial, "%" PRIu64 " bytes, not %" PRIu64,
		      own->totals.bytes, norm->totals.bytes);
	else
		fault(trial, "the digest of all bodies differs");
}

size_t gate_block(struct gate *gate, struct trial *const *trials, size_t count)
{
	size_t valid = 0;

	for (size_t i = 0; i < count; i++) {
		trials[i]->fault[0] = '\0';
		check_end(trials[i], gate);
		if (is_sound(trials[i]))
			check_transfers(trials[i], gate->counted);
	}
	if (!gate->has_norm)
		find_norm(gate, trials, count);
	gate->warmed = true;
	for (size_t i = 0; i < count; i++) {
		if (is_sound(trials[i]) && !gate->has_norm)
			fault(trials[i], "no more than half of its block's "
			      "runs agree on what they fetched");
		else if (is_sound(trials[i]) &&
			 !agree(record_of(trials[i]), &gate->norm))
			tell_difference(trials[i], &gate->norm);
		valid += is_sound(trials[i]);
	}
	return valid;
}
