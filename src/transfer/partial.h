/*
 * What is left of a body when its transfer fails.
 *
 * A later try of the same run goes on from it if the server identified the body
 * by a strong validator.  With --continue, a later run does too: each run has a
 * list of its partial files in the output directory, to which a line is added
 * when such a file is created, so that even a run that was killed leaves one:
 *
 *     NUMBER <TAB> VALIDATOR <TAB> URL [<TAB> BYTES] <NEWLINE>
 *
 * BYTES says how much of the file's beginning is sure; without it, that is all
 * of the file.
 *
 * It is readable only by its owner, as a URL may contain a password.
 */
#ifndef PFETCH_TRANSFER_PARTIAL_H
#define PFETCH_TRANSFER_PARTIAL_H

#include "base/request.h"
#include "base/result.h"
#include "transfer/head.h"
#include "transfer/sink.h"

/* The name of a run's list is the prefix, its identifier and the suffix; the
 * names of its temporary files begin in the same way (sink_temp_name()). */
#define PARTIAL_PREFIX ".pfetch-"
#define PARTIAL_SUFFIX ".partial"

/* Writes the name of PLACE's list to NAME. */
void partial_list_name(const struct sink_place *place,
		       char name[SINK_NAME_ROOM]);

/* The transfer of REQUEST failed with RESULT: keeps in SINK's file what another
 * try can go on from, setting RESULT's `kept` and `validator`, or drops it. */
void partial_settle(struct sink *sink, const struct head *head,
		    const struct request *request, struct result *result);

/* Notes in the run's list that SINK's file has a part of the body that HEAD
 * describes, unless nothing identifies that, or more than the URL does.  If it
 * can't be noted, the file is merely not continued.  Thread-safe. */
void partial_note(const struct sink *sink, const struct request *request,
		  const struct head *head);

#endif
