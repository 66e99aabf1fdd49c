/* An experiment's progress; see progress.h. */
#include "config.h"

#include "lab/progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/terminal.h"

static bool shown, on_terminal;
static uint64_t begun_us;

void progress_begin(void)
{
	on_terminal = isatty(STDERR_FILENO);
	begun_us = clock_now_us();
}

void progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}

/* The time left, if the remaining runs take as long as those so far. */
static double seconds_left(size_t done, size_t all)
{
	double spent = (double)(clock_now_us() - begun_us) / 1e6;

	return spent / (double)done * (double)(all - done);
}

void progress_show(size_t block, uint64_t blocks, size_t run, size_t runs)
{
	size_t done = block * runs + run;
	size_t all = ((size_t)blocks + 1) * runs;
	char where[64] = "warm-up", of[32] = "", left[64] = "", line[200];

	if (!on_terminal)
		return;
	progress_clear();
	if (block > 0)
		snprintf(where, sizeof(where), "block %zu", block);
	if (block > 0 && block <= blocks)
		snprintf(of, sizeof(of), " of %" PRIu64, blocks);
	if (done >= runs && done < all)
		snprintf(left, sizeof(left), ", about %.0f s left",
			 seconds_left(done, all));
	snprintf(line, sizeof(line), "%s%s, run %zu of %zu%s", where, of,
		 run + 1, runs, left);
	/* A line that wraps could not be cleared as a whole, so cut it. */
	fprintf(stderr, "%.*s", terminal_columns(STDERR_FILENO) - 1, line);
	fflush(stderr);
	shown = true;
}
