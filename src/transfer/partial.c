/* What is left of a body; see partial.h. */
#include "config.h"

#include "transfer/partial.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "transfer/verdict.h"

/* Whether a body that was cut off for CAUSE is good as far as it goes. */
static bool is_good_so_far(enum cause cause)
{
	switch (cause) {
	case CAUSE_RESET: case CAUSE_TIMEOUT: case CAUSE_TRUNCATED:
	case CAUSE_ABORTED:
		return true;
	default:
		return false;
	}
}

/* Whether the response is the rest that REQUEST asked for, of the same body. */
static bool is_the_rest(const struct head *head, const struct request *request)
{
	return head->status == 206 && head->range.first >= 0 &&
	       (uint64_t)head->range.first == request->from &&
	       head_fits(head, request->validator);
}

/* Whether the response begins with the body's first byte. */
static bool is_from_start(const struct head *head,
			  const struct request *request)
{
	return head->status == 200 ||
	       (request->to > 0 && is_the_rest(head, request));
}

/* What identifies the body that is in the file; NULL: it can't be used. */
static const char *validator_of(const struct sink *sink,
				const struct head *head,
				const struct request *request,
				enum cause cause)
{
	bool wrote = head->complete && head_wants_body(head);

	/* The user may raise --max-size again. */
	if (cause == CAUSE_LIMIT && sink->from > 0)
		return is_the_rest(head, request) ? request->validator : NULL;
	/* A server that denies the range, or does not answer sensibly when
	 * asked for one, may do better when asked for the whole. */
	if (!wrote)
		return cause == CAUSE_PROTOCOL ||
		       (head->complete && head->status == 416)
			       ? NULL : request->validator;
	if (!is_good_so_far(cause) || head->fault != NULL)
		return NULL;
	if (sink->from > 0)
		return is_the_rest(head, request) ? request->validator : NULL;
	return is_from_start(head, request) ? head_validator(head) : NULL;
}

void partial_settle(struct sink *sink, const struct head *head,
		    const struct request *request, struct result *result)
{
	const char *validator = NULL;

	if (sink->kind == SINK_FILE && result->outcome == OUTCOME_FAILED &&
	    result->cause != CAUSE_FILE)
		validator = validator_of(sink, head, request, result->cause);
	if (validator == NULL || strlen(validator) >= RESULT_VALIDATOR_ROOM) {
		sink_drop(sink);
		return;
	}
	result->kept = sink_keep(sink);
	snprintf(result->validator, sizeof(result->validator), "%s",
		 validator);
}

void partial_list_name(const struct sink_place *place,
		       char name[SINK_NAME_ROOM])
{
	snprintf(name, SINK_NAME_ROOM, PARTIAL_PREFIX "%s" PARTIAL_SUFFIX,
		 place->run_id);
}

void partial_note(const struct sink *sink, const struct request *request,
		  const struct head *head)
{
	const struct sink_place *place = sink->place;
	const char *validator = sink->from > 0 ? request->validator
					       : head_validator(head);
	char name[SINK_NAME_ROOM], *line;
	int fd;

	if (validator == NULL || !request_is_bare(request) ||
	    (sink->from == 0 && !is_from_start(head, request)))
		return;
	partial_list_name(place, name);
	fd = openat(place->directory_fd, name,
		    O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	/* One write, so that the lines of several workers do not mix. */
	line = memory_format("%" PRIu64 "\t%s\t%s\n", sink->number,
			     validator, request->url);
	files_write_all(fd, line, strlen(line));
	free(line);
	close(fd);
}
