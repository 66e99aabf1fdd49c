/*
 * A process that has files written to disk, so that the core need not wait.
 *
 * It is forked before there are threads and ends with its parent.  It does one
 * thing at a time: syncfs(2), fsync(2) and fdatasync(2) can't be interrupted,
 * and a thread would not do under the strategy of processes, which forks.  For
 * the core's thread only.
 */
#ifndef PFETCH_CORE_SYNCER_H
#define PFETCH_CORE_SYNCER_H

#include <event2/event.h>
#include <stddef.h>

struct syncer;

enum { SYNCER_FILES_MAX = 16 };

/* What is to be written to disk. */
struct syncer_order {
	int files[SYNCER_FILES_MAX]; /* descriptors: their data */
	size_t count;
	int file_system;         /* a descriptor: all of its file system, or
				  * -1 */
	int directory;           /* its entries, or -1 */
};

/* DONE is called from BASE's loop when an order has been carried out, with 0 or
 * an error number.  Returns NULL, with errno, if there can be no process. */
struct syncer *syncer_start(struct event_base *base,
			    void (*done)(void *context, int error),
			    void *context);
void syncer_free(struct syncer *syncer);

/* Calls DONE now if an order has been carried out, for when the loop does not
 * turn. */
void syncer_poll(struct syncer *syncer);

/* Begins to carry out ORDER.  The one before must be done.  The descriptors may
 * be closed at once.  Returns 0 or an error number. */
int syncer_order(struct syncer *syncer, const struct syncer_order *order);

#endif
