/* Synthetic work; see compute.h. */
#include "config.h"

#include "strategy/compute.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/fatal.h"

enum { STEPS = 20000 }; /* between clock readings: about 10 us */

/* Stands for a global interpreter lock, of which a process has only one. */
static pthread_mutex_t interpreter = PTHREAD_MUTEX_INITIALIZER;

/* CPU time of this thread alone, so that other load on the machine does not
 * shorten the work. */
static uint64_t thread_cpu_us(void)
{
	return clock_read_us(CLOCK_THREAD_CPUTIME_ID);
}

static void burn(uint64_t duration_us, bool (*stopped)(void *context),
		 void *context)
{
	uint64_t end = thread_cpu_us() + duration_us;
	volatile unsigned step;

	while (thread_cpu_us() < end &&
	       (stopped == NULL || !stopped(context))) {
		for (step = 0; step < STEPS; step++)
			;
	}
}

bool compute_wanted(const struct settings *settings, const struct job *job)
{
	return settings->cpu_work_us > 0 &&
	       (job->result.outcome == OUTCOME_OK ||
		job->result.outcome == OUTCOME_UNVERIFIED);
}

void compute_run(const struct settings *settings, struct job *job,
		 bool (*stopped)(void *context), void *context)
{
	struct moments *moments = &job->result.moments;

	if (!compute_wanted(settings, job))
		return;
	if (settings->gil)
		must(pthread_mutex_lock(&interpreter) == 0);
	moments->compute_us = clock_now_us();
	burn(settings->cpu_work_us, stopped, context);
	moments->computed_us = clock_now_us();
	if (settings->gil)
		must(pthread_mutex_unlock(&interpreter) == 0);
}
