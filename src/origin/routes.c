/*
 * The origin's responses; see routes.h.
 *
 * A path is a chain of segments: "/delay/50/bytes/1000" waits and then goes on
 * with "/bytes/1000".  Each route handles its own segment and may pass on the
 * rest.  The state of a request is its exchange, which lives until the reply
 * is written or the connection is gone.
 */
#include "config.h"

#include "origin/routes.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "origin/visits.h"

enum {
	BLOCK = 64 * 1024,      /* bytes of a body generated at a time */
	TICK_MS = 10,           /* between parts of a rate-limited body */
};

struct routes {
	struct event_base *base;
	struct visits visits;
};

struct exchange {
	struct routes *routes;
	struct evhttp_request *request;
	struct event *timer;
	char *path;             /* as requested; bodies consist of it */
	const char *rest;       /* the part of the path not yet handled */
	uint64_t rate;          /* bytes per second; 0: unlimited */
	uint64_t length, sent;  /* of the body */
	uint64_t drop_at;       /* bytes before a drop; UINT64_MAX: no drop */
	bool streaming;
	bool entered;           /* it takes one of the limited places */
};

static void go_on(struct exchange *exchange);

static void free_exchange(struct exchange *exchange)
{
	if (exchange->entered)
		visits_leave(&exchange->routes->visits);
	event_free(exchange->timer);
	free(exchange->path);
	free(exchange);
}

/* Frees the exchange and returns its request for the final call to libevent,
 * which may free the request at once. */
static struct evhttp_request *end_exchange(struct exchange *exchange)
{
	struct evhttp_request *request = exchange->request;
	struct evhttp_connection *connection =
		evhttp_request_get_connection(request);

	if (connection != NULL)
		evhttp_connection_set_closecb(connection, NULL, NULL);
	free_exchange(exchange);
	return request;
}

/* The client has disconnected.  If libevent has detached the request from its
 * connection, it is ours to free. */
static void on_close(struct evhttp_connection *connection, void *context)
{
	struct exchange *exchange = context;

	(void)connection;
	if (evhttp_request_get_connection(exchange->request) == NULL)
		evhttp_request_free(exchange->request);
	free_exchange(exchange);
}

static void header(struct exchange *exchange, const char *name,
		   const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(exchange->request),
			  name, value);
}

static void header_number(struct exchange *exchange, const char *name,
			  uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	header(exchange, name, text);
}

static void reply_status(struct exchange *exchange, int status)
{
	struct evbuffer *body = evbuffer_new();

	/* These two have no body (RFC 9110, 15.3.5 and 15.4.5). */
	if (status != 204 && status != 304)
		evbuffer_add_printf(body, "%d\n", status);
	evhttp_send_reply(end_exchange(exchange), status, NULL, body);
	evbuffer_free(body);
}

/* ---- bodies ---- */

/* Adds the next COUNT bytes of the body, which is the path and a newline,
 * repeated. */
static void add_body(struct exchange *exchange, struct evbuffer *out,
		     uint64_t count)
{
	size_t period = strlen(exchange->path) + 1;

	while (count > 0) {
		size_t at = (size_t)(exchange->sent % period);
		size_t part = period - at;

		if (part > count)
			part = (size_t)count;
		if (at + part == period) {
			evbuffer_add(out, exchange->path + at, part - 1);
			evbuffer_add(out, "\n", 1);
		} else {
			evbuffer_add(out, exchange->path + at, part);
		}
		exchange->sent += part;
		count -= part;
	}
}

/* Closes the connection without sending the rest of the body. */
static void drop(struct exchange *exchange)
{
	struct evhttp_connection *connection =
		evhttp_request_get_connection(exchange->request);

	end_exchange(exchange);
	evhttp_connection_free(connection);
}

static void set_timer(struct exchange *exchange, uint64_t delay_ms)
{
	struct timeval time = clock_timeval_ms(delay_ms);

	evtimer_add(exchange->timer, &time);
}

/* A part of the body has been written: schedules the next one. */
static void on_written(struct evhttp_connection *connection, void *context)
{
	struct exchange *exchange = context;

	(void)connection;
	set_timer(exchange, exchange->rate > 0 ? TICK_MS : 0);
}

static void send_part(struct exchange *exchange)
{
	uint64_t part = exchange->length - exchange->sent;
	struct evbuffer *out;

	if (exchange->sent >= exchange->drop_at) {
		drop(exchange);
		return;
	}
	if (part == 0) {
		evhttp_send_reply_end(end_exchange(exchange));
		return;
	}
	if (exchange->rate > 0 && part > exchange->rate * TICK_MS / 1000 + 1)
		part = exchange->rate * TICK_MS / 1000 + 1;
	if (part > BLOCK)
		part = BLOCK;
	if (part > exchange->drop_at - exchange->sent)
		part = exchange->drop_at - exchange->sent;
	out = evbuffer_new();
	add_body(exchange, out, part);
	evhttp_send_reply_chunk_with_cb(exchange->request, out, on_written,
					exchange);
	evbuffer_free(out);
}

static void start_body(struct exchange *exchange, uint64_t length)
{
	exchange->length = length;
	exchange->streaming = true;
	evhttp_send_reply_start(exchange->request, 200, "OK");
	send_part(exchange);
}

/* ---- routes: each takes its number; exchange->rest is what follows ---- */

static void route_bytes(struct exchange *exchange, uint64_t number)
{
	struct evbuffer *out;

	header_number(exchange, "Content-Length", number);
	if (number > BLOCK || exchange->rate > 0 ||
	    exchange->drop_at != UINT64_MAX) {
		start_body(exchange, number);
		return;
	}
	out = evbuffer_new();
	add_body(exchange, out, number);
	evhttp_send_reply(end_exchange(exchange), 200, "OK", out);
	evbuffer_free(out);
}

static void route_chunked(struct exchange *exchange, uint64_t number)
{
	start_body(exchange, number);
}

/* Without a length, an HTTP/1.0 response ends when its connection closes. */
static void route_unsized(struct exchange *exchange, uint64_t number)
{
	exchange->request->major = 1;
	exchange->request->minor = 0;
	header(exchange, "Connection", "close");
	start_body(exchange, number);
}

static void route_delay(struct exchange *exchange, uint64_t number)
{
	set_timer(exchange, number);
}

static void route_rate(struct exchange *exchange, uint64_t number)
{
	exchange->rate = number;
	go_on(exchange);
}

static void route_status(struct exchange *exchange, uint64_t number)
{
	reply_status(exchange, number >= 200 && number <= 599 ? (int)number
							      : 400);
}

static void route_redirect(struct exchange *exchange, uint64_t number)
{
	const char *rest = *exchange->rest != '\0' ? exchange->rest
						   : "/bytes/1024";
	char *location = number > 1
		? memory_format("/redirect/%" PRIu64 "%s", number - 1, rest)
		: memory_string(rest);

	header(exchange, "Location", location);
	free(location);
	reply_status(exchange, 302);
}

static void route_drop(struct exchange *exchange, uint64_t number)
{
	exchange->drop_at = number;
	route_bytes(exchange, number * 2 + 1);
}

static void go_on_or_default(struct exchange *exchange)
{
	if (*exchange->rest == '\0')
		route_bytes(exchange, 1024);
	else
		go_on(exchange);
}

static void route_flaky(struct exchange *exchange, uint64_t number)
{
	if (visits_count(&exchange->routes->visits, exchange->path) <
	    number)
		reply_status(exchange, 503);
	else
		go_on_or_default(exchange);
}

static void route_retry_after(struct exchange *exchange, uint64_t number)
{
	if (visits_count(&exchange->routes->visits, exchange->path) > 0) {
		go_on_or_default(exchange);
		return;
	}
	header_number(exchange, "Retry-After", number);
	reply_status(exchange, 429);
}

static void route_busy(struct exchange *exchange, uint64_t number)
{
	exchange->entered = exchange->entered ||
			    visits_enter(&exchange->routes->visits, number);
	if (exchange->entered)
		go_on_or_default(exchange);
	else
		reply_status(exchange, 429);
}

static void route_limit(struct exchange *exchange, uint64_t number)
{
	if (visits_take(&exchange->routes->visits, number, clock_now_us()))
		go_on_or_default(exchange);
	else
		reply_status(exchange, 503);
}

static const struct route {
	const char *name, *form, *help;
	void (*handle)(struct exchange *exchange, uint64_t number);
} table[] = {
	{ "bytes", "/bytes/N", "N bytes with a Content-Length", route_bytes },
	{ "chunked", "/chunked/N", "N bytes in chunks", route_chunked },
	{ "unsized", "/unsized/N", "N bytes, ended by closing the connection",
	  route_unsized },
	{ "delay", "/delay/MS/...", "the rest, after MS milliseconds",
	  route_delay },
	{ "rate", "/rate/BPS/...", "the rest, at BPS bytes per second",
	  route_rate },
	{ "status", "/status/N", "status N", route_status },
	{ "redirect", "/redirect/N[/...]", "N redirects, then the rest",
	  route_redirect },
	{ "flaky", "/flaky/N[/...]", "503 for the first N requests, then "
	  "the rest", route_flaky },
	{ "retry-after", "/retry-after/S[/...]", "429 with Retry-After: S "
	  "once, then the rest", route_retry_after },
	{ "busy", "/busy/N[/...]", "429 if N requests are being served, else "
	  "the rest", route_busy },
	{ "limit", "/limit/N[/...]", "503 above N requests a second, else "
	  "the rest", route_limit },
	{ "drop", "/drop/N", "close the connection after N of 2N+1 bytes",
	  route_drop },
};

enum { ROUTES = sizeof(table) / sizeof(*table) };

void routes_print(void)
{
	for (size_t i = 0; i < ROUTES; i++)
		printf("  %-22s %s\n", table[i].form, table[i].help);
}

/* Reads "/name/number" at the start of exchange->rest and moves past it. */
static const struct route *next_route(struct exchange *exchange,
				      uint64_t *number)
{
	const char *name = exchange->rest + 1;
	size_t length = strcspn(name, "/");
	char *end;

	if (*exchange->rest != '/' || name[length] != '/' ||
	    name[length + 1] < '0' || name[length + 1] > '9')
		return NULL;
	errno = 0;
	*number = strtoull(name + length + 1, &end, 10);
	if (errno != 0 || (*end != '\0' && *end != '/' && *end != '?'))
		return NULL;
	for (size_t i = 0; i < ROUTES; i++) {
		if (strlen(table[i].name) == length &&
		    memcmp(table[i].name, name, length) == 0) {
			exchange->rest = *end == '?' ? "" : end;
			return &table[i];
		}
	}
	return NULL;
}

static void go_on(struct exchange *exchange)
{
	uint64_t number;
	const struct route *route = next_route(exchange, &number);

	if (route == NULL)
		reply_status(exchange, 404);
	else
		route->handle(exchange, number);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
	struct exchange *exchange = context;

	(void)fd, (void)what;
	if (exchange->streaming)
		send_part(exchange);
	else
		go_on_or_default(exchange);
}

void routes_answer(struct evhttp_request *request, void *context)
{
	struct routes *routes = context;
	struct exchange *exchange = memory_zeroed(sizeof(*exchange));

	exchange->routes = routes;
	exchange->request = request;
	exchange->path = memory_string(evhttp_request_get_uri(request));
	exchange->rest = exchange->path;
	exchange->drop_at = UINT64_MAX;
	exchange->timer = evtimer_new(routes->base, on_timer, exchange);
	if (exchange->timer == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	evhttp_connection_set_closecb(evhttp_request_get_connection(request),
				      on_close, exchange);
	go_on(exchange);
}

struct routes *routes_new(struct event_base *base)
{
	struct routes *routes = memory_zeroed(sizeof(*routes));

	routes->base = base;
	return routes;
}

void routes_free(struct routes *routes)
{
	visits_release(&routes->visits);
	free(routes);
}
