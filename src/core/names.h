/*
 * The names that are taken, in the output directory and in this run.
 *
 * Entries get their names in the order of the list, whatever becomes of them,
 * so a name depends on the list and on the directory alone.  A name is taken
 * when it is in the directory, in flight, or was given to an entry of this
 * run that failed.  Only the last would grow with the list: it is kept as
 * 64-bit hashes and stops at NAMES_FAILED_MAX; after that, a name that only
 * failed entries had may be given again.  The core's thread only.
 *
 * To ask the directory about each name would be slow, above all while others
 * create files in it.  A Bloom filter of fixed size knows what was there at
 * the beginning and what was given since; only what it may know is looked up.
 */
#ifndef PFETCH_CORE_NAMES_H
#define PFETCH_CORE_NAMES_H

#include <stdbool.h>

enum {
	NAMES_FAILED_MAX = 128 * 1024, /* 2 MiB */
	NAMES_HINTS_MAX = 1024,
	NAMES_READ_MAX = 100 * 1000,   /* of the directory, at the beginning */
};

struct names;

/* DIRECTORY_FD stays the caller's. */
struct names *names_new(int directory_fd);
void names_free(struct names *names);

/* The name for an entry whose URL asks for WANTED: itself, or with ".1",
 * ".2" and so on.  The caller owns the copy and gives it back. */
char *names_take(struct names *names, const char *wanted);

/* The entry with NAME is done: its file is there, or it failed.  Frees NAME. */
void names_give_back(struct names *names, char *name, bool failed);

/* Has PUT give a file its name *NAME, which must replace nothing: PUT returns
 * 0 or an error number, EEXIST when another program has taken that name
 * meanwhile.  Then a number is added ("a.1" may become "a.1.1"), *NAME replaced
 * and PUT called again.  Returns what PUT did. */
int names_publish(struct names *names,
		  int (*put)(void *context, const char *name), void *context,
		  char **name);

#endif
