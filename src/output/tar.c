/* Bodies in a tar archive; see tar.h. */
#include "config.h"

#include "output/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "output/records.h"

struct tar {
	struct outlet *out;      /* NULL: shards */
	int shard_fd;            /* of the present shard, or -1 */
	uint64_t shards;         /* begun so far */
	uint64_t in_shard;       /* bodies in the present one */
	int error;               /* of a write to a shard */
	const struct settings *settings;
	struct archive *archive; /* NULL: none has begun */
	struct archive_entry *entry;
	struct body_reader reader;
	bool in_member;          /* it has begun and not ended */
	char *stem;              /* of the sample before; NULL: none */
	/* What follows the body: the record, and its name; or NULL. */
	struct evbuffer *record;
	char *record_name;
};

/* ---- the archive ---- */

static la_ssize_t write_bytes(struct archive *archive, void *context,
			      const void *bytes, size_t length)
{
	struct tar *tar = context;

	if (tar->out == NULL) {
		tar->error = files_write_all(tar->shard_fd, bytes, length);
		if (tar->error == 0)
			return (la_ssize_t)length;
		archive_set_error(archive, tar->error, "write");
		return ARCHIVE_FATAL;
	}
	if (evbuffer_add(outlet_buffer(tar->out), bytes, length) != 0)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	outlet_touch(tar->out);
	return (la_ssize_t)length;
}

static int error_of(const struct tar *tar)
{
	int error = tar->error != 0 ? tar->error : archive_errno(tar->archive);

	return error > 0 ? error : EIO;
}

char *tar_shard_name(const char *file, uint64_t index)
{
	size_t length = strlen(file);
	size_t stem = length > 4 && strcmp(file + length - 4, ".tar") == 0
			      ? length - 4 : length;

	return memory_format("%.*s-%06" PRIu64 "%s", (int)stem, file, index,
			     stem < length ? file + stem : ".tar");
}

/* Returns 0 or an error number. */
static int open_shard(struct tar *tar)
{
	char *name = tar_shard_name(tar->settings->out.tar, tar->shards++);

	tar->shard_fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			     0666);
	free(name);
	tar->in_shard = 0;
	return tar->shard_fd < 0 ? errno : 0;
}

static int open_archive(struct tar *tar)
{
	int error = tar->out == NULL ? open_shard(tar) : 0;

	if (error != 0)
		return error;
	tar->archive = archive_write_new();
	if (tar->archive == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	/* ustar where that is enough; see libarchive-formats(5). */
	archive_write_set_format_pax_restricted(tar->archive);
	archive_write_set_bytes_in_last_block(tar->archive, 1);
	/* An outlet gathers what is written by itself. */
	archive_write_set_bytes_per_block(tar->archive, tar->out != NULL
							? 0 : BODY_PART);
	if (archive_write_open(tar->archive, tar, NULL, write_bytes, NULL) !=
	    ARCHIVE_OK)
		return error_of(tar);
	return 0;
}

static int close_archive(struct tar *tar)
{
	int error = 0;

	if (tar->archive == NULL)
		return 0;
	if (archive_write_close(tar->archive) != ARCHIVE_OK)
		error = error_of(tar);
	archive_write_free(tar->archive);
	tar->archive = NULL;
	if (tar->shard_fd >= 0 && close(tar->shard_fd) != 0 && error == 0)
		error = errno;
	tar->shard_fd = -1;
	return error;
}

static int add_header(struct tar *tar, const char *name, size_t length,
		      int64_t modified_s)
{
	struct archive_entry *entry = archive_entry_clear(tar->entry);

	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, (la_int64_t)length);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, modified_s > 0 ? (time_t)modified_s
						      : time(NULL), 0);
	return archive_write_header(tar->archive, entry) >= ARCHIVE_WARN
		       ? 0 : error_of(tar);
}

static int add_bytes(struct tar *tar, const void *bytes, size_t length)
{
	return archive_write_data(tar->archive, bytes, length) ==
			       (la_ssize_t)length
		       ? 0 : error_of(tar);
}

/* ---- samples ---- */

/* How long the part of NAME is by which WebDataset groups members. */
static size_t stem_length(const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *base = slash != NULL ? slash + 1 : name;

	return (size_t)(base - name) + strcspn(base, ".");
}

/* Gives an entry called NAME the name of its member, which the caller owns.
 * Neighbours of the same stem would be taken for one sample, so the second one
 * gets its NUMBER. */
static char *member_name(struct tar *tar, const char *name, uint64_t number)
{
	size_t length = stem_length(name);
	bool same = tar->stem != NULL && strlen(tar->stem) == length &&
		    memcmp(tar->stem, name, length) == 0;
	char *member;

	if (tar->settings->out.tar_shard == 0)
		return memory_string(name);
	member = same ? memory_format("%.*s-%" PRIu64 "%s", (int)length, name,
				      number, name + length)
		      : memory_string(name);
	free(tar->stem);
	tar->stem = memory_copy(member, stem_length(member));
	return member;
}

/* Prepares the record of ITEM, which belongs to the member called NAME. */
static void prepare_record(struct tar *tar, const struct listener_item *item,
			   const char *name)
{
	size_t stem = stem_length(name);
	/* A body that is called STEM.json keeps its name. */
	bool taken = strcmp(name + stem, ".json") == 0;

	free(tar->record_name);
	tar->record_name = tar->settings->out.tar_shard > 0
		? memory_format("%.*s%s", (int)stem, name,
				taken ? ".pfetch.json" : ".json")
		: memory_format(".failed/%s.json", name);
	evbuffer_drain(tar->record, evbuffer_get_length(tar->record));
	records_add(tar->record, item, tar->settings);
	evbuffer_add(tar->record, "\n", 1);
}

static int add_record(struct tar *tar)
{
	size_t length = evbuffer_get_length(tar->record);
	int error;

	if (tar->record_name == NULL)
		return 0;
	error = add_header(tar, tar->record_name, length, 0);
	if (error == 0)
		error = add_bytes(tar, evbuffer_pullup(tar->record, -1),
				  length);
	free(tar->record_name);
	tar->record_name = NULL;
	return error;
}

/* Begins another shard if the present one is full and a body comes. */
static int make_room(struct tar *tar, bool comes)
{
	uint64_t most = tar->settings->out.tar_shard;
	int error = 0;

	if (comes && tar->archive != NULL && most > 0 &&
	    tar->in_shard == most)
		error = close_archive(tar);
	if (error == 0 && tar->archive == NULL)
		error = open_archive(tar);
	return error;
}

static int tar_begin(void *state, const struct listener_item *item,
		     const struct body *body)
{
	struct tar *tar = state;
	bool records = tar->settings->out.tar_shard > 0;
	char *name, *spare = NULL;
	int error;

	tar->reader.body = body;
	tar->reader.at = 0;
	if (body == NULL && tar->settings->out.discard_failed)
		return 0;
	error = make_room(tar, body != NULL);
	if (error != 0)
		return error;
	if (item->wanted == NULL)
		spare = memory_format("entry-%" PRIu64, item->number);
	name = member_name(tar, spare != NULL ? spare : item->wanted,
			   item->number);
	if (records || body == NULL)
		prepare_record(tar, item, name);
	if (body != NULL) {
		tar->in_shard++;
		error = add_header(tar, name, body->length,
				   item->result->modified_s);
	}
	tar->in_member = true;
	free(spare);
	free(name);
	return error;
}

static int tar_advance(void *state)
{
	struct tar *tar = state;
	const struct body *body = tar->reader.body;
	const char *bytes;
	ssize_t got;
	int error = 0;

	if (body != NULL && tar->reader.at < body->length) {
		got = body_reader_next(&tar->reader, &bytes);
		if (got < 0)
			return -errno;
		error = add_bytes(tar, bytes, (size_t)got);
		if (error != 0 || tar->reader.at < body->length)
			return -error;
	}
	error = add_record(tar);
	tar->in_member = false;
	return error != 0 ? -error : 1;
}

/* An archive without members is an archive, too.  libarchive would fill up a
 * member that is not complete. */
static int tar_end(void *state)
{
	struct tar *tar = state;
	int error = 0;

	if (tar->in_member)
		return 0;
	if (tar->archive == NULL && tar->shards == 0)
		error = open_archive(tar);

	return error != 0 ? error : close_archive(tar);
}

static bool tar_full(void *state)
{
	const struct tar *tar = state;

	return tar->out != NULL && outlet_pending(tar->out) >= OUTLET_FULL;
}

static bool tar_pending(void *state)
{
	const struct tar *tar = state;

	return tar->out != NULL && outlet_pending(tar->out) > 0;
}

static void tar_flush(void *state)
{
	const struct tar *tar = state;

	if (tar->out != NULL)
		outlet_flush(tar->out);
}

static void tar_free(void *state)
{
	struct tar *tar = state;
	locale_t locale;

	locale = uselocale(LC_GLOBAL_LOCALE);
	if (locale != LC_GLOBAL_LOCALE)
		freelocale(locale);
	/* The output of an interrupted run ends where it ends. */
	if (tar->archive != NULL) {
		archive_write_fail(tar->archive);
		archive_write_free(tar->archive);
	}
	if (tar->shard_fd >= 0)
		close(tar->shard_fd);
	archive_entry_free(tar->entry);
	body_reader_release(&tar->reader);
	evbuffer_free(tar->record);
	free(tar->record_name);
	free(tar->stem);
	free(tar);
}

static const struct bodies_kind tar_kind = {
	.begin = tar_begin,
	.advance = tar_advance,
	.end = tar_end,
	.full = tar_full,
	.pending = tar_pending,
	.flush = tar_flush,
	.free = tar_free,
};

/* libarchive takes names to be in the locale of the thread; ours are in UTF-8.
 * Without such a locale, names that are not ASCII are in the pax header
 * only. */
static void use_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	if (locale != (locale_t)0)
		uselocale(locale);
}

struct bodies tar_new(struct outlet *out, const struct settings *settings)
{
	struct tar *tar = memory_zeroed(sizeof(*tar));

	tar->out = out;
	tar->shard_fd = -1;
	tar->settings = settings;
	use_utf8();
	tar->entry = archive_entry_new();
	tar->record = evbuffer_new();
	if (tar->entry == NULL || tar->record == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	return (struct bodies){ &tar_kind, tar };
}
