/*
 * Which hosts may be contacted.
 *
 *     allow:*.example.org,deny:old.example.org
 *
 * Rules are separated by commas; the first one whose pattern matches the host
 * name decides.  If none does, the host is allowed unless there is a rule that
 * allows.  Patterns are those of fnmatch(3), without regard to letter case.
 */
#ifndef PFETCH_CORE_HOST_RULES_H
#define PFETCH_CORE_HOST_RULES_H

#include <stdbool.h>

/* Why TEXT can't be used as rules, or NULL.  Pure. */
const char *host_rules_check(const char *text);

/* Whether RULES, which have been checked, allow the host of URL.  Pure. */
bool host_rules_allow(const char *rules, const char *url);

#endif
