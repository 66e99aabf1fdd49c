/*
 * What the origin answers: one table of paths.
 */
#ifndef PFETCH_ORIGIN_ROUTES_H
#define PFETCH_ORIGIN_ROUTES_H

#include <event2/http.h>

struct routes;

/* BASE runs the timers of replies that take their time. */
struct routes *routes_new(struct event_base *base);

/* Only after the evhttp that used them is freed. */
void routes_free(struct routes *routes);

/* evhttp_set_gencb(): CONTEXT is a struct routes. */
void routes_answer(struct evhttp_request *request, void *context);

/* Prints the table of paths on stdout. */
void routes_print(void);

#endif
