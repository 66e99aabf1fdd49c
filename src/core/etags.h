/*
 * The entity tags of files that were fetched, for --etags: a file of lines
 *
 *     URL <TAB> ETAG <TAB> NAME <NEWLINE>
 *
 * It is read at the start and written anew at the end of a run, so in between
 * all of it is in memory: about 200 bytes, the URL and the name for each.  For
 * the core's thread only.
 */
#ifndef PFETCH_CORE_ETAGS_H
#define PFETCH_CORE_ETAGS_H

struct etags;

/* Reads FILE, which need not exist; the caller keeps ownership of the name.
 * Returns NULL, with errno, if it can't be read or replaced; EBADMSG: it isn't
 * such a file. */
struct etags *etags_new(const char *file);

/* The tag of URL if its file is called NAME, valid until the next call; or
 * NULL. */
const char *etags_find(const struct etags *etags, const char *url,
		       const char *name);

/* The file NAME of URL now has TAG; "": none. */
void etags_put(struct etags *etags, const char *url, const char *tag,
	       const char *name);

/* Replaces the file by what is known now, at once or not at all.  Returns 0 or
 * an error number. */
int etags_save(const struct etags *etags);
void etags_free(struct etags *etags);

#endif
