/*
 * The descriptors that libcurl waits for, as events in a loop.
 *
 * Between two requests on one connection libcurl stops waiting for its socket
 * and starts again a moment later.  Following that would cost two system
 * calls a request, so the event of a connection stays in place while nobody
 * waits ("idle") and goes when the socket closes, or when it becomes readable
 * with nobody waiting.  That is only safe for sockets whose closing we are
 * told of: those that transfer.c opens, not those of libcurl's resolver.
 *
 * One thread: that of the loop.
 */
#ifndef PFETCH_STRATEGY_WATCHES_H
#define PFETCH_STRATEGY_WATCHES_H

#include <curl/curl.h>
#include <event2/event.h>
#include <stddef.h>

struct watches;

/* ACT is called from BASE's loop when FD is due for what is wanted of it, FLAGS
 * being those of curl_multi_socket_action(3).  Returns NULL, with errno, when
 * BASE takes no more events. */
struct watches *watches_new(struct event_base *base,
			    void (*act)(void *context, curl_socket_t fd,
					int flags),
			    void *context);
void watches_free(struct watches *watches);

/* libcurl waits for WHAT of FD, as CURLMOPT_SOCKETFUNCTION(3) says it. */
void watches_want(struct watches *watches, curl_socket_t fd, int what);

/* FD is a connection's, whose closing will be told ... */
void watches_opened(struct watches *watches, curl_socket_t fd);
/* ... and is about to be closed. */
void watches_closing(struct watches *watches, curl_socket_t fd);

/* How many connections are open. */
size_t watches_connections(const struct watches *watches);

#endif
