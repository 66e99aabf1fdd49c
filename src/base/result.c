/* The result of a transfer; see result.h. */
#include "config.h"

#include "base/result.h"

#include <stdarg.h>
#include <stdio.h>

const struct cause_row cause_table[CAUSE_COUNT] = {
	[CAUSE_NONE]      = { "ok",        0, false },
	[CAUSE_INPUT]     = { "input",     1, false },
	[CAUSE_LIMIT]     = { "limit",     1, false },
	[CAUSE_ABORTED]   = { "aborted",   1, false },
	[CAUSE_FILE]      = { "file",      3, false },
	[CAUSE_RESOURCE]  = { "resource",  3, false },
	[CAUSE_WORKER]    = { "worker",    3, false },
	[CAUSE_DNS]       = { "dns",       4, false },
	[CAUSE_CONNECT]   = { "connect",   4, true },
	[CAUSE_RESET]     = { "reset",     4, true },
	[CAUSE_TIMEOUT]   = { "timeout",   4, true },
	[CAUSE_TLS]       = { "tls",       5, false },
	[CAUSE_AUTH]      = { "auth",      6, false },
	[CAUSE_PROTOCOL]  = { "protocol",  7, false },
	[CAUSE_TRUNCATED] = { "truncated", 7, true },
	[CAUSE_MISMATCH]  = { "mismatch",  7, false },
	[CAUSE_REDIRECT]  = { "redirect",  8, false },
	[CAUSE_HTTP]      = { "http",      8, false },
};

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_OK] = "ok",
		[OUTCOME_UNVERIFIED] = "unverified",
		[OUTCOME_SKIPPED] = "skipped", [OUTCOME_PART] = "part",
		[OUTCOME_REDIRECT] = "redirect",
		[OUTCOME_FAILED] = "failed",
	};

	return names[outcome];
}

const char *proof_name(const struct result *result)
{
	static const char *const names[] = {
		[PROOF_NONE] = NULL, [PROOF_LENGTH] = "length",
		[PROOF_CHUNKED] = "chunked", [PROOF_NO_BODY] = "none",
	};

	if (result->outcome == OUTCOME_UNVERIFIED)
		return "unsized";
	return result->outcome == OUTCOME_OK ? names[result->proof] : NULL;
}

/* SPAN_US after FROM, but no later than END. */
static uint64_t until(uint64_t from, uint64_t span_us, uint64_t end)
{
	return span_us < end - from ? from + span_us : end;
}

void result_timeline(const struct result *result, struct timeline *times)
{
	const struct moments *moments = &result->moments;
	const struct phases *phases = &result->phases;
	uint64_t begun = moments->begun_us;
	uint64_t end = moments->ended_us > begun ? moments->ended_us : begun;
	uint64_t tail = phases->wait_us + phases->receive_us;
	uint64_t lead = phases->total_us > tail ? phases->total_us - tail : 0;

	*times = (struct timeline){
		.begun_us = begun,
		.ended_us = end,
		.compute_us = moments->compute_us,
		.computed_us = moments->computed_us,
	};
	times->named_us = until(begun, phases->dns_us, end);
	times->connected_us = until(times->named_us, phases->connect_us, end);
	times->secured_us = until(times->connected_us, phases->tls_us, end);
	times->sent_us = until(begun, lead, end);
	if (times->sent_us < times->secured_us)
		times->sent_us = times->secured_us;
	times->first_us = tail > 0
		? until(times->sent_us, phases->wait_us, end) : end;
}

void result_fail(struct result *result, enum cause cause,
		 const char *format, ...)
{
	va_list arguments;

	result->outcome = OUTCOME_FAILED;
	result->cause = cause;
	va_start(arguments, format);
	vsnprintf(result->detail, sizeof(result->detail), format, arguments);
	va_end(arguments);
}
