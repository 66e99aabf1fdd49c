/*
 * The wire between the core and a worker process: whole messages over a
 * SOCK_SEQPACKET socket, so none is ever split, and the peer's death shows as
 * end of file.  A body that has a descriptor is sent as one (unix(7),
 * SCM_RIGHTS).
 */
#ifndef PFETCH_STRATEGY_WIRE_H
#define PFETCH_STRATEGY_WIRE_H

#include <stddef.h>

#include "base/job.h"

/* Enough for a URL or a location of 128 KiB and what goes with it.  A longer
 * request, content included, is sent as a file. */
enum { WIRE_MESSAGE_MAX = 160 * 1024 };

/* Creates a connected pair of sockets, close-on-exec, with room for the
 * messages in flight.  Returns 0, or -1 with errno set. */
int wire_pair(int ends[2]);

/* For the core; wire_send_job() does not block.  Returns 0, or -1 with errno
 * set. */
int wire_send_job(int fd, const struct job *job);

/* Waits for a job and fills in the number and the request of JOB; the caller
 * frees the request.  BUFFER is scratch space.  Returns 1; 0 at end of file or
 * when the message is not a job; or -1 with errno set. */
int wire_receive_job(int fd, struct job *job, char buffer[WIRE_MESSAGE_MAX]);

/* Sends the result of JOB.  A body in memory is sent as a file, which the core
 * reads back into memory if it is small.  Returns 0, or -1 with errno set. */
int wire_send_result(int fd, struct job *job);

/* Reads one result into JOB, whose result must be clear, without blocking.
 * Returns 1; 0 at end of file, or when the message is malformed or not for
 * JOB; or -1 with errno set (EAGAIN: none yet). */
int wire_receive_result(int fd, struct job *job);

#endif
