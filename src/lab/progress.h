/*
 * An experiment's progress: one line on stderr, if that is a terminal.
 */
#ifndef PFETCH_LAB_PROGRESS_H
#define PFETCH_LAB_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

void progress_begin(void);

/* Shows that run RUN (from 0) of RUNS in BLOCK begins.  Block 0 is the warm-up,
 * and at least BLOCKS blocks follow it. */
void progress_show(size_t block, uint64_t blocks, size_t run, size_t runs);

/* Removes the line, to make room for other text or at the end. */
void progress_clear(void);

#endif
