/* Crash points; see crash.h. */
#include "config.h"

#include "base/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/units.h"

static uint64_t crash_at;        /* 0: never */
static _Atomic uint64_t passed;

void crash_set_up(void)
{
	const char *value = getenv("PFETCH_CRASH_AT");

	if (value != NULL)
		units_parse_count(value, &crash_at);
}

bool crash_expected(void)
{
	return crash_at != 0;
}

void crash_point(void)
{
	if (crash_at != 0 && atomic_fetch_add(&passed, 1) + 1 == crash_at)
		kill(getpid(), SIGKILL);
}
