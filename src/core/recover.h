/*
 * What earlier runs have left: the journal, and files that can be continued.
 * For the core's thread only.
 */
#ifndef PFETCH_CORE_RECOVER_H
#define PFETCH_CORE_RECOVER_H

struct run;

/* Opens the journal and the list of partial files of RUN, as its settings say.
 * Files whose renaming was interrupted get their names, and what is of no use
 * is removed.  The program ends here, with a message, if that can't be done. */
void recover(struct run *run);

#endif
