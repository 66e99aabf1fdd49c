/*
 * One run of a comparison: a fresh process of pfetch itself, with its own
 * heap, connections and name look-ups, and what the system says it used.
 */
#ifndef PFETCH_LAB_LAUNCH_H
#define PFETCH_LAB_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>

#include "lab/measure.h"
#include "lab/workload.h"

/* What came of a run.  Times in microseconds. */
struct sample {
	bool complete;           /* the run told what it measured */
	int wait_status;         /* waitpid(2) */
	uint64_t startup_us;     /* from fork to the first entry read */
	uint64_t wall_us;        /* from there to the last result */
	uint64_t total_us;       /* from fork to the end of the process */
	/* wait4(2): of the run and its workers together. */
	uint64_t user_us, system_us;
	uint64_t switches, faults;
	uint64_t served;         /* requests that the origin counted */
	uint64_t origin_cpu_us;
	struct measure measure;  /* when complete; measure_release() */
};

struct launch {
	const struct workload *workload;
	char *const *options;    /* of the run; NULL ends them */
	int stop_fd;             /* becomes readable when a signal came */
};

/* Runs it and waits for its end.  Returns false when a signal to this process
 * cut it short. */
bool launch_run(const struct launch *launch, struct sample *sample);

#endif
