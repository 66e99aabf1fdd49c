/* libevent event loops, created with the settings that pfetch needs. */
#ifndef PFETCH_BASE_EVBASE_H
#define PFETCH_BASE_EVBASE_H

#include <event2/event.h>

/* Creates a loop for use by a single thread: it has no locks and ignores
 * environment variables.  FLAGS holds further EVENT_BASE_FLAG_* bits, or 0.
 * Returns NULL with errno set on failure.  Thread-safe. */
struct event_base *evbase_new(int flags);

/* Silences libevent's log messages: for example, a file that cannot be polled
 * is no error to us.  Call once, before any thread starts. */
void evbase_silence(void);

#endif
