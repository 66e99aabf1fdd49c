/*
 * The origin's responses, as a table of paths.
 */
#ifndef PFETCH_ORIGIN_ROUTES_H
#define PFETCH_ORIGIN_ROUTES_H

#include <event2/http.h>

struct routes;

/* BASE runs the timers of delayed and rate-limited replies. */
struct routes *routes_new(struct event_base *base);

/* Call only after the evhttp that used them has been freed. */
void routes_free(struct routes *routes);

/* Answers REQUEST.  CONTEXT is a struct routes. */
void routes_answer(struct evhttp_request *request, void *context);

/* Prints the table of paths on stdout. */
void routes_print(void);

#endif
