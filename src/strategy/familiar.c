/* Recently contacted hosts; see familiar.h. */
#include "config.h"

#include "strategy/familiar.h"

#include <string.h>

#include "base/siphash.h"

bool familiar_meet(struct familiar *familiar, const char *url)
{
	size_t origin = (size_t)(strstr(url, "://") + 3 - url);
	uint64_t hash = siphash(url, origin + strcspn(url + origin, "/?#"));
	uint32_t *slot = &familiar->slots[hash % FAMILIAR_SLOTS];
	/* Never 0, which marks an empty slot. */
	uint32_t mark = (uint32_t)(hash >> 32) | 1;
	bool known = *slot == mark;

	*slot = mark;
	return known;
}
