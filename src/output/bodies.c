/* Reads bodies in parts; see bodies.h. */
#include "config.h"

#include "output/bodies.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

ssize_t body_reader_next(struct body_reader *reader, const char **bytes)
{
	const struct body *body = reader->body;
	size_t left = body->length - reader->at;
	size_t wanted = left < BODY_PART ? left : BODY_PART;
	ssize_t got = (ssize_t)wanted;

	if (wanted == 0)
		return 0;
	if (body->kind == BODY_MEMORY) {
		*bytes = body->memory + reader->at;
	} else {
		if (reader->part == NULL)
			reader->part = memory_alloc(BODY_PART);
		*bytes = reader->part;
		do
			got = pread(body->fd, reader->part, wanted,
				    (off_t)(body->skip + reader->at));
		while (got < 0 && errno == EINTR);
	}
	if (got == 0) /* it is shorter than it was */
		errno = EIO;
	if (got <= 0)
		return -1;
	reader->at += (size_t)got;
	return got;
}

void body_reader_release(struct body_reader *reader)
{
	free(reader->part);
	reader->part = NULL;
}
