/* The files that a comparison writes; see outputs.h. */
#include "config.h"

#include "cmd/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/files.h"
#include "cmd/options.h"

/* The names of all outputs: the exports, then a trace per combination. */
struct outputs {
	const char *names[4 + COMBINATIONS_MAX];
	char *traces[COMBINATIONS_MAX];
	size_t exports, count;
};

static void collect_exports(const struct compare_settings *compare,
			    struct outputs *outputs)
{
	const char *const all[] = {
		compare->json, compare->csv, compare->markdown,
		compare->report,
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (all[i] != NULL)
			outputs->names[outputs->count++] = all[i];
	}
	outputs->exports = outputs->count;
}

static void collect_traces(const struct experiment *experiment,
			   struct outputs *outputs)
{
	for (size_t i = 0; i < experiment->count; i++) {
		outputs->traces[i] = experiment_trace_name(
			experiment, &experiment->combinations[i]);
		if (outputs->traces[i] != NULL)
			outputs->names[outputs->count++] = outputs->traces[i];
	}
}

static void check_writable(const char *file)
{
	struct stat status;
	int fd;

	if (strcmp(file, "-") == 0)
		return;
	/* To the reader of a pipe, opening and closing it here would look like
	 * the end of the data. */
	if (stat(file, &status) == 0 && !S_ISREG(status.st_mode) &&
	    !S_ISDIR(status.st_mode))
		return;
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd >= 0) {
		unlink(file);
	} else if (errno == EEXIST) {
		fd = open(file, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		/* A symbolic link to a file that does not exist yet. */
		if (fd < 0 && errno == ENOENT)
			return;
	}
	if (fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write '%s': %s", file,
		      strerror(errno));
	close(fd);
}

static void check_directory(const char *directory)
{
	int error = directory != NULL ? files_make_directories(directory) : 0;
	struct stat status;

	if (directory == NULL)
		return;
	if (error != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot make directory '%s': %s",
		      directory, strerror(error));
	if (stat(directory, &status) == 0 && !S_ISDIR(status.st_mode))
		fatal(EXIT_STATUS_LOCAL, "'%s' is not a directory", directory);
	if (access(directory, W_OK | X_OK) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write to directory '%s': %s",
		      directory, strerror(errno));
}

/* Ends the program if output WHICH is also a list or an earlier export.  Traces
 * need not be compared with each other, since their names always differ. */
static void check_apart(const struct outputs *outputs, size_t which,
			char *const *lists, size_t count)
{
	const char *name = outputs->names[which];

	for (size_t i = 0; i < count; i++) {
		if (files_same(name, lists[i]))
			options_usage_error("'%s' is both a list and an output",
					    lists[i]);
	}
	for (size_t i = 0; i < which && i < outputs->exports; i++) {
		bool both = strcmp(outputs->names[i], "-") == 0 &&
			    strcmp(name, "-") == 0;

		if (both || files_same(outputs->names[i], name))
			options_usage_error("'%s' is used for two outputs",
					    name);
	}
}

void outputs_check(const struct experiment *experiment, char *const *lists,
		   size_t count)
{
	const struct compare_settings *compare = &experiment->settings->compare;
	struct outputs outputs = { .count = 0 };

	check_directory(compare->trace);
	check_directory(compare->keep);
	collect_exports(compare, &outputs);
	collect_traces(experiment, &outputs);
	for (size_t i = 0; i < outputs.count; i++)
		check_apart(&outputs, i, lists, count);
	for (size_t i = 0; i < outputs.exports; i++)
		check_writable(outputs.names[i]);
	for (size_t i = 0; i < experiment->count; i++)
		free(outputs.traces[i]);
}

bool outputs_use_stdout(const struct compare_settings *compare)
{
	struct outputs outputs = { .count = 0 };
	bool found = false;

	collect_exports(compare, &outputs);
	for (size_t i = 0; i < outputs.count; i++)
		found = found || strcmp(outputs.names[i], "-") == 0;
	return found;
}
