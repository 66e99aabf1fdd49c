/* Validity before timing; see gate.h. */
#include "config.h"

#include "lab/gate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static void fault(struct trial *trial, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fault(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(trial->fault, sizeof(trial->fault), format, arguments);
	va_end(arguments);
}

static void check_end(struct trial *trial)
{
	int status = trial->sample.wait_status;

	if (WIFSIGNALED(status))
		fault(trial, "it died of signal %d", WTERMSIG(status));
	else if (!trial->sample.complete)
		fault(trial, "it ended with status %d and measured nothing",
		      WEXITSTATUS(status));
}

static void check_transfers(struct trial *trial, bool counted)
{
	const struct report_totals *totals =
		&trial->sample.measure.record.totals;

	/* Those of a worker process that died were not counted. */
	if (totals->fetches > totals->submitted ||
	    (totals->fetches < totals->submitted && totals->deaths == 0))
		fault(trial, "it began %" PRIu64 " transfers for %" PRIu64
		      " jobs", totals->fetches, totals->submitted);
	else if (counted && trial->sample.served > totals->submitted)
		fault(trial, "the server counted %" PRIu64 " requests for "
		      "%" PRIu64 " jobs", trial->sample.served,
		      totals->submitted);
}

static bool agree(const struct trial *one, const struct trial *other)
{
	const struct measure_record *first = &one->sample.measure.record;
	const struct measure_record *second = &other->sample.measure.record;

	return first->good == second->good &&
	       first->totals.entries == second->totals.entries &&
	       first->totals.bytes == second->totals.bytes &&
	       memcmp(first->digest, second->digest,
		      sizeof(first->digest)) == 0;
}

/* The run with which more than half agree, or NULL. */
static const struct trial *find_norm(struct trial *const *trials, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t like = 0;

		if (trials[i]->fault[0] != '\0')
			continue;
		for (size_t j = 0; j < count; j++)
			like += trials[j]->fault[0] == '\0' &&
				agree(trials[i], trials[j]);
		if (2 * like > count)
			return trials[i];
	}
	return NULL;
}

static void tell_difference(struct trial *trial, const struct trial *norm)
{
	const struct measure_record *own = &trial->sample.measure.record;
	const struct measure_record *other = &norm->sample.measure.record;

	if (own->good != other->good)
		fault(trial, "%" PRIu64 " successes, not %" PRIu64, own->good,
		      other->good);
	else if (own->totals.bytes != other->totals.bytes)
		fault(trial, "%" PRIu64 " bytes, not %" PRIu64,
		      own->totals.bytes, other->totals.bytes);
	else if (own->totals.entries != other->totals.entries)
		fault(trial, "%" PRIu64 " entries, not %" PRIu64,
		      own->totals.entries, other->totals.entries);
	else
		fault(trial, "the digest of all bodies differs");
}

size_t gate_block(struct trial *const *trials, size_t count, bool counted)
{
	const struct trial *norm;
	size_t valid = 0;

	for (size_t i = 0; i < count; i++) {
		trials[i]->fault[0] = '\0';
		check_end(trials[i]);
		if (trials[i]->fault[0] == '\0')
			check_transfers(trials[i], counted);
	}
	norm = find_norm(trials, count);
	for (size_t i = 0; i < count; i++) {
		if (trials[i]->fault[0] == '\0' && norm == NULL)
			fault(trials[i], "no more than half of its block's "
			      "runs agree on what they fetched");
		else if (trials[i]->fault[0] == '\0' &&
			 !agree(trials[i], norm))
			tell_difference(trials[i], norm);
		valid += trials[i]->fault[0] == '\0';
	}
	return valid;
}
