/* Whether and when to try again; see retry.h. */
#include "config.h"

#include "core/retry.h"

static bool status_can_pass(int status)
{
	switch (status) {
	case 408: case 429: case 500: case 502: case 503: case 504:
		return true;
	default:
		return false;
	}
}

bool retry_can_pass(const struct result *result)
{
	if (result->outcome != OUTCOME_FAILED)
		return false;
	if (result->cause == CAUSE_HTTP)
		return status_can_pass(result->http_status);
	return cause_table[result->cause].can_pass;
}

uint64_t retry_delay_ms(const struct result *result, uint64_t tries,
			uint64_t cap_ms, uint64_t random)
{
	uint64_t most = RETRY_FIRST_MS;
	uint64_t asked = 0, delay;

	for (uint64_t i = 1; i < tries && most < cap_ms; i++)
		most *= 2;
	delay = random % (most + 1);
	if (result->retry_after_s > 0)
		asked = (uint64_t)result->retry_after_s > cap_ms / 1000
				? cap_ms
				: (uint64_t)result->retry_after_s * 1000;
	/* Clients told to wait equally long should not all return at once. */
	if (asked > 0)
		delay = asked + delay / 4;
	return delay < cap_ms ? delay : cap_ms;
}
