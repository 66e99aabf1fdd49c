/* A worker process; see worker.h. */
#include "config.h"

#include "strategy/worker.h"

#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/child.h"
#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/fetcher.h"
#include "strategy/wire.h"

/* The socket to the core, and the worker's heartbeat. */
struct core_link {
	int fd;
	struct pulse *pulse;
};

/* While a job runs no other is sent, so only end of file can be readable.
 * Called on each turn of the fetcher's loop, and throughout synthetic work. */
static bool is_over(void *context)
{
	struct core_link *link = context;
	struct pollfd end = { .fd = link->fd, .events = POLLIN };

	watchdog_beat(link->pulse);
	return poll(&end, 1, 0) > 0;
}

static void become_worker(int fd, const struct sink_place *place, pid_t core)
{
	child_leave_signals();
	child_end_with(core);
	/* Bodies go to one of these, if to any. */
	child_keep_descriptors(fd, place->directory_fd >= 0
					   ? place->directory_fd
				   : place->live_fd >= 0 ? place->live_fd
							 : fd);
}

static _Noreturn void work(const struct transfer_common *common,
			   struct core_link *link)
{
	struct fetcher *fetcher = fetcher_new(common, 0, link->fd,
					      CURL_WAIT_POLLIN, is_over, link);
	char *buffer = memory_alloc(WIRE_MESSAGE_MAX);
	struct job job = { .body.fd = -1 };

	if (fetcher == NULL)
		_exit(EXIT_STATUS_LOCAL);
	while (wire_receive_job(link->fd, &job, buffer) > 0) {
		job_clear_result(&job);
		job.fetches = 0; /* the core sums them up */
		fetcher_run(fetcher, &job);
		if (wire_send_result(link->fd, &job) != 0)
			break;
		job_clear_result(&job); /* closes the body's descriptor */
		request_free((struct request *)job.request);
	}
	_exit(EXIT_STATUS_OK);
}

_Noreturn void worker_run(const struct transfer_common *common, int fd,
			  struct pulse *pulse, pid_t core,
			  const sigset_t *signals)
{
	struct core_link link = { fd, pulse };

	become_worker(fd, &common->place, core);
	sigprocmask(SIG_SETMASK, signals, NULL);
	work(common, &link);
}
