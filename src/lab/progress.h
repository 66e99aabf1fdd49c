/*
 * How far an experiment is: one line on stderr, when that is a terminal.
 */
#ifndef PFETCH_LAB_PROGRESS_H
#define PFETCH_LAB_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

void progress_begin(void);

/* Run RUN (from 0) of RUNS in BLOCK; 0 is the warm-up; at least BLOCKS of
 * them are to come. */
void progress_show(size_t block, uint64_t blocks, size_t run, size_t runs);

/* Takes the line away, for other text or for good. */
void progress_clear(void);

#endif
