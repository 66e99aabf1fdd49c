/*
 * One run of a comparison: a new process of pfetch itself, with its own heap,
 * connections and name look-ups, and the resources that it used according to
 * the system.
 */
#ifndef PFETCH_LAB_LAUNCH_H
#define PFETCH_LAB_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "lab/measure.h"
#include "lab/workload.h"

/* The outcome of a run.  Times are in microseconds. */
struct sample {
	bool complete;           /* the run sent its measurements */
	int wait_status;         /* as from waitpid(2) */
	uint64_t startup_us;     /* from fork to the first entry read */
	uint64_t wall_us;        /* from there to the last result */
	uint64_t total_us;       /* from fork to the end of the process */
	/* From wait4(2), for the run and its workers together. */
	uint64_t user_us, system_us;
	uint64_t switches, faults;
	uint64_t served;         /* requests, as counted by the origin */
	uint64_t origin_cpu_us;
	struct measure measure;  /* if complete; measure_release() it */
};

struct launch {
	const struct workload *workload;
	char *const *options;    /* of the run, terminated by NULL */
	int stop_fd;             /* becomes readable on a signal */
};

/* Starts the run and waits for it to end.  Returns false if a signal to this
 * process cut it short. */
bool launch_run(const struct launch *launch, struct sample *sample);

#endif
