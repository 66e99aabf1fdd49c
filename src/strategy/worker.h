/*
 * A worker process, from the inside: a fetcher that receives jobs from a
 * socket and sends their results back, one after another, until the other end
 * is shut.
 */
#ifndef PFETCH_STRATEGY_WORKER_H
#define PFETCH_STRATEGY_WORKER_H

#include <signal.h>
#include <sys/types.h>

#include "strategy/watchdog.h"
#include "transfer/transfer.h"

/* Runs a worker in a fresh child of CORE that has all signals blocked: it
 * closes every inherited descriptor except the standard streams, FD and the
 * output directory's, leaves signals to the core, restores the signal mask
 * SIGNALS, and works.  While a job runs, PULSE (or NULL) beats.  When the core
 * shuts its end of FD or dies, a transfer is aborted, synthetic work is cut
 * short, and the job's result is still sent. */
_Noreturn void worker_run(const struct transfer_common *common, int fd,
			  struct pulse *pulse, pid_t core,
			  const sigset_t *signals);

#endif
