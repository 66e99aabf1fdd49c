/*
 * The configuration of a handle that is the same for all jobs: the libcurl
 * options that are set once, and the callbacks for sockets and look-ups.
 * Where a default is spelled out or an odd value is chosen, the comment says
 * what goes wrong without it.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fatal.h"
#include "base/host.h"
#include "base/limits.h"
#include "base/siphash.h"
#include "transfer/transfer-internal.h"

enum {
	USEFUL_RATE = 100,           /* bytes/s; 1 would accept a trickle */
	RECEIVE_MAX = 512 * 1024,    /* CURLOPT_BUFFERSIZE's own limit */
	RECEIVE_MIN = 16 * 1024,
	RECEIVE_ALL = 16 << 20,      /* the total for up to 1,024 jobs */
	DNS_CACHE_S = 60,
	DNS_CACHE_US = DNS_CACHE_S * 1000000,
	DNS_CACHE_ALL = 4096,        /* limit for all handles sharing a cache,
				      * unless there are very many */
	DNS_CACHE_ALONE = 1024,      /* limit for a handle with its own
				      * cache */
	DNS_CACHE_LEAST = 16,
	DNS_PRUNE_US = 1000000,
	CONNECTION_LIFE_S = 300,
};

#define SET(option, value) \
	must(curl_easy_setopt(easy, (option), (value)) == CURLE_OK)

static void set_cache_timeout(struct transfer *transfer, long seconds)
{
	CURL *easy = transfer->easy;

	if (transfer->dns_timeout != seconds)
		SET(CURLOPT_DNS_CACHE_TIMEOUT, seconds);
	transfer->dns_timeout = seconds;
}

void transfer_watch_cache(struct transfer *transfer)
{
	transfer->pruning_limited = false;
	set_cache_timeout(transfer, DNS_CACHE_S);
}

/* How many look-ups this handle may add to its cache, which other handles may
 * share, in the time that they are kept. */
static unsigned cached_at_most(const struct transfer *transfer)
{
	uint64_t share = transfer->sockets == NULL
		? DNS_CACHE_ALONE
		: DNS_CACHE_ALL / transfer->common->settings->jobs;

	return share < DNS_CACHE_LEAST ? DNS_CACHE_LEAST : (unsigned)share;
}

/* At the end of each transfer, libcurl scans all cached look-ups for old ones,
 * which makes a list of many hosts quadratic.  Once the time-out has had its
 * effect on the transfer's own look-up, it is therefore disabled, except once
 * a second, and except when too many look-ups have been added, which drops
 * them all.  Called when a socket is opened, or else when a kept connection is
 * used; only the first call for a job has an effect. */
static void limit_pruning(struct transfer *transfer)
{
	uint64_t now_us = transfer->job->result.moments.begun_us;
	bool too_many = transfer->resolved >= cached_at_most(transfer);

	if (transfer->pruning_limited)
		return;
	transfer->pruning_limited = true;
	if (too_many) {
		set_cache_timeout(transfer, 0);
	} else if (now_us < transfer->pruned_us + DNS_PRUNE_US) {
		set_cache_timeout(transfer, -1);
		return;
	}
	transfer->pruned_us = now_us;
	if (!too_many && now_us < transfer->counted_us + DNS_CACHE_US)
		return;
	transfer->counted_us = now_us;
	transfer->resolved = 0;
}

/* ---- the gate ---- */

/* Whether requests to HOST go to the built-in server, whose address is
 * given. */
static bool is_mapped(const struct transfer_common *common, struct host host)
{
	return common->has_origin && host_is_origin(host);
}

static struct recent *recent_of(struct transfer *transfer, uint64_t hash)
{
	return &transfer->recent[hash % TRANSFER_RECENT];
}

static uint64_t hash_of_host(const struct transfer *transfer)
{
	struct host host = host_of(transfer->job->request->url);

	return siphash(host.name, host.length);
}

void transfer_leave_gate(struct transfer *transfer, bool known)
{
	uint64_t hash;

	if (transfer->place.index < 0)
		return;
	gate_leave(transfer->common->gate, transfer->place);
	transfer->place.index = -1;
	hash = hash_of_host(transfer);
	if (known)
		*recent_of(transfer, hash) = (struct recent){
			hash, clock_now_us() + DNS_CACHE_US / 2,
		};
}

bool transfer_may_start(struct transfer *transfer)
{
	const struct transfer_common *common = transfer->common;
	struct host host = host_of(transfer->job->request->url);
	const struct recent *recent;
	uint64_t hash;

	if (common->gate == NULL || host_is_address(host) ||
	    is_mapped(common, host))
		return true;
	hash = hash_of_host(transfer);
	recent = recent_of(transfer, hash);
	if (recent->hash == hash && recent->until_us > clock_now_us())
		return true;
	transfer->place = gate_enter(common->gate);
	return transfer->place.index >= 0;
}

/* CURLOPT_OPENSOCKETDATA(3) is the transfer.  Creating the socket here
 * preserves errno, which libcurl loses, and makes the socket close-on-exec. */
static curl_socket_t open_socket(void *context, curlsocktype purpose,
				 struct curl_sockaddr *address)
{
	struct transfer *transfer = context;
	int type = address->socktype;
	int fd;

	(void)purpose;
	transfer->resolved++;
	transfer_leave_gate(transfer, true);
	limit_pruning(transfer);
	if (!transfer_may_connect(transfer, &address->addr, NULL))
		return CURL_SOCKET_BAD;
#ifdef SOCK_CLOEXEC
	type |= SOCK_CLOEXEC;
#endif
	fd = socket(address->family, type, address->protocol);
	if (fd < 0) {
		/* An unsupported address family is not a shortage: libcurl
		 * goes on to the host's next address. */
		if (limits_is_shortage(errno))
			transfer->socket_error = errno;
		return CURL_SOCKET_BAD;
	}
#ifndef SOCK_CLOEXEC
	fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
	return fd;
}

/* CURLOPT_CLOSESOCKETDATA(3) is a struct transfer_sockets, or NULL. */
static int close_socket(void *context, curl_socket_t fd)
{
	const struct transfer_sockets *sockets = context;

	if (sockets != NULL)
		sockets->closing(sockets->context, fd);
	return close(fd);
}

/* CURLOPT_SOCKOPTDATA(3) is the transfer, whose SOCKETS are not NULL. */
static int socket_opened(void *context, curl_socket_t fd, curlsocktype purpose)
{
	struct transfer *transfer = context;

	(void)purpose;
	transfer->sockets->opened(transfer->sockets->context, transfer->job,
				  fd);
	return CURL_SOCKOPT_OK;
}

/* CURLOPT_PREREQDATA(3) is the transfer. */
static int connection_ready(void *context, char *remote, char *local,
			    int remote_port, int local_port)
{
	struct transfer *transfer = context;

	(void)local, (void)remote_port, (void)local_port;
	if (!transfer_may_connect(transfer, NULL, remote))
		return CURL_PREREQFUNC_ABORT;
	limit_pruning(transfer);
	transfer_leave_gate(transfer, true);
	transfer->job->result.asked = true;
	if (transfer->sockets != NULL)
		transfer->sockets->answered(transfer->sockets->context,
					    transfer->job);
	meter_set_phase(transfer->common->meter, transfer->job->place,
			METER_WAITING);
	return CURL_PREREQFUNC_OK;
}

/* CURLOPT_RESOLVER_START_DATA(3) is the transfer.  libcurl also calls this for
 * literal addresses, which need no look-up and are not counted. */
static int count_lookup(void *resolver, void *unused, void *context)
{
	struct transfer *transfer = context;
	struct host host = host_of(transfer->job->request->url);

	(void)resolver, (void)unused;
	if (!host_is_address(host) &&
	    !is_mapped(transfer->common, host))
		transfer->job->result.lookups++;
	return 0;
}

/* Large reads halve the time that a large body takes.  Only as much of a
 * buffer as a response fills is ever touched. */
static long receive_buffer(const struct settings *settings)
{
	uint64_t share = RECEIVE_ALL / settings->jobs;

	if (share > RECEIVE_MAX)
		return RECEIVE_MAX;
	return share < RECEIVE_MIN ? RECEIVE_MIN : (long)share;
}

static void configure_limits(CURL *easy, const struct settings *settings)
{
	/* This is never 0, which would select libcurl's default of 300 s. */
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
	if (settings->net.no_keepalive) {
		SET(CURLOPT_FORBID_REUSE, 1L);
		SET(CURLOPT_FRESH_CONNECT, 1L);
	}
	if (settings->stall_timeout_ms > 0) {
		uint64_t up = settings->stall_timeout_ms + 999;

		SET(CURLOPT_LOW_SPEED_LIMIT, (long)USEFUL_RATE);
		SET(CURLOPT_LOW_SPEED_TIME, (long)(up / 1000));
	} else if (!settings->net.no_keepalive) {
		/* Otherwise a peer that is gone would never be noticed.  This
		 * costs three system calls per connection. */
		SET(CURLOPT_TCP_KEEPALIVE, 1L);
	}
	SET(CURLOPT_TIMEOUT_MS, (long)settings->max_time_ms);
	SET(CURLOPT_BUFFERSIZE, receive_buffer(settings));
	SET(CURLOPT_MAXLIFETIME_CONN, (long)CONNECTION_LIFE_S);
}

static void configure_safety(CURL *easy, const struct settings *settings)
{
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_HTTP_VERSION, settings->net.http2
	    ? (long)CURL_HTTP_VERSION_2TLS : (long)CURL_HTTP_VERSION_1_1);
#if LIBCURL_VERSION_NUM >= 0x075700
	/* Otherwise, removing a handle waits for its name look-up to end.  A
	 * libcurl older than its header may not know the option, so errors are
	 * ignored. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

void transfer_configure(struct transfer *transfer)
{
	const struct transfer_sockets *sockets = transfer->sockets;
	const char *agent = transfer->common->settings->ask.user_agent;
	CURL *easy = transfer->easy;

	transfer_watch_cache(transfer);
	configure_limits(easy, transfer->common->settings);
	configure_safety(easy, transfer->common->settings);
	transfer_configure_network(transfer);
	transfer_configure_security(transfer);
	apply_text(easy, CURLOPT_USERAGENT,
		 agent != NULL ? agent : PACKAGE_NAME "/" PACKAGE_VERSION);
	SET(CURLOPT_ERRORBUFFER, transfer->message);
	SET(CURLOPT_HEADERFUNCTION, transfer_on_header);
	SET(CURLOPT_HEADERDATA, transfer);
	SET(CURLOPT_WRITEFUNCTION, transfer_on_body);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, transfer);
	SET(CURLOPT_RESOLVER_START_FUNCTION, count_lookup);
	SET(CURLOPT_RESOLVER_START_DATA, transfer);
	SET(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	SET(CURLOPT_CLOSESOCKETDATA, (void *)sockets);
	if (sockets != NULL) {
		SET(CURLOPT_SOCKOPTFUNCTION, socket_opened);
		SET(CURLOPT_SOCKOPTDATA, transfer);
	}
	SET(CURLOPT_PREREQFUNCTION, connection_ready);
	SET(CURLOPT_PREREQDATA, transfer);
	if (transfer->transcript != NULL)
		transcript_watch(easy, transfer->transcript);
}
