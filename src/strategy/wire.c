/* The wire between the core and a worker process; see wire.h. */
#include "config.h"

#include "strategy/wire.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/files.h"
#include "base/limits.h"
#include "base/memory.h"
#include "strategy/serial.h"
#include "transfer/head.h"
#include "transfer/sink.h"

struct result_message {
	uint64_t number;
	struct result result;
	unsigned fetches;
	enum body_kind body_kind; /* its descriptor, if any, is attached */
	size_t body_length, request_length, head_length;
	size_t location_length;   /* the location follows ... */
	bool has_location;        /* ... if there is one ... */
	size_t cookies_length;    /* ... and then the cookies, if any */
};

int wire_pair(int ends[2])
{
	int size = 2 * WIRE_MESSAGE_MAX;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &size,
			   sizeof(size));
	return 0;
}

/* Reads LENGTH bytes of the file FD.  Returns NULL if they are not all there;
 * otherwise the caller frees them. */
static char *read_shared(int fd, size_t length)
{
	char *memory = memory_alloc(length);
	size_t done = 0;

	while (done < length) {
		ssize_t got = pread(fd, memory + done, length - done,
				    (off_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			free(memory);
			return NULL;
		}
		done += (size_t)got;
	}
	return memory;
}

_Static_assert(sizeof(struct result_message) + HEAD_LOCATION_MAX +
	       HEAD_COOKIES_MAX <= WIRE_MESSAGE_MAX,
	       "WIRE_MESSAGE_MAX is too small");

union descriptor_room {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static void attach_fd(struct msghdr *message, union descriptor_room *room,
		      int fd)
{
	struct cmsghdr *part;

	memset(room, 0, sizeof(*room));
	message->msg_control = room;
	message->msg_controllen = sizeof(*room);
	part = CMSG_FIRSTHDR(message);
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(part), &fd, sizeof(int));
}

static int detach_fd(struct msghdr *message)
{
	struct cmsghdr *part = CMSG_FIRSTHDR(message);
	int fd;

	if (part == NULL || part->cmsg_type != SCM_RIGHTS ||
	    part->cmsg_len != CMSG_LEN(sizeof(int)))
		return -1;
	memcpy(&fd, CMSG_DATA(part), sizeof(int));
	return fd;
}

/* ---- jobs ---- */

/* Sends what is too long for a message: its length, and a file that holds
 * it. */
static int send_long(int fd, const struct serial *serial)
{
	union descriptor_room room;
	uint64_t length = serial->length;
	struct iovec part = { &length, sizeof(length) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int shared = files_share(serial->bytes, serial->length);
	ssize_t sent;

	if (shared < 0)
		return -1;
	attach_fd(&message, &room, shared);
	sent = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(shared);
	return sent < 0 ? -1 : 0;
}

int wire_send_job(int fd, const struct job *job)
{
	/* Used by the core's thread alone. */
	static struct serial serial;

	serial.length = 0;
	serial_put_number(&serial, job->number);
	serial_put_number(&serial, job->place);
	serial_put_request(&serial, job->request);
	if (serial.length > WIRE_MESSAGE_MAX)
		return send_long(fd, &serial);
	return send(fd, serial.bytes, serial.length,
		    MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -1 : 0;
}

/* Parses a job from LENGTH bytes.  Returns 1, or 0 if they are not a job. */
static int read_job(char *bytes, size_t length, struct job *job)
{
	struct serial serial = { .bytes = bytes, .length = length };

	job->number = serial_take_number(&serial);
	job->place = (size_t)serial_take_number(&serial);
	job->request = serial_take_request(&serial);
	return job->request != NULL;
}

static int read_long_job(const char *bytes, int fd, struct job *job)
{
	uint64_t length;
	char *memory;
	int got = 0;

	memcpy(&length, bytes, sizeof(length));
	memory = read_shared(fd, (size_t)length);
	if (memory != NULL)
		got = read_job(memory, (size_t)length, job);
	free(memory);
	close(fd);
	return got;
}

int wire_receive_job(int fd, struct job *job, char buffer[WIRE_MESSAGE_MAX])
{
	union descriptor_room room;
	struct iovec part = { buffer, WIRE_MESSAGE_MAX };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room),
	};
	ssize_t length;
	int passed;

	do
		length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length <= 0)
		return (int)length;
	passed = detach_fd(&message);
	return passed >= 0 && length == sizeof(uint64_t)
		       ? read_long_job(buffer, passed, job)
		       : read_job(buffer, (size_t)length, job);
}

/* ---- results ---- */

/* Turns a body in memory into a file, whose descriptor can be sent. */
static int body_to_fd(struct body *body)
{
	int fd = files_share(body->memory, body->length);

	if (fd < 0)
		return -1;
	free(body->memory);
	body->memory = NULL;
	body->kind = BODY_FD;
	body->fd = fd;
	return 0;
}

static bool has_descriptor(enum body_kind kind)
{
	return kind == BODY_FD || kind == BODY_UNNAMED;
}

int wire_send_result(int fd, struct job *job)
{
	struct result_message head;
	union descriptor_room room;
	struct iovec parts[] = {
		{ &head, sizeof(head) },
		{ job->location, 0 },
		{ job->cookies, 0 },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 3 };

	if (job->body.kind == BODY_MEMORY && body_to_fd(&job->body) != 0) {
		bool starved = limits_is_shortage(errno);

		result_fail(&job->result, CAUSE_RESOURCE,
			    "cannot pass the body on: %s", strerror(errno));
		job->result.starved = starved;
	}
	memset(&head, 0, sizeof(head));
	head.number = job->number;
	head.result = job->result;
	head.fetches = job->fetches;
	head.body_kind = job->body.kind == BODY_MEMORY ? BODY_NONE
						       : job->body.kind;
	head.body_length = job->body.length;
	head.request_length = job->body.request_length;
	head.head_length = job->body.head_length;
	head.has_location = job->location != NULL;
	if (head.has_location)
		head.location_length = strlen(job->location);
	parts[1].iov_len = head.location_length;
	if (job->cookies != NULL)
		head.cookies_length = strlen(job->cookies);
	parts[2].iov_len = head.cookies_length;
	if (has_descriptor(job->body.kind))
		attach_fd(&message, &room, job->body.fd);
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* The core had no descriptor left for receiving the body. */
static void lose_body(struct job *job)
{
	job->body = (struct body){ .kind = BODY_NONE, .fd = -1 };
	result_fail(&job->result, CAUSE_RESOURCE, "%s", strerror(EMFILE));
	job->result.starved = true;
}

/* Reads a small body into memory, to free its descriptor. */
static void fd_to_body(struct body *body)
{
	char *memory = read_shared(body->fd, body->length);

	if (memory == NULL)
		return;
	close(body->fd);
	body->fd = -1;
	body->kind = BODY_MEMORY;
	body->memory = memory;
}

/* Fills JOB from a message of LENGTH bytes.  Returns false if a correct worker
 * would not have sent it. */
static bool accept_result(struct job *job, const char *bytes, size_t length,
			  int passed_fd, bool lost_fd)
{
	struct result_message head;

	if (length < sizeof(head))
		return false;
	memcpy(&head, bytes, sizeof(head));
	if (head.number != job->number ||
	    head.location_length > length - sizeof(head) ||
	    head.cookies_length != length - sizeof(head) -
				   head.location_length ||
	    head.request_length > head.body_length ||
	    head.head_length > head.body_length - head.request_length ||
	    has_descriptor(head.body_kind) != (passed_fd >= 0 || lost_fd))
		return false;
	job->result = head.result;
	job->fetches += head.fetches;
	job->result.detail[RESULT_DETAIL_ROOM - 1] = '\0';
	job->body.kind = head.body_kind;
	job->body.length = head.body_length;
	job->body.request_length = head.request_length;
	job->body.head_length = head.head_length;
	job->body.fd = passed_fd;
	if (lost_fd)
		lose_body(job);
	else if (head.body_kind == BODY_FD &&
		 job->body.length <= SINK_MEMORY_MAX)
		fd_to_body(&job->body);
	if (head.has_location)
		job->location = memory_copy(bytes + sizeof(head),
					    head.location_length);
	if (head.cookies_length > 0)
		job->cookies = memory_copy(bytes + sizeof(head) +
						   head.location_length,
					   head.cookies_length);
	return true;
}

int wire_receive_result(int fd, struct job *job)
{
	/* Used by the core's thread alone. */
	static char buffer[WIRE_MESSAGE_MAX];
	union descriptor_room room;
	struct iovec part = { buffer, sizeof(buffer) };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &room,
		.msg_controllen = sizeof(room),
	};
	ssize_t length = recvmsg(fd, &message,
				 MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	int passed_fd;

	if (length <= 0)
		return (int)length;
	passed_fd = detach_fd(&message);
	if (accept_result(job, buffer, (size_t)length, passed_fd,
			  passed_fd < 0 && message.msg_flags & MSG_CTRUNC))
		return 1;
	if (passed_fd >= 0)
		close(passed_fd);
	return 0;
}
