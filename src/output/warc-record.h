/*
 * Writes the records of a web archive (WARC/1.1, section 4): each is a gzip
 * member (annex D) of named fields and a block.  For one thread at a time.
 */
#ifndef PFETCH_OUTPUT_WARC_RECORD_H
#define PFETCH_OUTPUT_WARC_RECORD_H

#include <event2/buffer.h>
#include <stddef.h>
#include <stdint.h>

struct warc_writer;

/* A writer that writes to the file FD, of which the caller keeps ownership. */
struct warc_writer *warc_writer_new(void);
void warc_writer_free(struct warc_writer *writer);
void warc_writer_begin_file(struct warc_writer *writer, int fd);

/* How many bytes of the file have been written. */
uint64_t warc_writer_offset(const struct warc_writer *writer);

/* Each returns 0 or an error number. */

/* Begins a record with FIELDS, lines with their ends but without the first
 * line of the record and Content-Length, which is LENGTH.  FIELDS is
 * drained. */
int warc_record_begin(struct warc_writer *writer, struct evbuffer *fields,
		      uint64_t length);
/* Adds bytes of the block. */
int warc_record_add(struct warc_writer *writer, const void *bytes,
		    size_t length);
int warc_record_end(struct warc_writer *writer);

/* Writes a new WARC-Record-ID, without brackets. */
enum { WARC_ID_ROOM = 48 };
void warc_new_id(char id[WARC_ID_ROOM]);

/* Writes the base32 (RFC 4648, 6) of LENGTH bytes, a multiple of 5. */
enum { WARC_DIGEST_ROOM = 33 };
void warc_base32(const uint8_t *bytes, size_t length,
		 char text[WARC_DIGEST_ROOM]);

#endif
