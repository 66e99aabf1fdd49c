/* How far an experiment is; see progress.h. */
#include "config.h"

#include "lab/progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

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

/* What is left, if all takes as long as it did so far. */
static double seconds_left(size_t done, size_t all)
{
	double spent = (double)(clock_now_us() - begun_us) / 1e6;

	return done < all ? spent / (double)done * (double)(all - done) : 0;
}

void progress_show(size_t block, uint64_t blocks, size_t run, size_t runs)
{
	size_t done = block * runs + run;
	size_t all = ((size_t)blocks + 1) * runs;

	if (!on_terminal)
		return;
	progress_clear();
	if (block == 0)
		fprintf(stderr, "warm-up");
	else
		fprintf(stderr, "block %zu of %s%" PRIu64, block,
			block >= blocks ? "at least " : "", blocks);
	fprintf(stderr, ", run %zu of %zu", run + 1, runs);
	if (done >= runs)
		fprintf(stderr, ", about %.0f s left",
			seconds_left(done, all));
	fflush(stderr);
	shown = true;
}
