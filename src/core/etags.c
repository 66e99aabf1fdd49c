/* Entity tags; see etags.h. */
#include "config.h"

#include "base/siphash.h" /* before uthash.h */

#include "core/etags.h"

#include <errno.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uthash.h>

#include "base/fatal.h"
#include "base/files.h"
#include "base/memory.h"
#include "base/result.h"

struct etag {
	UT_hash_handle hh;
	char tag[RESULT_VALIDATOR_ROOM];
	char *name;
	char url[];
};

struct etags {
	const char *file;
	struct etag *table;
};

static void forget(struct etags *etags, struct etag *etag)
{
	HASH_DEL(etags->table, etag);
	free(etag->name);
	free(etag);
}

void etags_put(struct etags *etags, const char *url, const char *tag,
	       const char *name)
{
	size_t length = strlen(url);
	struct etag *etag;

	HASH_FIND(hh, etags->table, url, length, etag);
	if (*tag == '\0') {
		if (etag != NULL)
			forget(etags, etag);
		return;
	}
	if (etag == NULL) {
		etag = memory_zeroed(sizeof(*etag) + length + 1);
		memcpy(etag->url, url, length + 1);
		HASH_ADD_KEYPTR(hh, etags->table, etag->url, length, etag);
	}
	snprintf(etag->tag, sizeof(etag->tag), "%s", tag);
	free(etag->name);
	etag->name = memory_string(name);
}

const char *etags_find(const struct etags *etags, const char *url,
		       const char *name)
{
	struct etag *etag;

	HASH_FIND_STR(etags->table, url, etag);
	return etag != NULL && strcmp(etag->name, name) == 0 ? etag->tag
							     : NULL;
}

/* Whether TAG can be part of a request (RFC 9110, 8.8.3). */
static bool is_tag(const char *tag)
{
	if (*tag == '\0' || strlen(tag) >= RESULT_VALIDATOR_ROOM)
		return false;
	for (; *tag != '\0'; tag++) {
		if (*tag <= ' ' || *tag >= 0x7f)
			return false;
	}
	return true;
}

/* Reads TEXT, which may be NULL, and closes it.  Returns false if it isn't a
 * file of entity tags. */
static bool read_all(struct etags *etags, FILE *text)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;
	bool good = true;

	while (good && text != NULL &&
	       (length = getline(&line, &room, text)) > 0) {
		char *tag = strchr(line, '\t');
		char *name = tag != NULL ? strchr(tag + 1, '\t') : NULL;

		good = line[length - 1] == '\n' && name != NULL;
		if (!good)
			break;
		line[length - 1] = *tag++ = *name++ = '\0';
		good = is_tag(tag);
		if (good)
			etags_put(etags, line, tag, name);
	}
	free(line);
	if (text != NULL)
		fclose(text);
	return good;
}

struct etags *etags_new(const char *file)
{
	FILE *text = fopen(file, "re");
	struct etags *etags;
	struct stat status;
	int error;

	if (text == NULL && errno != ENOENT)
		return NULL;
	if (text != NULL && fstat(fileno(text), &status) == 0 &&
	    !S_ISREG(status.st_mode)) {
		fclose(text);
		errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		return NULL;
	}
	etags = memory_zeroed(sizeof(*etags));
	etags->file = file;
	if (!read_all(etags, text)) {
		etags_free(etags);
		errno = EBADMSG;
		return NULL;
	}
	/* It would be late to find out at the end. */
	error = files_can_replace(file);
	if (error == 0)
		return etags;
	etags_free(etags);
	errno = error;
	return NULL;
}

int etags_save(const struct etags *etags)
{
	struct evbuffer *lines = evbuffer_new();
	struct etag *etag, *next;
	int error;

	if (lines == NULL)
		fatal(EXIT_STATUS_LOCAL, "out of memory");
	HASH_ITER(hh, etags->table, etag, next)
		evbuffer_add_printf(lines, "%s\t%s\t%s\n", etag->url,
				    etag->tag, etag->name);
	error = files_replace(etags->file,
			      (const char *)evbuffer_pullup(lines, -1),
			      evbuffer_get_length(lines), 0666);
	evbuffer_free(lines);
	return error;
}

void etags_free(struct etags *etags)
{
	while (etags->table != NULL)
		forget(etags, etags->table);
	free(etags);
}
