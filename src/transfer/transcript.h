/*
 * What was said before a body: the header of the request as it was sent, and
 * that of the response as it was received, for archives.
 *
 * The values of request fields that may be secret are left out, and so is the
 * content of requests.  For one thread at a time.
 */
#ifndef PFETCH_TRANSFER_TRANSCRIPT_H
#define PFETCH_TRANSFER_TRANSCRIPT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

/* A text that grows. */
struct transcript_part {
	char *bytes;
	size_t length, room;
};

/* Zero-initialized, it is empty. */
struct transcript {
	struct transcript_part request, response;
	bool answered;           /* RESPONSE is of REQUEST */
};

void transcript_release(struct transcript *transcript);

/* Forgets what was said. */
void transcript_begin(struct transcript *transcript);

/* Has EASY tell TRANSCRIPT of the requests that it sends. */
void transcript_watch(CURL *easy, struct transcript *transcript);

/* Takes a line of a response's header, with its end.  A status line begins
 * another response. */
void transcript_line(struct transcript *transcript, const char *line,
		     size_t length);

#endif
