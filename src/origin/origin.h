/*
 * The origin: a small HTTP/1.1 server on 127.0.0.1 that generates its bodies.
 *
 * It serves demonstrations, experiments and tests without a network.  It is
 * always a process of its own, so that its time and memory never count as
 * pfetch's.
 */
#ifndef PFETCH_ORIGIN_ORIGIN_H
#define PFETCH_ORIGIN_ORIGIN_H

#include <stdint.h>
#include <sys/types.h>

struct origin_child {
	pid_t pid;      /* 0: none */
	unsigned port;
	int life_fd;    /* the child ends when this is closed */
	_Atomic uint64_t *served; /* requests, counted by the child */
};

/* Starts the server in a child process, on a free port.  Call it while the
 * process has one thread and neither an event loop nor libcurl handles.  The
 * child ends with its parent.  Returns 0 or -1. */
int origin_start(struct origin_child *child);
void origin_stop(struct origin_child *child);

/* The number of requests that the server has received, and its CPU time in
 * microseconds; 0 when there is no child or the system does not say. */
uint64_t origin_served(const struct origin_child *child);
uint64_t origin_cpu_us(const struct origin_child *child);

/* Prints the URL, then serves on PORT (0: any free port) in this process until
 * a signal ends it.  Returns an exit status. */
int origin_serve(unsigned port);

#endif
