/* The limits of a run as a whole: failures, bytes and disk space. */
#include "config.h"

#include "base/fatal.h"
#include "core/run-internal.h"

enum { SHARE_LEAST = 100 }; /* entries before a share of them counts */

/* Which limit on failures is exceeded, or NULL. */
static const char *too_many_failures(const struct run *run)
{
	const struct end_settings *end = &run->settings.end;
	uint64_t failed = run->totals.failed;
	uint64_t ended = run->ended;

	if (end->fail_fast && failed > 0)
		return "an entry has failed, and --fail-fast is given";
	if (end->max_failures != SETTINGS_UNSET && failed > end->max_failures)
		return "more entries have failed than --max-failures allows";
	if (end->max_failures_ppm != SETTINGS_UNSET && ended >= SHARE_LEAST &&
	    failed * 1000000 > ended * end->max_failures_ppm)
		return "more entries have failed than --max-failures allows";
	return NULL;
}

/* What is used up, or NULL. */
static const char *lacking(struct run *run)
{
	struct budget *budget = run->common.budget;

	if (budget == NULL)
		return NULL;
	/* Workers look at the disk of files, the core at that of -O. */
	budget_has_space(budget, run->out_fd);
	return budget_lack(budget) != BUDGET_ENOUGH
		       ? budget_text(budget_lack(budget)) : NULL;
}

void limits_check(struct run *run)
{
	const char *reason;

	if (run->stopped)
		return;
	reason = too_many_failures(run);
	if (reason == NULL)
		reason = lacking(run);
	if (reason == NULL)
		return;
	run->ending = reason;
	run_note_status(run, EXIT_STATUS_OTHER);
	listeners_message(&run->listeners, "stopping: %s", reason);
	run_stop(run, 0);
}
