/*
 * The descriptors that libcurl waits for, as events in a loop.
 *
 * Between two requests on one connection, libcurl stops waiting for its socket
 * and starts again a moment later.  Following that would cost two system calls
 * per request, so the event of a connection stays in place while nobody waits
 * for it ("idle"), and is removed when the socket closes or becomes readable
 * while idle.  That is safe only for sockets whose closing is reported to us:
 * those that configure.c opens, not those of libcurl's resolver.
 *
 * Call all functions on the thread that runs the loop.
 */
#ifndef PFETCH_STRATEGY_WATCHES_H
#define PFETCH_STRATEGY_WATCHES_H

#include <curl/curl.h>
#include <event2/event.h>
#include <stddef.h>

struct watches;

/* ACT is called from BASE's loop when FD is ready for what is wanted of it,
 * with the FLAGS of curl_multi_socket_action(3).  Returns NULL when there is
 * no memory for an event. */
struct watches *watches_new(struct event_base *base,
			    void (*act)(void *context, curl_socket_t fd,
					int flags),
			    void *context);
void watches_free(struct watches *watches);

/* libcurl waits for WHAT on FD, in terms of CURLMOPT_SOCKETFUNCTION(3). */
void watches_want(struct watches *watches, curl_socket_t fd, int what);

/* FD belongs to a connection, whose closing will be reported. */
void watches_opened(struct watches *watches, curl_socket_t fd);
/* FD is about to be closed. */
void watches_closing(struct watches *watches, curl_socket_t fd);

/* The number of open connections. */
size_t watches_connections(const struct watches *watches);

#endif
