/* Where a run writes; see outputs.h. */
#include "config.h"

#include "core/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/files.h"
#include "core/run-internal.h"
#include "core/stop.h"
#include "output/checksums.h"
#include "output/failures.h"
#include "output/joined.h"
#include "output/metrics.h"
#include "output/progress.h"
#include "output/records.h"
#include "output/report.h"
#include "output/tar.h"
#include "output/trace.h"
#include "output/warc.h"
#include "output/write-out.h"

static void on_write_error(void *context, int error)
{
	struct run *run = context;

	run->write_error = error;
}

/* There is nowhere left to report it. */
static void on_report_error(void *context, int error)
{
	(void)context, (void)error;
}

/* The files matter more: the run goes on without this one. */
static void on_side_error(void *context, int error)
{
	struct side_file *side = context;
	struct run *run = side->run;

	side->error = error;
	listeners_message(&run->listeners, "cannot write %s '%s': %s",
			  side->what, side->name, strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
}

/* A comparison wants to know. */
static void on_trace_error(void *context, int error)
{
	struct side_file *side = context;

	side->run->totals.trace_error = error;
	on_side_error(context, error);
}

static int open_output(const char *name, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY,
		      mode);

	if (fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write '%s': %s", name,
		      strerror(errno));
	return fd;
}

/* Opens the file NAME, created with MODE, for WHAT.  ON_ERROR gets the side
 * file. */
static struct outlet *open_side(struct run *run, const char *what,
				const char *name, mode_t mode,
				void (*on_error)(void *context, int error))
{
	struct side_file *side = &run->sides[run->side_count++];

	must(run->side_count <= SIDE_FILES_MAX);
	side->run = run;
	side->what = what;
	side->name = name;
	side->fd = open_output(name, mode);
	side->outlet = outlet_new(run->base, side->fd, on_error, side);
	return side->outlet;
}

/* Whether both are the same pipe, file or terminal.  If so, one outlet must
 * serve both, so that lines stay whole. */
static bool same_file(int one, int other)
{
	struct stat first, second;

	return fstat(one, &first) == 0 && fstat(other, &second) == 0 &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

/* The one output of all bodies, or NULL. */
static const char *document_of(const struct settings *settings)
{
	switch (settings_bodies(settings)) {
	case BODIES_JOINED:
		return settings->output_document;
	case BODIES_TAR:
		return settings->out.tar_shard == 0 ? settings->out.tar : NULL;
	default:
		return NULL;
	}
}

static void open_outlets(struct run *run)
{
	const char *document = document_of(&run->settings);
	bool to_stdout = settings_is_stdout(document);

	run->standard = outlet_new(run->base, STDOUT_FILENO, on_write_error,
				   run);
	run->out = run->standard;
	run->out_fd = -1;
	if (document != NULL && !to_stdout) {
		run->out_fd = open_output(document, 0666);
		run->out = outlet_new(run->base, run->out_fd, on_write_error,
				      run);
	}
	if (!to_stdout && same_file(STDOUT_FILENO, STDERR_FILENO))
		run->errors = run->standard;
	else
		run->errors = outlet_new(run->base, STDERR_FILENO,
					 on_report_error, run);
}

static void open_bodies(struct run *run)
{
	if (settings_bodies(&run->settings) == BODIES_JOINED)
		run->bodies = joined_new(run->out, &run->settings);
	if (settings_bodies(&run->settings) == BODIES_WARC) {
		run->bodies = warc_new(&run->settings);
		if (run->bodies.kind == NULL)
			fatal(EXIT_STATUS_LOCAL, "cannot write '%s': %s",
			      run->settings.out.warc, strerror(errno));
	}
	if (settings_bodies(&run->settings) == BODIES_TAR)
		run->bodies = tar_new(run->settings.out.tar_shard == 0
					      ? run->out : NULL,
				      &run->settings);
}

/* ---- listeners ---- */

/* Whether standard output is for data of another kind than lines for people. */
static bool is_stdout_taken(const struct settings *settings)
{
	return settings_is_stdout(settings->out.json) ||
	       settings_is_stdout(document_of(settings));
}

static void add_report(struct run *run)
{
	const struct settings *settings = &run->settings;
	bool others = settings_is_stdout(settings->out.json) ||
		      settings->out.write_out != NULL;
	bool apart = others || is_stdout_taken(settings) ||
		     settings_bodies(settings) == BODIES_JOINED;

	if (!settings->silent)
		listeners_add(&run->listeners, report_new(
			settings, apart ? run->errors : run->standard,
			run->errors, others));
}

static void add_progress(struct run *run)
{
	bool shared = run->errors != run->standard &&
		      same_file(STDOUT_FILENO, STDERR_FILENO);
	enum progress_kind kind = progress_kind(&run->settings, shared);

	if (kind == PROGRESS_BAR)
		stop_catch_suspension();
	if (kind != PROGRESS_NONE)
		listeners_add(&run->listeners,
			      progress_new(kind, run->errors,
					   &run->settings));
}

static void add_records(struct run *run)
{
	const char *name = run->settings.out.json;
	struct outlet *outlet = run->standard;

	if (name == NULL)
		return;
	if (!settings_is_stdout(name))
		outlet = open_side(run, "records", name, 0666,
				   on_side_error);
	outlet_keep_lines(outlet);
	listeners_add(&run->listeners, records_new(outlet, &run->settings));
}

static void add_write_out(struct run *run)
{
	const struct settings *settings = &run->settings;

	if (settings->out.write_out == NULL)
		return;
	listeners_add(&run->listeners, write_out_new(
		is_stdout_taken(settings) ? run->errors : run->standard,
		run->errors, settings));
}

/* Lines may hold passwords, and the file may have been there before. */
static void close_to_others(int fd)
{
	struct stat status;

	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		fchmod(fd, 0600);
}

static void add_failures(struct run *run)
{
	const struct settings *settings = &run->settings;
	struct outlet *outlet;

	if (settings->out.failed == NULL)
		return;
	outlet = open_side(run, "failed entries", settings->out.failed, 0600,
			   on_side_error);
	close_to_others(run->sides[run->side_count - 1].fd);
	listeners_add(&run->listeners, failures_new(
		outlet, settings->null_separated ? '\0' : '\n'));
}

static void on_metrics_error(void *context, int error)
{
	struct run *run = context;

	listeners_message(&run->listeners, "cannot write metrics '%s': %s",
			  run->settings.out.metrics, strerror(error));
	run_note_status(run, EXIT_STATUS_LOCAL);
}

static void add_metrics(struct run *run)
{
	const char *name = run->settings.out.metrics;
	int error;

	if (name == NULL)
		return;
	error = files_can_replace(name);
	if (error != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write '%s': %s", name,
		      strerror(error));
	listeners_add(&run->listeners,
		      metrics_new(&run->settings, on_metrics_error, run));
}

static void add_trace(struct run *run)
{
	if (run->settings.trace != NULL)
		listeners_add(&run->listeners, trace_new(
			open_side(run, "trace", run->settings.trace, 0666,
				  on_trace_error),
			run->strategy, &run->settings));
}

static void add_checksums(struct run *run)
{
	const char *name = run->settings.checksum_file;

	if (name != NULL)
		listeners_add(&run->listeners, checksums_new(
			open_side(run, "checksums", name, 0666,
				  on_side_error),
			&run->settings));
}

void outputs_open(struct run *run, const struct listener *extra)
{
	open_outlets(run);
	open_bodies(run);
	add_report(run);
	add_progress(run);
	add_records(run);
	add_write_out(run);
	add_failures(run);
	add_metrics(run);
	add_checksums(run);
	add_trace(run);
	if (extra != NULL)
		listeners_add(&run->listeners, *extra);
}

/* ---- the end ---- */

bool outputs_pending(const struct run *run)
{
	const struct bodies *bodies = &run->bodies;

	return listeners_pending(&run->listeners) ||
	       outlet_pending(run->standard) > 0 ||
	       (bodies->kind != NULL && bodies->kind->pending(bodies->state));
}

void outputs_flush(const struct run *run)
{
	const struct bodies *bodies = &run->bodies;

	listeners_flush(&run->listeners);
	outlet_flush(run->standard);
	if (bodies->kind != NULL)
		bodies->kind->flush(bodies->state);
}

void outputs_close(struct run *run)
{
	listeners_free(&run->listeners);
	if (run->bodies.kind != NULL)
		run->bodies.kind->free(run->bodies.state);
	if (run->errors != run->standard)
		outlet_free(run->errors);
	if (run->out != run->standard)
		outlet_free(run->out);
	outlet_free(run->standard);
	for (size_t i = 0; i < run->side_count; i++) {
		outlet_free(run->sides[i].outlet);
		close(run->sides[i].fd);
	}
	if (run->out_fd >= 0)
		close(run->out_fd);
}
