/* Tests of the journal: its records, its index, and what damage does to it; and
 * of what is pure in records, lines and archives. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/memory.h"
#include "base/siphash.h"
#include "core/journal-index.h"
#include "core/journal-load.h"
#include "core/journal-record.h"
#include "core/journal.h"
#include "core/list-count.h"
#include "output/progress.h"
#include "output/tar.h"
#include "output/warc-record.h"
#include "output/warc.h"
#include "output/write-out.h"
#include "unit.h"

enum { ENTRIES = 12 };

static char directory[] = "journal-XXXXXX";
static struct sink_place place;

static char *path_of(const char *name)
{
	return memory_format("%s/%s", directory, name);
}

static void begin(void)
{
	memcpy(directory, "journal-XXXXXX", sizeof(directory));
	ck_assert_ptr_nonnull(mkdtemp(directory));
	memset(&place, 0, sizeof(place));
	place.directory_fd = open(directory, O_RDONLY | O_DIRECTORY);
	place.live_fd = -1;
	snprintf(place.run_id, sizeof(place.run_id), "0123456789abcdef");
}

static void end(void)
{
	char *journal = path_of("j");

	for (int i = 0; i < ENTRIES; i++) {
		char *name = memory_format("%s/f%d", directory, i);

		unlink(name);
		free(name);
	}
	unlink(journal);
	free(journal);
	close(place.directory_fd);
	ck_assert_int_eq(rmdir(directory), 0);
}

static struct journal *open_it(bool resume, char **fault)
{
	struct journal_options options = { .resume = resume };
	char *path = path_of("j");
	struct journal *journal = journal_open(path, &options, &place, fault);

	free(path);
	return journal;
}

/* Writes a journal of ENTRIES entries, each with its file, in two runs. */
static void write_journal(void)
{
	for (int run = 0; run < 2; run++) {
		char *fault;
		struct journal *journal = open_it(run > 0, &fault);

		ck_assert_ptr_nonnull(journal);
		for (int i = run * ENTRIES / 2; i < (run + 1) * ENTRIES / 2;
		     i++) {
			struct journal_entry entry;
			char *url = memory_format("http://h/%d", i);
			char *name = memory_format("f%d", i);
			char *path = path_of(name);
			int fd = open(path, O_WRONLY | O_CREAT, 0600);

			ck_assert_int_eq(ftruncate(fd, i), 0);
			close(fd);
			journal_find(journal, url, NULL, &entry);
			ck_assert_int_eq(entry.state, JOURNAL_NEW);
			if (i % 3 == 0)
				journal_add_group(journal);
			journal_add_complete(journal, entry.id, (uint64_t)i,
					     i % 2 ? ".pfetch-x-1.part" : NULL,
					     name);
			ck_assert_int_eq(journal_write(journal), 0);
			free(url);
			free(name);
			free(path);
		}
		journal_close(journal);
	}
}

/* How many of the entries JOURNAL knows as done.  They must be the first ones,
 * in order. */
static int count_done(struct journal *journal)
{
	int done = 0;

	for (int i = 0; i < ENTRIES; i++) {
		char *url = memory_format("http://h/%d", i);
		char *name = memory_format("f%d", i);
		struct journal_entry entry;

		journal_find(journal, url, NULL, &entry);
		if (entry.state == JOURNAL_DONE) {
			ck_assert_int_eq(done, i);
			ck_assert_str_eq(entry.name, name);
			done++;
		}
		free(entry.name);
		free(url);
		free(name);
	}
	return done;
}

static char *read_journal(size_t *length)
{
	char *path = path_of("j"), *bytes;
	int fd = open(path, O_RDONLY);
	struct stat status;

	ck_assert_int_eq(fstat(fd, &status), 0);
	*length = (size_t)status.st_size;
	bytes = memory_alloc(*length + 1);
	ck_assert_int_eq(read(fd, bytes, *length), (ssize_t)*length);
	close(fd);
	free(path);
	return bytes;
}

static void put_journal(const char *bytes, size_t length)
{
	char *path = path_of("j");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	close(fd);
	free(path);
}

START_TEST(records_are_read_as_they_were_written)
{
	uint8_t id[JOURNAL_ID_BYTES] = "0123456789abcde";
	char line[JOURNAL_LINE_MAX];
	struct journal_record record;
	size_t length = journal_record_complete(line, id, 77, "t", "a/b c");

	ck_assert_int_eq(line[length - 1], '\n');
	journal_record_read(line, length - 1, &record);
	ck_assert_int_eq(record.kind, JOURNAL_COMPLETE);
	ck_assert_mem_eq(record.id, id, JOURNAL_ID_BYTES);
	ck_assert_uint_eq(record.bytes, 77);
	ck_assert_uint_eq(record.temp.length, 1);
	ck_assert_mem_eq(record.name.at, "a/b c", record.name.length);
	length = journal_record_complete(line, id, 0, NULL, NULL);
	journal_record_read(line, length - 1, &record);
	ck_assert_uint_eq(record.temp.length + record.name.length, 0);
	length = journal_record_failed(line, id, "http");
	journal_record_read(line, length - 1, &record);
	ck_assert_int_eq(record.kind, JOURNAL_FAILED);
	ck_assert_mem_eq(record.class.at, "http", 4);
	length = journal_record_group(line);
	journal_record_read(line, length - 1, &record);
	ck_assert_int_eq(record.kind, JOURNAL_GROUP);
	length = journal_record_run(line, "r", "");
	journal_record_read(line, length - 1, &record);
	ck_assert_int_eq(record.kind, JOURNAL_RUN);
	for (size_t i = 0; i < length - 1; i++) {
		line[i] ^= 1;
		journal_record_read(line, length - 1, &record);
		ck_assert_int_eq(record.kind, JOURNAL_DAMAGED);
		line[i] ^= 1;
	}
	for (size_t i = 0; i < length - 1; i++) {
		journal_record_read(line, i, &record);
		ck_assert_int_eq(record.kind, JOURNAL_DAMAGED);
	}
}
END_TEST

START_TEST(an_index_finds_what_was_added)
{
	enum { COUNT = 20000 };
	struct journal_index index;

	journal_index_init(&index, 10);
	for (int round = 0; round < 2; round++) {
		for (uint64_t i = 0; i < COUNT; i++) {
			uint64_t id[2] = { i * 0x9e3779b97f4a7c15, i };
			struct journal_slot *slot = journal_index_find(
				&index, (const uint8_t *)id);

			ck_assert_int_eq(slot != NULL, round == 1);
			if (slot == NULL)
				slot = journal_index_add(&index,
						(const uint8_t *)id);
			else
				ck_assert_uint_eq(journal_slot_position(slot),
						  i * 1000);
			journal_slot_set_position(slot, i * 1000);
			ck_assert_int_eq(journal_slot_mark_seen(slot),
					 round == 1);
			ck_assert(journal_slot_has_position(slot));
		}
	}
	ck_assert_uint_eq(index.count, COUNT);
	ck_assert_uint_le(index.room * sizeof(*index.slots), COUNT * 32);
	journal_index_release(&index);
	/* As many as were expected take up no more, either. */
	journal_index_init(&index, COUNT);
	ck_assert_uint_le(index.room * sizeof(*index.slots), COUNT * 32);
	journal_index_release(&index);
}
END_TEST

START_TEST(equal_entries_are_told_apart_by_their_ordinals)
{
	char *fault;
	struct journal *journal;
	struct journal_entry one, two, other;

	begin();
	siphash_seed();
	journal = open_it(false, &fault);
	journal_find(journal, "http://h/", NULL, &one);
	journal_find(journal, "http://h/", NULL, &two);
	journal_find(journal, "http://h/", "out", &other);
	ck_assert_mem_ne(one.id, two.id, JOURNAL_ID_BYTES);
	ck_assert_mem_ne(one.id, other.id, JOURNAL_ID_BYTES);
	journal_add_failed(journal, two.id, CAUSE_TLS);
	ck_assert_int_eq(journal_write(journal), 0);
	journal_close(journal);
	ck_assert_ptr_null(open_it(false, &fault));
	ck_assert_ptr_nonnull(strstr(fault, "--resume"));
	free(fault);
	journal = open_it(true, &fault);
	journal_find(journal, "http://h/", NULL, &one);
	journal_find(journal, "http://h/", NULL, &two);
	ck_assert_int_eq(one.state, JOURNAL_NEW);
	ck_assert_int_eq(two.state, JOURNAL_HOPELESS);
	ck_assert_int_eq(two.cause, CAUSE_TLS);
	journal_close(journal);
	end();
}
END_TEST

START_TEST(a_journal_cut_anywhere_gives_what_is_good)
{
	size_t length;
	char *bytes;
	int before = -1;

	begin();
	write_journal();
	bytes = read_journal(&length);
	for (size_t cut = 0; cut <= length; cut++) {
		char *fault;
		struct journal *journal;
		int done;

		put_journal(bytes, cut);
		journal = open_it(true, &fault);
		if (journal == NULL) {
			/* So short that it could be anything. */
			ck_assert_uint_lt(cut, strlen(JOURNAL_MAGIC));
			ck_assert_ptr_nonnull(strstr(fault, "byte 0"));
			free(fault);
			continue;
		}
		done = count_done(journal);
		ck_assert_int_ge(done, before);
		before = done;
		journal_close(journal);
	}
	ck_assert_int_eq(before, ENTRIES);
	free(bytes);
	end();
}
END_TEST

START_TEST(a_journal_with_a_wrong_byte_is_refused_or_cut)
{
	size_t length, last;
	char *bytes;
	int refused = 0;

	begin();
	write_journal();
	bytes = read_journal(&length);
	for (last = length - 1; bytes[last - 1] != '\n';)
		last--;
	for (size_t at = 0; at < length; at++) {
		for (int bit = 0; bit < 8; bit++) {
			char *fault;
			struct journal *journal;

			bytes[at] ^= (char)(1 << bit);
			put_journal(bytes, length);
			journal = open_it(true, &fault);
			bytes[at] ^= (char)(1 << bit);
			if (journal != NULL) {
				/* Only the last record can be dropped, and
				 * the one before if they have become one. */
				ck_assert_uint_ge(at + 1, last);
				ck_assert_int_eq(count_done(journal),
						 ENTRIES - 1 - (at < last));
				journal_close(journal);
				continue;
			}
			ck_assert_ptr_nonnull(strstr(fault, "damaged at byte"));
			refused++;
			free(fault);
		}
	}
	ck_assert_int_gt(refused, 0);
	free(bytes);
	end();
}
END_TEST

/* Replaces the boot that the runs are of, so that they seem to have ended with
 * the system. */
static void move_boot(char *bytes, size_t length)
{
	char line[JOURNAL_LINE_MAX];

	for (size_t at = 0; at < length;) {
		char *end = memchr(bytes + at, '\n', length - at);
		struct journal_record record;
		size_t size = (size_t)(end - bytes) - at;

		journal_record_read(bytes + at, size, &record);
		if (record.kind == JOURNAL_RUN) {
			/* The same length, with a CRC of its own. */
			char other[JOURNAL_LINE_MAX];
			unsigned long crc;

			memcpy(other, bytes + at, size);
			memset(other + (record.boot.at - (bytes + at)), 'x',
			       record.boot.length);
			crc = crc32(0, (const unsigned char *)other,
				    (unsigned)size - 8);
			snprintf(line, sizeof(line), "%08lx", crc);
			memcpy(other + size - 8, line, 8);
			memcpy(bytes + at, other, size);
		}
		at += size + 1;
	}
}

START_TEST(what_never_reached_the_disk_is_dropped_after_a_crash)
{
	size_t length, half;
	char *bytes, *fault;
	struct journal *journal;

	begin();
	write_journal();
	bytes = read_journal(&length);
	move_boot(bytes, length);
	/* A block of zeros near the end, and good records after it: that is a
	 * crash of the system, unless one of them says it is on disk. */
	half = length - 250;
	memset(bytes + half, 0, 60);
	put_journal(bytes, length);
	journal = open_it(true, &fault);
	if (journal == NULL) {
		ck_assert_ptr_nonnull(strstr(fault, "damaged at byte"));
		free(fault);
	} else {
		ck_assert_int_lt(count_done(journal), ENTRIES);
		ck_assert_uint_gt(journal_dropped(journal), 0);
		journal_close(journal);
	}
	free(bytes);
	end();
}
END_TEST

START_TEST(entries_of_files_are_counted)
{
	static const char text[] = "\xef\xbb\xbfhttp://a/\n\n  # no\n  http://b/"
				   "\r\n\r\nhttp://c/";
	char url[] = "http://d/", *path, *arguments[2];
	struct list_count *count;
	uint64_t total;

	begin();
	path = path_of("j");
	arguments[0] = path;
	arguments[1] = url;
	put_journal(text, sizeof(text) - 1);
	count = list_count_new(arguments, 2, false);
	while (!list_count_total(count, &total))
		list_count_go_on(count);
	ck_assert_uint_eq(total, 4);
	list_count_free(count);
	free(path);
	end();
}
END_TEST

START_TEST(a_line_of_progress_fits)
{
	struct run_totals totals = { .failed = 3 };
	struct run_progress progress = {
		.totals = &totals, .ended = 120, .retrying = 2, .parked = 5,
		.total = 1000, .total_known = true, .bytes = 123456789,
	};
	char line[PROGRESS_LINE_ROOM];

	progress_line(line, 100, &progress, 1048576, 10);
	ck_assert_str_eq(line, "120 of 1000 done, 3 failed, 2 retrying, "
			 "5 parked, 117.7 MiB, 1.0 MiB/s, 1:28 left");
	for (int columns = 1; columns < 100; columns++) {
		progress_line(line, columns, &progress, 1048576, 10);
		ck_assert_int_le((int)strlen(line), columns);
	}
	progress_line(line, 39, &progress, 1048576, 10);
	ck_assert_str_eq(line, "120 of 1000 done, 3 failed, 2 retrying");
	progress.total_known = false;
	totals.failed = progress.retrying = progress.parked = 0;
	progress_line(line, 80, &progress, 0, 0);
	ck_assert_str_eq(line, "120 of 1000+ done, 117.7 MiB, 0 B/s");
}
END_TEST

static void expect_name(char *name, const char *want)
{
	ck_assert_str_eq(name, want);
	free(name);
}

START_TEST(archives_are_named)
{
	char text[WARC_DIGEST_ROOM], one[WARC_ID_ROOM], two[WARC_ID_ROOM];

	expect_name(tar_shard_name("a/b.tar", 7), "a/b-000007.tar");
	expect_name(tar_shard_name("b", 0), "b-000000.tar");
	expect_name(warc_file_name("x", 0, ".warc.gz"), "x.warc.gz");
	expect_name(warc_file_name("x.warc.gz", 0, ".warc.gz"), "x.warc.gz");
	expect_name(warc_file_name("x.warc.gz", 3, ".warc.gz"),
		    "x-00003.warc.gz");
	expect_name(warc_file_name("x.warc.gz", 0, ".cdx"), "x.cdx");
	/* RFC 4648, 10. */
	warc_base32((const uint8_t *)"fooba", 5, text);
	ck_assert_str_eq(text, "MZXW6YTB");
	warc_new_id(one);
	warc_new_id(two);
	ck_assert_str_ne(one, two);
	ck_assert_uint_eq(strlen(one), strlen("urn:uuid:") + 36);
	ck_assert_int_eq(one[strlen("urn:uuid:") + 14], '4');
}
END_TEST

START_TEST(formats_are_checked)
{
	ck_assert_ptr_null(write_out_fault("%{http_code} 100% \\n %{json}"));
	ck_assert_ptr_null(write_out_fault(""));
	ck_assert_ptr_nonnull(write_out_fault("%{http_code"));
	ck_assert_ptr_nonnull(write_out_fault("%{}"));
	ck_assert_ptr_nonnull(write_out_fault("%{nosuch}"));
}
END_TEST

UNIT_MAIN(records_are_read_as_they_were_written,
	  an_index_finds_what_was_added,
	  equal_entries_are_told_apart_by_their_ordinals,
	  a_journal_cut_anywhere_gives_what_is_good,
	  a_journal_with_a_wrong_byte_is_refused_or_cut,
	  what_never_reached_the_disk_is_dropped_after_a_crash,
	  entries_of_files_are_counted, a_line_of_progress_fits,
	  archives_are_named, formats_are_checked)
