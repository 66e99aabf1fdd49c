/* libevent's loops, made in the one way that suits pfetch. */
#ifndef PFETCH_BASE_EVBASE_H
#define PFETCH_BASE_EVBASE_H

#include <event2/event.h>

/* A loop for the thread that runs it alone: not configured by environment
 * variables, without locks, and silent.  FLAGS: more of EVENT_BASE_FLAG_*, or
 * 0.  Returns NULL when it can't be made, with errno.  Any thread. */
struct event_base *evbase_new(int flags);

/* Makes libevent silent: that a file can't be waited for, for one, is no news
 * to us.  Once, before any thread. */
void evbase_silence(void);

#endif
