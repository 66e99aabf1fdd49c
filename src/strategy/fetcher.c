/* A fetcher; see fetcher.h. */
#include "config.h"

#include "strategy/fetcher.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "strategy/compute.h"

enum {
	KEPT_CONNECTIONS = 4,
	POLL_MS = 1000,          /* covers lost wake-ups; paces heartbeats */
	CORE_POLL_MS = 100,      /* in the core, which may have to show how
				  * far it has come */
	GATE_MS = 10,            /* from one look at a full gate to the next */
	STACK_BYTES = 512 * 1024,
};

struct fetcher {
	const struct settings *settings;
	unsigned worker;
	CURLM *multi;
	struct transfer *transfer;
	int poll_ms;                 /* longest wait */
	struct curl_waitfd watch;    /* fd -1: none */
	bool (*stopped)(void *context);
	void *context;
	atomic_bool stop;
};

struct fetcher *fetcher_new(const struct transfer_common *common,
			    unsigned worker,
			    int watch_fd, short watch_events,
			    bool (*stopped)(void *context), void *context)
{
	struct fetcher *fetcher = memory_zeroed(sizeof(*fetcher));

	fetcher->settings = common->settings;
	fetcher->worker = worker;
	fetcher->poll_ms = POLL_MS;
	fetcher->watch.fd = watch_fd;
	fetcher->watch.events = watch_events;
	fetcher->stopped = stopped;
	fetcher->context = context;
	fetcher->multi = curl_multi_init();
	fetcher->transfer = transfer_new(common, NULL);
	if (fetcher->multi == NULL || fetcher->transfer == NULL) {
		fetcher_free(fetcher);
		return NULL;
	}
	curl_multi_setopt(fetcher->multi, CURLMOPT_MAXCONNECTS,
			  (long)KEPT_CONNECTIONS);
	return fetcher;
}

static bool signal_came(void *context)
{
	const struct strategy_env *env = context;

	return env->idle(env->core) || *env->stop != 0;
}

struct fetcher *fetcher_new_in_core(const struct strategy_env *env)
{
	struct fetcher *fetcher = fetcher_new(
		env->common, 0, env->stop_fd, CURL_WAIT_POLLIN, signal_came,
		(void *)env);

	if (fetcher != NULL)
		fetcher->poll_ms = CORE_POLL_MS;
	return fetcher;
}

void fetcher_free(struct fetcher *fetcher)
{
	if (fetcher->transfer != NULL)
		transfer_free(fetcher->transfer);
	if (fetcher->multi != NULL)
		curl_multi_cleanup(fetcher->multi);
	free(fetcher);
}

static bool must_stop(void *context)
{
	struct fetcher *fetcher = context;

	return atomic_load_explicit(&fetcher->stop, memory_order_relaxed) ||
	       (fetcher->stopped != NULL &&
		fetcher->stopped(fetcher->context));
}

/* Drives the multi handle until its only transfer has ended.  Returns true and
 * sets CODE, or returns false if it was stopped. */
static bool drive(struct fetcher *fetcher, CURLcode *code)
{
	struct curl_waitfd watch[1] = { fetcher->watch };
	unsigned watched = watch[0].fd >= 0 ? 1 : 0;
	int running, left, resume_ms;
	CURLMsg *message;

	for (;;) {
		if (must_stop(fetcher))
			return false;
		must(curl_multi_perform(fetcher->multi, &running) == CURLM_OK);
		message = curl_multi_info_read(fetcher->multi, &left);
		if (message != NULL) {
			*code = message->data.result;
			return true;
		}
		resume_ms = (int)transfer_resume(fetcher->transfer);
		curl_multi_poll(fetcher->multi, watch, watched,
				resume_ms > 0 && resume_ms < fetcher->poll_ms
					? resume_ms : fetcher->poll_ms, NULL);
	}
}

/* Waits until a name may be looked up.  Returns false if it was stopped. */
static bool await_start(struct fetcher *fetcher)
{
	struct curl_waitfd watch[1] = { fetcher->watch };
	unsigned watched = watch[0].fd >= 0 ? 1 : 0;

	while (!transfer_may_start(fetcher->transfer)) {
		if (must_stop(fetcher))
			return false;
		curl_multi_poll(fetcher->multi, watch, watched, GATE_MS, NULL);
	}
	return true;
}

void fetcher_run(struct fetcher *fetcher, struct job *job)
{
	CURL *easy = transfer_easy(fetcher->transfer);
	CURLcode code;
	bool ended;

	job->result.worker = fetcher->worker;
	transfer_begin(fetcher->transfer, job);
	if (!await_start(fetcher)) {
		transfer_abort(fetcher->transfer);
		return;
	}
	must(curl_multi_add_handle(fetcher->multi, easy) == CURLM_OK);
	ended = drive(fetcher, &code);
	curl_multi_remove_handle(fetcher->multi, easy);
	if (!ended) {
		transfer_abort(fetcher->transfer);
		return;
	}
	transfer_end(fetcher->transfer, code);
	compute_run(fetcher->settings, job, must_stop, fetcher);
}

void fetcher_stop(struct fetcher *fetcher)
{
	atomic_store_explicit(&fetcher->stop, true, memory_order_relaxed);
	curl_multi_wakeup(fetcher->multi);
}

int fetcher_thread(pthread_t *thread, void *(*work)(void *), void *argument)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int error;

	must(pthread_attr_init(&attributes) == 0);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(thread, &attributes, work, argument);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return error;
}
