/*
 * The origin; see origin.h.
 *
 * A path is a chain of segments: "/delay/50/bytes/1000" waits and then goes
 * on with "/bytes/1000".  Each route handles its own segment, and may hand on
 * the rest.  What is known of one request is its exchange; it lives until the
 * reply is written or the connection is gone.
 */
#include "config.h"

#include "lab/origin.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/siphash.h"

#include <uthash.h>

enum {
	BLOCK = 64 * 1024,      /* of a body, made and sent at once */
	TICK_MS = 10,           /* between parts of a body at a given rate */
	SEEN_MAX = 64 * 1024,   /* paths whose requests are counted */
	BACKLOG = 4096,
};

/* How often a path was asked for. */
struct seen {
	UT_hash_handle hh;
	uint64_t times;
	char path[];
};

struct origin {
	struct event_base *base;
	struct evhttp *http;
	struct seen *seen;
};

struct exchange {
	struct origin *origin;
	struct evhttp_request *request;
	struct event *timer;
	char *path;             /* as asked for: bodies are made from it */
	const char *rest;       /* of the path, not yet handled */
	uint64_t rate;          /* bytes per second; 0: as fast as it goes */
	uint64_t length, sent;  /* of the body */
	uint64_t drop_at;       /* break off after so many; UINT64_MAX: don't */
	bool streaming;
};

static void go_on(struct exchange *exchange);

static void end_exchange(struct exchange *exchange)
{
	struct evhttp_connection *connection =
		evhttp_request_get_connection(exchange->request);

	if (connection != NULL)
		evhttp_connection_set_closecb(connection, NULL, NULL);
	event_free(exchange->timer);
	free(exchange->path);
	free(exchange);
}

/* The client has gone away; libevent frees the request. */
static void on_close(struct evhttp_connection *connection, void *context)
{
	struct exchange *exchange = context;

	(void)connection;
	event_free(exchange->timer);
	free(exchange->path);
	free(exchange);
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

	evbuffer_add_printf(body, "%d\n", status);
	evhttp_send_reply(exchange->request, status, NULL, body);
	evbuffer_free(body);
	end_exchange(exchange);
}

/* ---- bodies ---- */

/* Adds COUNT bytes of the body from where it stands: the path and a newline,
 * over and over. */
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

/* Breaks the connection with whatever is still owed. */
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

/* A part of the body has left; the next one is due. */
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
		evhttp_send_reply_end(exchange->request);
		end_exchange(exchange);
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
	evhttp_send_reply(exchange->request, 200, "OK", out);
	evbuffer_free(out);
	end_exchange(exchange);
}

static void route_chunked(struct exchange *exchange, uint64_t number)
{
	start_body(exchange, number);
}

/* Without a length an HTTP/1.0 response ends with its connection. */
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
	reply_status(exchange, number >= 100 && number <= 599 ? (int)number
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

/* Counts this request of its path and returns how many came before. */
static uint64_t times_before(struct exchange *exchange)
{
	struct origin *origin = exchange->origin;
	size_t length = strlen(exchange->path);
	struct seen *seen;

	HASH_FIND_STR(origin->seen, exchange->path, seen);
	if (seen == NULL) {
		if (HASH_COUNT(origin->seen) >= SEEN_MAX) {
			seen = origin->seen;
			HASH_DEL(origin->seen, seen);
			free(seen);
		}
		seen = memory_zeroed(sizeof(*seen) + length + 1);
		memcpy(seen->path, exchange->path, length + 1);
		HASH_ADD_STR(origin->seen, path, seen);
	}
	return seen->times++;
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
	if (times_before(exchange) < number)
		reply_status(exchange, 503);
	else
		go_on_or_default(exchange);
}

static void route_retry_after(struct exchange *exchange, uint64_t number)
{
	if (times_before(exchange) > 0) {
		go_on_or_default(exchange);
		return;
	}
	header_number(exchange, "Retry-After", number);
	reply_status(exchange, 429);
}

static const struct route {
	const char *name, *form, *help;
	void (*handle)(struct exchange *exchange, uint64_t number);
} routes[] = {
	{ "bytes", "/bytes/N", "N bytes with a Content-Length", route_bytes },
	{ "chunked", "/chunked/N", "N bytes in chunks", route_chunked },
	{ "unsized", "/unsized/N", "N bytes ended by closing", route_unsized },
	{ "delay", "/delay/MS/...", "wait, then as the rest says",
	  route_delay },
	{ "rate", "/rate/BPS/...", "the rest's body, BPS bytes a second",
	  route_rate },
	{ "status", "/status/N", "status N", route_status },
	{ "redirect", "/redirect/N[/...]", "N redirects, then the rest",
	  route_redirect },
	{ "flaky", "/flaky/N[/...]", "503 for N requests of this path, then "
	  "the rest", route_flaky },
	{ "retry-after", "/retry-after/S[/...]", "429 with Retry-After: S "
	  "once, then the rest", route_retry_after },
	{ "drop", "/drop/N", "the connection dies after N bytes of 2N+1",
	  route_drop },
};

enum { ROUTES = sizeof(routes) / sizeof(*routes) };

void origin_print_routes(void)
{
	for (size_t i = 0; i < ROUTES; i++)
		printf("  %-22s %s\n", routes[i].form, routes[i].help);
}

/* Reads "/name/number" at the head of exchange->rest and moves past it. */
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
		if (strlen(routes[i].name) == length &&
		    memcmp(routes[i].name, name, length) == 0) {
			exchange->rest = *end == '?' ? "" : end;
			return &routes[i];
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

static void on_request(struct evhttp_request *request, void *context)
{
	struct origin *origin = context;
	struct exchange *exchange = memory_zeroed(sizeof(*exchange));

	exchange->origin = origin;
	exchange->request = request;
	exchange->path = memory_string(evhttp_request_get_uri(request));
	exchange->rest = exchange->path;
	exchange->drop_at = UINT64_MAX;
	exchange->timer = evtimer_new(origin->base, on_timer, exchange);
	if (exchange->timer == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	evhttp_connection_set_closecb(evhttp_request_get_connection(request),
				      on_close, exchange);
	go_on(exchange);
}

/* ---- the server ---- */

static void on_quit(evutil_socket_t fd, short what, void *context)
{
	struct origin *origin = context;

	(void)fd, (void)what;
	event_base_loopbreak(origin->base);
}

/* Binds and listens; returns the port, or 0 with errno. */
static unsigned open_server(struct origin *origin, unsigned port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	struct evconnlistener *listener;

	limits_raise_descriptors();
	signal(SIGPIPE, SIG_IGN);
	origin->base = event_base_new();
	origin->http = origin->base != NULL ? evhttp_new(origin->base) : NULL;
	if (origin->http == NULL)
		return 0;
	listener = evconnlistener_new_bind(
		origin->base, NULL, NULL,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC |
			LEV_OPT_REUSEABLE, BACKLOG,
		(struct sockaddr *)&address, sizeof(address));
	if (listener == NULL ||
	    getsockname(evconnlistener_get_fd(listener),
			(struct sockaddr *)&address, &length) != 0)
		return 0;
	evhttp_bind_listener(origin->http, listener);
	evhttp_set_gencb(origin->http, on_request, origin);
	return ntohs(address.sin_port);
}

static void close_server(struct origin *origin)
{
	struct seen *seen, *next;

	HASH_ITER(hh, origin->seen, seen, next) {
		HASH_DEL(origin->seen, seen);
		free(seen);
	}
	evhttp_free(origin->http);
	event_base_free(origin->base);
}

int origin_serve(unsigned port)
{
	struct origin origin = { .base = NULL };
	struct event *quit[2];

	siphash_seed();
	port = open_server(&origin, port);
	if (port == 0)
		fatal(EXIT_STATUS_LOCAL, "cannot listen: %s", strerror(errno));
	printf("http://127.0.0.1:%u/\n", port);
	fflush(stdout);
	quit[0] = evsignal_new(origin.base, SIGINT, on_quit, &origin);
	quit[1] = evsignal_new(origin.base, SIGTERM, on_quit, &origin);
	for (int i = 0; i < 2; i++) {
		if (quit[i] == NULL || event_add(quit[i], NULL) != 0)
			fatal(EXIT_STATUS_LOCAL, "cannot catch signals");
	}
	event_base_dispatch(origin.base);
	event_free(quit[0]);
	event_free(quit[1]);
	close_server(&origin);
	return EXIT_STATUS_OK;
}

/* The child's life: it tells its port and serves until LIFE_FD ends. */
static _Noreturn void serve_parent(int port_fd, int life_fd)
{
	struct origin origin = { .base = NULL };
	unsigned port = open_server(&origin, 0);
	struct event *end;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* What the terminal sends to the group is the parent's business. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (port == 0 || null < 0 ||
	    write(port_fd, &port, sizeof(port)) != (ssize_t)sizeof(port))
		_exit(EXIT_STATUS_LOCAL);
	close(port_fd);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	end = event_new(origin.base, life_fd, EV_READ, on_quit, &origin);
	if (end == NULL || event_add(end, NULL) != 0)
		_exit(EXIT_STATUS_LOCAL);
	event_base_dispatch(origin.base);
	_exit(EXIT_STATUS_OK);
}

static void make_close_on_exec(const int ends[2])
{
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

int origin_start(struct origin_child *child)
{
	int port[2], life[2];
	ssize_t got;

	if (pipe(port) != 0 || pipe(life) != 0)
		return -1;
	make_close_on_exec(port);
	make_close_on_exec(life);
	child->pid = fork();
	if (child->pid == 0) {
		close(port[0]);
		close(life[1]);
		serve_parent(port[1], life[0]);
	}
	close(port[1]);
	close(life[0]);
	got = child->pid > 0 ? read(port[0], &child->port,
				    sizeof(child->port)) : -1;
	close(port[0]);
	child->life_fd = life[1];
	return got == (ssize_t)sizeof(child->port) ? 0 : -1;
}

void origin_stop(struct origin_child *child)
{
	close(child->life_fd);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}
