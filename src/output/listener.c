/* Listeners; see listener.h. */
#include "config.h"

#include "output/listener.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/fatal.h"

enum { MESSAGE_ROOM = 512 };

void listeners_add(struct listeners *listeners, struct listener listener)
{
	must(listeners->count < LISTENERS_MAX);
	listeners->all[listeners->count++] = listener;
}

/* Makes CALL to each listener whose kind has it. */
#define TELL(listeners, call, ...)                                          \
	for (size_t i = 0; i < (listeners)->count; i++) {                   \
		const struct listener *at = &(listeners)->all[i];           \
									    \
		if (at->kind->call != NULL)                                 \
			at->kind->call(at->state, ##__VA_ARGS__);           \
	}

void listeners_free(struct listeners *listeners)
{
	TELL(listeners, free)
	listeners->count = 0;
}

void listeners_entry(const struct listeners *listeners,
		     const struct listener_item *item)
{
	TELL(listeners, entry, item)
}

void listeners_begun(const struct listeners *listeners,
		     const struct listener_item *item)
{
	TELL(listeners, begun, item)
}

void listeners_ended(const struct listeners *listeners,
		     const struct listener_item *item)
{
	TELL(listeners, ended, item)
}

void listeners_final(const struct listeners *listeners,
		     const struct listener_item *item)
{
	TELL(listeners, final, item)
}

void listeners_summary(const struct listeners *listeners,
		       const struct run_totals *totals)
{
	TELL(listeners, summary, totals)
}

void listeners_tick(const struct listeners *listeners,
		    const struct run_progress *progress)
{
	TELL(listeners, tick, progress)
}

void listeners_asked(const struct listeners *listeners,
		     const struct run_progress *progress)
{
	TELL(listeners, asked, progress)
}

bool listeners_want_ticks(const struct listeners *listeners)
{
	bool want = false;

	for (size_t i = 0; i < listeners->count && !want; i++)
		want = listeners->all[i].kind->tick != NULL;
	return want;
}

void listeners_flush(const struct listeners *listeners)
{
	TELL(listeners, flush)
}

bool listeners_full(const struct listeners *listeners)
{
	bool full = false;

	for (size_t i = 0; i < listeners->count && !full; i++) {
		const struct listener *at = &listeners->all[i];

		full = at->kind->full != NULL && at->kind->full(at->state);
	}
	return full;
}

bool listeners_pending(const struct listeners *listeners)
{
	bool pending = false;

	for (size_t i = 0; i < listeners->count && !pending; i++) {
		const struct listener *at = &listeners->all[i];

		pending = at->kind->pending != NULL &&
			  at->kind->pending(at->state);
	}
	return pending;
}

void listeners_message(const struct listeners *listeners,
		       const char *format, ...)
{
	char text[MESSAGE_ROOM];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	TELL(listeners, message, text)
}
