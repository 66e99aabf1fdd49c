/*
 * A worker process, from the inside: a fetcher that takes jobs from a socket
 * and answers there, one after another, until the other end is shut.
 */
#ifndef PFETCH_STRATEGY_WORKER_H
#define PFETCH_STRATEGY_WORKER_H

#include <signal.h>
#include <sys/types.h>

#include "strategy/watchdog.h"
#include "transfer/transfer.h"

/* In a fresh child of CORE, with all signals blocked: closes every inherited
 * descriptor but FD and the output directory's, lets the core alone answer
 * signals, goes on with the mask SIGNALS, and works.  While a job runs, PULSE
 * (or NULL) beats.  When the core shuts its end of FD, or dies, a transfer is
 * aborted, work that computes is cut short, and what came of the job is told
 * once more. */
_Noreturn void worker_run(const struct transfer_common *common, int fd,
			  struct pulse *pulse, pid_t core,
			  const sigset_t *signals);

#endif
