/* What the records of a web archive say of one exchange, for warc.c. */
#ifndef PFETCH_OUTPUT_WARC_CAPTURE_H
#define PFETCH_OUTPUT_WARC_CAPTURE_H

#include <stdbool.h>

#include "base/result.h"
#include "output/listener.h"

enum { WARC_DATE_ROOM = 24, WARC_STAMP_ROOM = 16 };

/* Zero-initialized, it is empty. */
struct warc_capture {
	char *url;               /* as requested, without a login; no blanks */
	char *mime;              /* media type, or "-" */
	char remote_ip[FACTS_ADDRESS_ROOM];
	char date[WARC_DATE_ROOM];   /* RFC 3339 */
	char stamp[WARC_STAMP_ROOM]; /* the same in 14 digits */
	bool http2, chunked;
	int status;
};

/* Fills in CAPTURE from ITEM, which has a result. */
void warc_capture_note(struct warc_capture *capture,
		       const struct listener_item *item);
void warc_capture_release(struct warc_capture *capture);

/* Writes the time WALL_US, in microseconds since the epoch, in both forms. */
void warc_write_dates(uint64_t wall_us, char date[WARC_DATE_ROOM],
		      char stamp[WARC_STAMP_ROOM]);

#endif
