/*
 * What all transfers of a run may use up together: bytes of bodies, and disk
 * space.
 *
 * It is in memory that threads and worker processes share.  Once it is used up,
 * it stays so.
 */
#ifndef PFETCH_TRANSFER_BUDGET_H
#define PFETCH_TRANSFER_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What there is no more of. */
enum budget_lack { BUDGET_ENOUGH, BUDGET_NO_BYTES, BUDGET_NO_SPACE };

struct budget;

/* TOTAL bytes may be taken; 0: any number.  MIN_FREE bytes of a disk are to be
 * left; 0: none.  Call before any thread or process is started.  Returns NULL,
 * with errno, if there is no shared memory. */
struct budget *budget_new(uint64_t total, uint64_t min_free);
void budget_free(struct budget *budget);

/* Takes BYTES.  Returns false if there are not so many left, and from then on.
 * Thread-safe, also between processes. */
bool budget_take(struct budget *budget, size_t bytes);

/* Whether the file system of FD has enough free space.  Returns false if not,
 * and from then on.  Thread-safe, also between processes. */
bool budget_has_space(struct budget *budget, int fd);

/* What there is no more of.  Thread-safe. */
enum budget_lack budget_lack(const struct budget *budget);

/* In words, for people.  Not for BUDGET_ENOUGH. */
const char *budget_text(enum budget_lack lack);

#endif
