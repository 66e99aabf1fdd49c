/*
 * How a complete body gets its name in the output directory.
 *
 * A name may have directories below that one; they are made as needed.  No
 * symbolic link is followed on the way, so nothing is written anywhere else.
 * The core's thread only.
 */
#ifndef PFETCH_TRANSFER_PUBLISH_H
#define PFETCH_TRANSFER_PUBLISH_H

#include <stdbool.h>

#include "transfer/sink.h"

/* Finds out how unnamed files can be linked in PLACE's directory and sets
 * `naming` accordingly: open(2), O_TMPFILE; linkat(2), AT_EMPTY_PATH.  Call it
 * before any sink is used. */
void publish_find_naming(struct sink_place *place);

enum { PUBLISH_BACKUPS_MAX = 1000 };

/* Gives the file of BODY, which sink_finish() handed over for job NUMBER, the
 * name NAME.  Replaces no file unless REPLACE; then up to BACKUPS earlier ones
 * stay as NAME.~1~ (the latest), NAME.~2~ and so on.  Returns 0 or an error
 * number. */
int publish_file(const struct sink_place *place, uint64_t number,
		 const struct body *body, const char *name, bool replace,
		 uint64_t backups);

/* Sets the time at which that file was last modified, in seconds since the
 * epoch, before it gets its name.  A file system that can't do that is no
 * failure. */
void publish_set_time(const struct sink_place *place, uint64_t number,
		      const struct body *body, int64_t seconds);

/* Gives the unnamed file of BODY the temporary name of job NUMBER; BODY is then
 * of the kind BODY_TEMP.  Returns 0 or an error number. */
int publish_temporarily(const struct sink_place *place, uint64_t number,
			struct body *body);

/* Gives the file called TEMP in PLACE the name NAME, which may be that of
 * another file if REPLACE, of which BACKUPS are kept as by
 * publish_file().  Returns 0 or an error number. */
int publish_rename(const struct sink_place *place, const char *temp,
		   const char *name, bool replace, uint64_t backups);

/* Removes the file called NAME.  Returns 0 or an error number. */
int publish_undo(const struct sink_place *place, const char *name);

#endif
