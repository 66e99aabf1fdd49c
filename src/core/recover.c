/* What earlier runs have left; see recover.h. */
#include "config.h"

#include "core/recover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "core/journal.h"
#include "core/run-internal.h"

static char *journal_path(const struct settings *settings)
{
	const char *file = settings->journal.file;

	return *file != '\0' ? memory_string(file)
			     : memory_format("%s/.pfetch",
					     settings->directory);
}

static void open_journal(struct run *run)
{
	const struct journal_settings *settings = &run->settings.journal;
	struct journal_options options = {
		.resume = settings->resume,
		.durable = strcmp(settings->durability, "none") != 0,
		.replace = settings_replace(&run->settings),
		.backups = run->settings.backups,
	};
	char *path = journal_path(&run->settings), *fault;

	run->journal = journal_open(path, &options, &run->common.place,
				    &fault);
	if (run->journal == NULL)
		fatal(EXIT_STATUS_LOCAL, "cannot use journal '%s': %s", path,
		      fault);
	if (journal_dropped(run->journal) > 0)
		fatal_warn("journal '%s': dropped %llu bytes at its end that "
			   "were not written as a whole", path,
			   (unsigned long long)
				   journal_dropped(run->journal));
	free(path);
}

static bool keep_leftover(void *context, const char *temp)
{
	const struct run *run = context;

	return run->leftovers != NULL && leftovers_have(run->leftovers, temp);
}

void recover(struct run *run)
{
	if (run->settings.journal.file != NULL)
		open_journal(run);
	/* The journal has taken what is complete out of these. */
	if (run->settings.resume) {
		run->leftovers = leftovers_new(&run->common.place);
		if (run->leftovers == NULL)
			fatal(EXIT_STATUS_LOCAL, "cannot write to directory "
			      "'%s': %s", run->settings.directory,
			      strerror(errno));
	}
	if (run->journal != NULL)
		journal_sweep(run->journal, keep_leftover, run);
}
