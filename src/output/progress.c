/* The progress of a run; see progress.h. */
#include "config.h"

#include "output/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/terminal.h"
#include "base/units.h"

enum {
	SAMPLES = 32,
	SAMPLE_US = 250 * 1000,  /* so rates are of the last eight seconds */
	PLAIN_US = 10 * 1000 * 1000,
	TALL = 30,               /* a terminal with so many rows has room */
	ROWS_TALL = 3, ROWS_MAX = 8,
	TEXT_ROOM = (ROWS_MAX + 2) * 512,
	COLUMNS_MAX = 500,
};

struct sample {
	uint64_t at_us, bytes, ended;
};

struct progress {
	enum progress_kind kind;
	struct outlet *errors;
	const struct settings *settings;
	struct sample samples[SAMPLES]; /* a ring */
	size_t sample_count;
	uint64_t shown_us;       /* when the last line was written */
};

/* ---- rates ---- */

static struct sample *sample_at(struct progress *progress, size_t index)
{
	return &progress->samples[index % SAMPLES];
}

static void take_sample(struct progress *progress,
			const struct run_progress *now)
{
	uint64_t now_us = clock_now_us();
	size_t count = progress->sample_count;

	if (count > 0 &&
	    now_us < sample_at(progress, count - 1)->at_us + SAMPLE_US)
		return;
	*sample_at(progress, count) = (struct sample){
		now_us, now->bytes, now->ended,
	};
	progress->sample_count++;
}

/* Sets what is done in a second, by the samples. */
static void measure(struct progress *progress, double *rate,
		    double *per_second)
{
	size_t count = progress->sample_count;
	const struct sample *first, *last;
	double seconds;

	*rate = *per_second = 0;
	if (count < 2)
		return;
	first = sample_at(progress, count > SAMPLES ? count - SAMPLES : 0);
	last = sample_at(progress, count - 1);
	seconds = (double)(last->at_us - first->at_us) / 1e6;
	if (last->bytes > first->bytes)
		*rate = (double)(last->bytes - first->bytes) / seconds;
	*per_second = (double)(last->ended - first->ended) / seconds;
}

/* ---- a line ---- */

/* Parts of a line, the most important ones first. */
enum { PART_COUNT, PART_FAILED, PART_RETRYING, PART_LEFT, PART_RATE,
       PART_BYTES, PART_PARKED, PARTS };
/* In the order in which they are shown. */
static const int shown_order[PARTS] = {
	PART_COUNT, PART_FAILED, PART_RETRYING, PART_PARKED, PART_BYTES,
	PART_RATE, PART_LEFT,
};

typedef char part_texts[PARTS][64];

static void say_left(char text[64], const struct run_progress *progress,
		     double per_second)
{
	uint64_t left, seconds;

	if (!progress->total_known || per_second <= 0 ||
	    progress->ended >= progress->total)
		return;
	left = progress->total - progress->ended;
	seconds = (uint64_t)((double)left / per_second + 0.5);
	if (seconds >= 3600)
		snprintf(text, 64, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64
			 " left", seconds / 3600, seconds / 60 % 60,
			 seconds % 60);
	else
		snprintf(text, 64, "%" PRIu64 ":%02" PRIu64 " left",
			 seconds / 60, seconds % 60);
}

static void fill_parts(part_texts parts, const struct run_progress *progress,
		       double rate, double per_second)
{
	const struct run_totals *totals = progress->totals;
	char size[UNITS_ROOM];

	memset(parts, 0, sizeof(part_texts));
	snprintf(parts[PART_COUNT], 64, "%" PRIu64 " of %" PRIu64 "%s done",
		 progress->ended, progress->total,
		 progress->total_known ? "" : "+");
	if (totals->failed > 0)
		snprintf(parts[PART_FAILED], 64, "%" PRIu64 " failed",
			 totals->failed);
	if (progress->retrying > 0)
		snprintf(parts[PART_RETRYING], 64, "%" PRIu64 " retrying",
			 progress->retrying);
	if (progress->parked > 0)
		snprintf(parts[PART_PARKED], 64, "%" PRIu64 " parked",
			 progress->parked);
	units_format_bytes(size, (double)progress->bytes);
	snprintf(parts[PART_BYTES], 64, "%s", size);
	units_format_bytes(size, rate);
	snprintf(parts[PART_RATE], 64, "%s/s", size);
	say_left(parts[PART_LEFT], progress, per_second);
}

void progress_line(char line[PROGRESS_LINE_ROOM], int columns,
		   const struct run_progress *progress, double rate,
		   double per_second)
{
	part_texts parts;
	bool fits[PARTS] = { false };
	int used = 0;

	fill_parts(parts, progress, rate, per_second);
	for (int i = 0; i < PARTS; i++) {
		int length = (int)strlen(parts[i]) + (i > 0 ? 2 : 0);

		if (parts[i][0] == '\0' ||
		    (used + length > columns && i != PART_COUNT))
			continue;
		fits[i] = true;
		used += length;
	}
	line[0] = '\0';
	used = 0;
	for (int i = 0; i < PARTS; i++) {
		int part = shown_order[i];

		if (fits[part])
			used += snprintf(line + used,
					 PROGRESS_LINE_ROOM - (size_t)used,
					 "%s%s", used > 0 ? ", " : "",
					 parts[part]);
	}
	if (columns < used)
		line[columns > 0 ? columns : 0] = '\0';
}

/* ---- the display ---- */

/* Appends to TEXT, of which USED bytes are in use, at most COLUMNS columns of
 * LINE; what isn't printable ASCII may take up another number of columns, and
 * becomes '?'. */
static size_t add_row(char text[TEXT_ROOM], size_t used, const char *line,
		      int columns)
{
	if (used > 0 && used + 1 < TEXT_ROOM)
		text[used++] = '\n';
	for (int i = 0; line[i] != '\0' && i < columns &&
			used + 1 < TEXT_ROOM; i++)
		text[used++] = line[i] >= 0x20 && line[i] < 0x7f ? line[i]
								 : '?';
	text[used] = '\0';
	return used;
}

static size_t add_flight(char text[TEXT_ROOM], size_t used,
			 const struct listener_flight *flight, int columns)
{
	char line[600], size[UNITS_ROOM];

	units_format_bytes(size, (double)flight->bytes);
	snprintf(line, sizeof(line), "%6.1f s %-10s %9s  %s",
		 (double)flight->age_us / 1e6, flight->phase, size,
		 flight->url);
	return add_row(text, used, line, columns);
}

static size_t rows_for_flights(const struct progress *progress)
{
	int rows = terminal_rows(STDERR_FILENO);
	int room = progress->settings->verbose ? ROWS_MAX : ROWS_TALL;

	if (rows < TALL && !progress->settings->verbose)
		return 0;
	/* Most of the terminal is for the report. */
	if (room > rows / 3)
		room = rows / 3;
	return (size_t)room;
}

static void draw(struct progress *progress, const struct run_progress *now)
{
	char text[TEXT_ROOM], line[PROGRESS_LINE_ROOM];
	int columns = terminal_columns(STDERR_FILENO) - 1;
	size_t used, rows = rows_for_flights(progress);
	double rate, per_second;

	if (columns > COLUMNS_MAX)
		columns = COLUMNS_MAX;
	measure(progress, &rate, &per_second);
	progress_line(line, columns, now, rate, per_second);
	used = add_row(text, 0, line, columns);
	if (now->pause != NULL)
		used = add_row(text, used, now->pause, columns);
	for (size_t i = 0; i < now->flight_count && i < rows; i++)
		used = add_flight(text, used, &now->flights[i], columns);
	outlet_set_footer(progress->errors, text);
}

static void write_plain(struct progress *progress,
			const struct run_progress *now)
{
	char line[PROGRESS_LINE_ROOM];
	double rate, per_second;

	if (clock_now_us() < progress->shown_us + PLAIN_US)
		return;
	progress->shown_us = clock_now_us();
	measure(progress, &rate, &per_second);
	progress_line(line, PROGRESS_LINE_ROOM - 1, now, rate, per_second);
	evbuffer_add_printf(outlet_buffer(progress->errors),
			    "pfetch: %s%s%s\n", line,
			    now->pause != NULL ? "; " : "",
			    now->pause != NULL ? now->pause : "");
	outlet_touch(progress->errors);
}

static void progress_tick(void *state, const struct run_progress *now)
{
	struct progress *progress = state;

	take_sample(progress, now);
	if (progress->kind == PROGRESS_BAR)
		draw(progress, now);
	else
		write_plain(progress, now);
}

static void progress_summary(void *state, const struct run_totals *totals)
{
	struct progress *progress = state;

	(void)totals;
	outlet_set_footer(progress->errors, NULL);
}

static const struct listener_kind progress_listener = {
	.tick = progress_tick,
	.summary = progress_summary,
	.free = free,
};

enum progress_kind progress_kind(const struct settings *settings, bool shared)
{
	const char *wanted = settings->out.progress;
	const char *terminal = getenv("TERM");

	if (settings->silent || strcmp(wanted, "none") == 0)
		return PROGRESS_NONE;
	if (strcmp(wanted, "plain") == 0)
		return PROGRESS_PLAIN;
	if (strcmp(wanted, "bar") == 0)
		return PROGRESS_BAR;
	/* By itself, nothing is shown but to somebody who looks. */
	if (settings->quiet || shared || !isatty(STDERR_FILENO))
		return PROGRESS_NONE;
	return terminal == NULL || strcmp(terminal, "dumb") == 0
		       ? PROGRESS_PLAIN : PROGRESS_BAR;
}

struct listener progress_new(enum progress_kind kind, struct outlet *errors,
			     const struct settings *settings)
{
	struct progress *progress = memory_zeroed(sizeof(*progress));

	progress->kind = kind;
	progress->errors = errors;
	progress->settings = settings;
	progress->shown_us = clock_now_us();
	return (struct listener){ &progress_listener, progress };
}
