/*
 * The wire between the core and a worker process: whole messages over a
 * SOCK_SEQPACKET socket, so none is ever torn, and the peer's death is an end
 * of file.  A body of its own travels as a descriptor (unix(7), SCM_RIGHTS).
 */
#ifndef PFETCH_STRATEGY_WIRE_H
#define PFETCH_STRATEGY_WIRE_H

#include <stddef.h>

#include "base/job.h"

/* A URL or a location of 64 KiB, and what goes with it, fit well.  A request
 * that is longer, with its content, goes as a file of its own. */
enum { WIRE_MESSAGE_MAX = 160 * 1024 };

/* A connected pair, close-on-exec, with room for the messages in flight.
 * Returns 0, or -1 with errno. */
int wire_pair(int ends[2]);

/* The core's side.  wire_send_job() does not block.  Returns 0, or -1 with
 * errno. */
int wire_send_job(int fd, const struct job *job);

/* Waits for a job and fills in the number and the request of JOB; the caller
 * frees the request.  BUFFER is scratch.  Returns 1, 0 at the end of file or
 * when the message is no job, -1 with errno. */
int wire_receive_job(int fd, struct job *job, char buffer[WIRE_MESSAGE_MAX]);

/* Sends what came of JOB; its body, if kept in memory, as a file of its own,
 * which the core takes back into memory when it is small.
 * Returns 0, or -1 with errno. */
int wire_send_result(int fd, struct job *job);

/* Reads one result without blocking into JOB, whose result is clear, when its
 * number is the one sent.  Returns 1, 0 at the end of file or when the message
 * is not one that a sound worker sends, -1 with errno (EAGAIN: none yet). */
int wire_receive_result(int fd, struct job *job);

#endif
