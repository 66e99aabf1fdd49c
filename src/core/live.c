/* Bodies that are passed on as they arrive; see live.h. */
#include "config.h"

#include "core/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "core/run-internal.h"
#include "output/joined.h"
#include "transfer/sink.h"

enum {
	TICK_MS = 20,
	PART = 64 * 1024,
	HOLE = 16 << 20,         /* passed bytes that are freed together */
};

struct live {
	struct run *run;
	struct event *tick;
	int fd;
	struct task *task;       /* whose job is in flight, or was last */
	uint64_t number;         /* of that; 0: none */
	bool flying;
	uint64_t lent;           /* number of the task that has the file; 0:
				  * none */
	uint64_t seen;           /* bytes of this try that were looked at */
	uint64_t freed;          /* of those, how many the file lacks now */
	uint64_t partial;        /* number of the task of whose body only a
				  * part was passed on; 0: there is none */
	uint64_t passed;         /* how many bytes of it */
	bool differs;            /* this try's bytes are other ones */
	struct digest *sum, *check; /* of what was passed; of this try's */
	uint8_t value[DIGEST_MAX_BYTES]; /* of what was passed, if SEALED */
	bool sealed;
	char part[PART];
};

static void on_tick(evutil_socket_t fd, short what, void *context)
{
	(void)fd, (void)what;
	live_advance(context);
}

struct live *live_new(struct run *run)
{
	struct live *live = memory_zeroed(sizeof(*live));
	struct timeval time = clock_timeval_ms(TICK_MS);

	live->run = run;
	live->fd = sink_open_spool();
	if (live->fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot create a temporary file: %s",
		      strerror(errno));
	run->common.place.live_fd = live->fd;
	live->sum = digest_new(DIGEST_SHA256);
	live->check = digest_new(DIGEST_SHA256);
	live->tick = event_new(run->base, -1, EV_PERSIST, on_tick, live);
	if (live->tick == NULL || event_add(live->tick, &time) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return live;
}

void live_free(struct live *live)
{
	event_free(live->tick);
	digest_free(live->sum);
	digest_free(live->check);
	close(live->fd);
	free(live);
}

void live_begin(struct live *live, struct task *task)
{
	if (live->number == live->partial && live->partial != 0 &&
	    !live->sealed) {
		digest_end(live->sum, live->value);
		live->sealed = true;
	}
	live->task = task;
	live->number = task->number;
	live->flying = true;
	live->seen = live->freed = 0;
	live->differs = false;
	digest_begin(live->sum);
	digest_begin(live->check);
	/* What is there now is of another try. */
	if (ftruncate(live->fd, 0) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot empty a temporary file: %s",
		      strerror(errno));
}

/* How many bytes of the present body were passed on. */
static uint64_t passed(const struct live *live)
{
	return live->number == live->partial ? live->passed : 0;
}

/* How many bytes of this try have arrived. */
static uint64_t arrived(const struct live *live)
{
	struct stat status;

	return fstat(live->fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

/* Has the file give back the room of what was passed on. */
static void make_hole(struct live *live)
{
#ifdef FALLOC_FL_PUNCH_HOLE
	if (live->seen < live->freed + HOLE)
		return;
	fallocate(live->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		  (off_t)live->freed, (off_t)(live->seen - live->freed));
	live->freed = live->seen;
#else
	(void)live;
#endif
}

/* Holds LENGTH bytes of this try against what was passed on. */
static void compare(struct live *live, size_t length)
{
	uint8_t value[DIGEST_MAX_BYTES];

	digest_add(live->check, live->part, length);
	live->seen += length;
	if (live->seen < passed(live))
		return;
	digest_end(live->check, value);
	live->differs = memcmp(value, live->value,
			       digest_length(DIGEST_SHA256)) != 0;
	/* What was passed on stays what others are held against. */
	live->sealed = live->differs;
}

/* Looks at the next bytes of this try.  Returns false if there are none, or no
 * room for them. */
static bool look(struct live *live, uint64_t end)
{
	uint64_t before = passed(live);
	uint64_t left = (live->seen < before && before < end ? before : end) -
			live->seen;
	size_t wanted = left < PART ? (size_t)left : PART;
	ssize_t got;

	if (wanted == 0 || live->differs ||
	    (live->seen >= before && order_full(live->run->order)))
		return false;
	do
		got = pread(live->fd, live->part, wanted, (off_t)live->seen);
	while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	digest_add(live->sum, live->part, (size_t)got);
	if (live->seen < before) {
		compare(live, (size_t)got);
		return true;
	}
	joined_stream(&live->run->bodies, live->part, (size_t)got);
	live->seen += (size_t)got;
	live->passed = live->seen;
	live->partial = live->number;
	make_hole(live);
	return true;
}

void live_advance(struct live *live)
{
	uint64_t end;

	if (!live->flying || live->run->stopped ||
	    !order_is_next(live->run->order, live->task))
		return;
	end = arrived(live);
	while (look(live, end))
		continue;
}

/* Hands over the rest of the body, LENGTH bytes, in the file as it is: no other
 * job may begin until they are written.  Returns 0 or an error number. */
static int lend_file(struct live *live, struct body *body, uint64_t length)
{
	int fd = fcntl(live->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	body->kind = BODY_FD;
	body->fd = fd;
	body->skip = (size_t)passed(live);
	body->length = (size_t)length;
	live->lent = live->number;
	return 0;
}

/* The same, in a file of its own: another entry's turn comes first. */
static int copy_rest(struct live *live, struct body *body, uint64_t length)
{
	int fd = sink_open_spool(), error = fd < 0 ? errno : 0;
	uint64_t at = passed(live);
	const uint64_t end = at + length;

	while (error == 0 && at < end) {
		ssize_t got = pread(live->fd, live->part, PART, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		error = got > 0 ? files_write_all(fd, live->part, (size_t)got)
				: got < 0 ? errno : EIO;
		at += got > 0 ? (uint64_t)got : 0;
	}
	if (error != 0) {
		if (fd >= 0)
			close(fd);
		return error;
	}
	body->kind = BODY_FD;
	body->fd = fd;
	body->length = (size_t)length;
	return 0;
}

/* The same, for a rest that is small. */
static int keep_rest(struct live *live, struct body *body, uint64_t length)
{
	ssize_t got;

	body->memory = memory_alloc((size_t)length + 1);
	got = pread(live->fd, body->memory, (size_t)length,
		    (off_t)passed(live));
	if (got < 0 || (uint64_t)got != length) {
		free(body->memory);
		body->memory = NULL;
		return got < 0 ? errno : EIO;
	}
	body->kind = BODY_MEMORY;
	body->length = (size_t)length;
	return 0;
}

void live_end(struct live *live, struct task *task)
{
	struct job *job = task->job;
	uint64_t length = job->body.length;
	int error;

	if (!live->flying || live->task != task)
		return;
	if (job->body.kind == BODY_LIVE)
		live_advance(live);
	live->flying = false;
	if (job->body.kind != BODY_LIVE)
		return;
	job->body = (struct body){ .kind = BODY_NONE, .fd = -1 };
	/* With a reader that is slow, a part may not have been compared. */
	while (live->seen < passed(live) && look(live, length))
		continue;
	if (live->differs || length < passed(live)) {
		result_fail(&job->result, CAUSE_MISMATCH, "the body is not the "
			    "one of which a part was passed on");
		return;
	}
	length -= passed(live);
	error = (length <= SINK_MEMORY_MAX ? keep_rest
		 : order_is_next(live->run->order, task) ? lend_file
							 : copy_rest)(
		live, &job->body, length);
	if (error != 0)
		result_fail(&job->result, CAUSE_FILE, "%s", strerror(error));
	else if (live->number == live->partial)
		live->partial = 0;
}

void live_return(struct live *live, const struct task *task)
{
	if (live != NULL && live->lent == task->number)
		live->lent = 0;
}

bool live_is_busy(const struct live *live)
{
	return live != NULL && live->lent != 0;
}

bool live_has_passed(const struct live *live, const struct task *task)
{
	return live != NULL && live->partial == task->number;
}
