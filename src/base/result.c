/* What became of a transfer; see result.h. */
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
	[CAUSE_REDIRECT]  = { "redirect",  8, false },
	[CAUSE_HTTP]      = { "http",      8, false },
};

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
