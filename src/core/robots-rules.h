/*
 * What a robots.txt allows (RFC 9309).  Pure.
 */
#ifndef PFETCH_CORE_ROBOTS_RULES_H
#define PFETCH_CORE_ROBOTS_RULES_H

#include <stdbool.h>
#include <stddef.h>

enum { ROBOTS_TEXT_MAX = 512 * 1024 }; /* bytes; RFC 9309, 2.5 */

struct robots_rules;

/* Reads the LENGTH bytes of a file, as far as they are about AGENT (a product
 * token, compared without regard to case), or else about all agents. */
struct robots_rules *robots_rules_new(const char *text, size_t length,
				      const char *agent);
void robots_rules_free(struct robots_rules *rules);

/* The bytes that RULES take up. */
size_t robots_rules_size(const struct robots_rules *rules);

/* Whether RULES allow PATH, a URL from its path on. */
bool robots_rules_allow(const struct robots_rules *rules, const char *path);

#endif
