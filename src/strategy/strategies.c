/* The table of strategies: the one place where they are listed. */
#include "config.h"

#include "strategy/strategy.h"

extern const struct strategy strategy_sequential;
extern const struct strategy strategy_thread;
extern const struct strategy strategy_pool;
extern const struct strategy strategy_event;
extern const struct strategy strategy_loops;
extern const struct strategy strategy_process;

const struct strategy *const strategies[] = {
	&strategy_sequential,
	&strategy_thread,
	&strategy_pool,
	&strategy_event,
	&strategy_loops,
	&strategy_process,
	NULL
};
