/*
 * The names that are taken, in the output directory and in this run.
 *
 * Entries get their names in list order, whatever becomes of them, so a name
 * depends only on the list and the directory.  A name is taken if it is in the
 * directory, in flight, or was given to an entry of this run that failed.  Only
 * the failed names would grow with the list, so they are kept as 64-bit hashes,
 * at most NAMES_FAILED_MAX of them; beyond that, the name of a failed entry may
 * be given again.  Names in flight are kept as hashes too.  For the core's
 * thread only.
 *
 * Looking up each name in the directory would be slow, above all while workers
 * create files in it.  So a Bloom filter of fixed size records the names that
 * were there at the start and those given since, and only a name that it may
 * contain is looked up.
 */
#ifndef PFETCH_CORE_NAMES_H
#define PFETCH_CORE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash-set.h"

enum {
	NAMES_FAILED_MAX = 128 * 1024, /* 2 MiB */
	NAMES_HINTS_MAX = 1024,
	NAMES_ROOM = 1100,             /* of a name with directories */
	NAMES_READ_MAX = 100 * 1000,   /* read from the directory at first */
	NAMES_PUBLISH_MAX = 1000,      /* names that one entry may try */
};

struct names;

/* The caller keeps ownership of DIRECTORY_FD; -1 stands for an archive, which
 * is empty at first.  What was given for that is remembered here, up to
 * NAMES_FAILED_MAX names; further ones get a number each.  With REPLACE, files
 * that were there before do not count as taken: they are to be replaced.  With
 * TELLS_AGE or REPLACE, names_was_there() may be asked; this then waits for
 * the next tick of the system's timer, some milliseconds. */
struct names *names_new(int directory_fd, bool replace, bool tells_age);
void names_free(struct names *names);

/* Whether there is a file with the name that names_take() would give for WANTED
 * in an empty directory, and it was not written in this run.  Sets *MODIFIED_S
 * to when it was last modified, in seconds since the epoch. */
bool names_was_there(const struct names *names, const char *wanted,
		     int64_t *modified_s);

/* The name for an entry whose URL asks for WANTED: WANTED itself, or with ".1",
 * ".2" and so on; likewise each of its directories whose name is that of a
 * file.  The caller owns the copy until names_give_back(). */
char *names_take(struct names *names, const char *wanted);

/* Nobody may have one of the names in SET from now on, which is empty
 * afterwards. */
void names_protect(struct names *names, struct hash_set *set);

/* NAME, which was protected, may be given again. */
void names_unprotect(struct names *names, const char *name);

/* The entry called NAME is done: its file exists, or it FAILED.  Frees NAME. */
void names_give_back(struct names *names, char *name, bool failed);

/* Calls PUT to give a file the name *NAME without replacing another.  PUT
 * returns 0 or an error number; if that is EEXIST, because another program has
 * taken the name meanwhile, *NAME is replaced by one with a number added ("a.1"
 * may become "a.1.1", then "a.1.2") and PUT is called again, up to
 * NAMES_PUBLISH_MAX times.  Returns what PUT returned last. */
int names_publish(struct names *names,
		  int (*put)(void *context, const char *name), void *context,
		  char **name);

#endif
