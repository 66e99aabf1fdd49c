/* Which hosts may be contacted; see host-rules.h. */
#include "config.h"

#include "core/host-rules.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/memory.h"

/* FNM_CASEFOLD is a GNU extension that other systems have taken over. */
#ifndef FNM_CASEFOLD
#define FNM_CASEFOLD 0
#endif

/* Where the pattern of RULE begins.  Sets *ALLOWS; NULL: it is no rule. */
static const char *pattern_of(const char *rule, bool *allows)
{
	*allows = strncmp(rule, "allow:", 6) == 0;
	if (*allows)
		return rule + 6;
	return strncmp(rule, "deny:", 5) == 0 ? rule + 5 : NULL;
}

const char *host_rules_check(const char *text)
{
	while (text != NULL) {
		bool allows;
		const char *pattern = pattern_of(text, &allows);

		if (pattern == NULL)
			return "not allow:PATTERN or deny:PATTERN";
		if (*pattern == '\0' || *pattern == ',')
			return "a pattern is missing";
		text = strchr(pattern, ',');
		if (text != NULL)
			text++;
	}
	return NULL;
}

static bool matches(const char *pattern, size_t length, const char *name)
{
	char *copy = memory_copy(pattern, length);
	bool is = fnmatch(copy, name, FNM_CASEFOLD) == 0;

	free(copy);
	return is;
}

bool host_rules_allow(const char *rules, const char *url)
{
	struct host host = host_of(url);
	char *name = memory_copy(host.name, host.length);
	bool by_default = true, decided = false, allowed = false;

	while (rules != NULL && !decided) {
		bool allows;
		const char *pattern = pattern_of(rules, &allows);
		size_t length = strcspn(pattern, ",");

		if (allows)
			by_default = false;
		decided = matches(pattern, length, name);
		allowed = allows;
		rules = pattern[length] == ',' ? pattern + length + 1 : NULL;
	}
	free(name);
	return decided ? allowed : by_default;
}
