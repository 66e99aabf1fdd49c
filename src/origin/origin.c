/* The origin's server and its child process; see origin.h. */
#include "config.h"

#include "origin/origin.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/evbase.h"
#include "base/fatal.h"
#include "base/limits.h"
#include "base/siphash.h"
#include "origin/routes.h"

enum { BACKLOG = 4096, STOP_US = 200000 };

struct origin {
	struct event_base *base;
	struct evhttp *http;
	struct routes *routes;
	_Atomic uint64_t *served; /* shared with the parent, or NULL */
};

static void on_request(struct evhttp_request *request, void *context)
{
	struct origin *origin = context;

	if (origin->served != NULL)
		(*origin->served)++;
	routes_answer(request, origin->routes);
}

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
	int on = 1;
	struct evconnlistener *listener;

	limits_raise_descriptors();
	evbase_silence();
	signal(SIGPIPE, SIG_IGN);
	/* Precise timers, so that a delay of 50 ms does not become 51 ms. */
	origin->base = evbase_new(EVENT_BASE_FLAG_PRECISE_TIMER);
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
	/* Without this, a reply sent in two parts waits for the client's
	 * delayed ACK.  Accepted sockets inherit the option from the listening
	 * socket. */
	setsockopt(evconnlistener_get_fd(listener), IPPROTO_TCP, TCP_NODELAY,
		   &on, sizeof(on));
	evhttp_bind_listener(origin->http, listener);
	origin->routes = routes_new(origin->base);
	evhttp_set_allowed_methods(origin->http, EVHTTP_REQ_GET);
	evhttp_set_gencb(origin->http, on_request, origin);
	return ntohs(address.sin_port);
}

static void close_server(struct origin *origin)
{
	evhttp_free(origin->http);
	routes_free(origin->routes);
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
			fatal(EXIT_STATUS_LOCAL,
			      "cannot install signal handlers");
	}
	event_base_dispatch(origin.base);
	event_free(quit[0]);
	event_free(quit[1]);
	close_server(&origin);
	return EXIT_STATUS_OK;
}

/* Runs in the child: reports its port to the parent, then serves until LIFE_FD
 * reaches end of file. */
static _Noreturn void serve_parent(int port_fd, int life_fd,
				   _Atomic uint64_t *served)
{
	struct origin origin = { .served = served };
	unsigned port = open_server(&origin, 0);
	struct event *end;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	child_leave_signals();
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

	child->served = mmap(NULL, sizeof(*child->served),
			     PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (child->served == MAP_FAILED)
		return -1;
	if (pipe(port) != 0 || pipe(life) != 0)
		return -1;
	make_close_on_exec(port);
	make_close_on_exec(life);
	child->pid = fork();
	if (child->pid == 0) {
		close(port[0]);
		close(life[1]);
		serve_parent(port[1], life[0], child->served);
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
	unsigned wait_us = 100;

	/* It ends by itself, unless somebody has stopped it. */
	close(child->life_fd);
	while (waitpid(child->pid, NULL, WNOHANG) == 0 &&
	       wait_us < 4 * STOP_US) {
		if (wait_us > STOP_US)
			kill(child->pid, SIGKILL);
		usleep(wait_us);
		wait_us += wait_us / 2;
	}
	child->pid = 0;
	munmap((void *)child->served, sizeof(*child->served));
}

uint64_t origin_served(const struct origin_child *child)
{
	return child->pid != 0 ? *child->served : 0;
}

uint64_t origin_cpu_us(const struct origin_child *child)
{
	clockid_t clock;

	if (child->pid == 0 || clock_getcpuclockid(child->pid, &clock) != 0)
		return 0;
	return clock_read_us(clock);
}
