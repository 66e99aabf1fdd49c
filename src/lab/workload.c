/* What a comparison fetches; see workload.h. */
#include "config.h"

#include "lab/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/evbase.h"
#include "base/fatal.h"
#include "base/files.h"
#include "base/host.h"
#include "base/memory.h"
#include "base/units.h"
#include "core/fields.h"
#include "core/list.h"
#include "core/url.h"
#include "output/escape.h"

enum { URLS_MAX = 1000000, LATENCY_MAX_MS = 60000, BLOCK = 64 * 1024 };

/* ---- what the origin serves ---- */

static bool take_part(const char *name, const char *value,
		      struct workload_spec *parsed)
{
	const struct part {
		const char *name;
		int (*parse)(const char *text, uint64_t *value);
		uint64_t *field, minimum, maximum;
	} parts[] = {
		{ "urls", units_parse_count, &parsed->urls, 1, URLS_MAX },
		{ "latency", units_parse_seconds, &parsed->latency_ms, 0,
		  LATENCY_MAX_MS },
		{ "size", units_parse_size, &parsed->size, 0, INT64_MAX },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (strcmp(parts[i].name, name) == 0)
			return parts[i].parse(value, parts[i].field) == 0 &&
			       *parts[i].field >= parts[i].minimum &&
			       *parts[i].field <= parts[i].maximum;
	}
	return false;
}

bool workload_parse(const char *spec, struct workload_spec *parsed)
{
	char *copy = memory_string(spec);
	char *rest = copy, *part;
	bool good = true;

	*parsed = (struct workload_spec){ .size = 1024 };
	while (good && (part = strsep(&rest, ",")) != NULL) {
		char *value = part;
		char *name = strsep(&value, "=");

		good = value != NULL && take_part(name, value, parsed);
	}
	free(copy);
	return good && parsed->urls > 0;
}

/* ---- lists that can be read again ---- */

static int make_spool(void)
{
	FILE *file = tmpfile();
	int fd = file != NULL ? dup(fileno(file)) : -1;

	if (fd < 0)
		fatal(EXIT_STATUS_LOCAL, "cannot make a temporary file: %s",
		      strerror(errno));
	fclose(file);
	return fd;
}

static void add_operand(struct workload *workload, char *operand)
{
	workload->operands = memory_resize(
		workload->operands,
		(workload->operand_count + 1) * sizeof(char *));
	workload->operands[workload->operand_count++] = operand;
}

/* Each run opens the file by this name, so each reads it from the start. */
static void add_spool(struct workload *workload, int fd)
{
	workload->fds = memory_resize(workload->fds, (workload->fd_count + 1) *
						     sizeof(*workload->fds));
	workload->fds[workload->fd_count++] = fd;
	add_operand(workload, memory_format("/dev/fd/%d", fd));
}

static void spool(int to, const char *bytes, size_t length)
{
	int error = files_write_all(to, bytes, length);

	if (error != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot write a temporary file: %s",
		      strerror(error));
}

/* Reads FROM to its end, adds it to DIGEST and, unless TO is -1, writes it to
 * TO. */
static void copy_list(const char *name, int from, int to,
		      struct digest *digest)
{
	char *block = memory_alloc(BLOCK);
	uint64_t total = 0;
	ssize_t got;

	while ((got = read(from, block, BLOCK)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			fatal(EXIT_STATUS_USAGE, "cannot read list '%s': %s",
			      name, strerror(errno));
		total += (uint64_t)got;
		digest_add(digest, block, (size_t)got);
		if (to < 0)
			continue;
		if (total > WORKLOAD_SPOOL_MAX)
			fatal(EXIT_STATUS_USAGE, "list '%s' is not a file "
			      "and is larger than 64 MiB; a comparison reads "
			      "its list many times, so save it to a file first",
			      name);
		spool(to, block, (size_t)got);
	}
	free(block);
}

static void add_list(struct workload *workload, const char *name,
		     struct digest *digest)
{
	bool is_input = strcmp(name, "-") == 0;
	int fd = is_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	struct stat status;
	int copy;

	if (fd < 0 || fstat(fd, &status) != 0)
		fatal(EXIT_STATUS_USAGE, "cannot read list '%s': %s", name,
		      strerror(errno));
	if (!is_input && S_ISREG(status.st_mode)) {
		copy_list(name, fd, -1, digest);
		add_operand(workload, memory_string(name));
	} else {
		copy = make_spool();
		copy_list(name, fd, copy, digest);
		add_spool(workload, copy);
	}
	if (!is_input)
		close(fd);
}

/* A URL with a login must not be among the arguments of a run, where everybody
 * can see it. */
static void add_url(struct workload *workload, const char *url,
		    bool null_separated)
{
	int fd;

	if (strchr(url, '@') == NULL) {
		add_operand(workload, memory_string(url));
		return;
	}
	fd = make_spool();
	spool(fd, url, strlen(url));
	spool(fd, null_separated ? "" : "\n", 1);
	add_spool(workload, fd);
}

static void add_made_up(struct workload *workload, const char *text,
			char separator, struct digest *digest)
{
	struct workload_spec spec;
	int fd;

	if (!workload_parse(text, &spec))
		fatal(EXIT_STATUS_USAGE, "invalid --origin: '%s'; use the "
		      "form 'urls=50,latency=50ms,size=16k'", text);
	fd = make_spool();
	for (uint64_t i = 1; i <= spec.urls; i++) {
		char *line = memory_format(
			"http://" HOST_ORIGIN "/delay/%" PRIu64
			"/bytes/%" PRIu64 "?%" PRIu64 "%c",
			spec.latency_ms, spec.size, i, separator);
		size_t length = strlen(line) + (separator == '\0');

		digest_add(digest, line, length);
		spool(fd, line, length);
		free(line);
	}
	add_spool(workload, fd);
}

void workload_open(struct workload *workload, const struct settings *settings,
		   char *const *operands, size_t count)
{
	const char *origin = settings->compare.origin;
	struct digest *digest = digest_new(DIGEST_SHA256);

	*workload = (struct workload){ .entries = 0 };
	digest_begin(digest);
	if (origin != NULL && *origin != '\0')
		add_made_up(workload, origin,
			    settings->null_separated ? '\0' : '\n', digest);
	for (size_t i = 0; i < count; i++) {
		if (strstr(operands[i], "://") == NULL) {
			add_list(workload, operands[i], digest);
			continue;
		}
		digest_add(digest, operands[i], strlen(operands[i]));
		digest_add(digest, "\n", 1);
		add_url(workload, operands[i], settings->null_separated);
	}
	digest_end(digest, workload->digest);
	digest_free(digest);
	if (origin != NULL && origin_start(&workload->origin) != 0)
		fatal(EXIT_STATUS_LOCAL, "cannot start the origin server");
}

void workload_close(struct workload *workload)
{
	if (workload->origin.pid != 0)
		origin_stop(&workload->origin);
	for (size_t i = 0; i < workload->fd_count; i++)
		close(workload->fds[i]);
	for (size_t i = 0; i < workload->operand_count; i++)
		free(workload->operands[i]);
	for (size_t i = 0; i < workload->host_count; i++)
		free(workload->hosts[i]);
	free(workload->operands);
	free(workload->fds);
}

/* ---- which hosts it asks ---- */

/* Adds HOST to the names if it is new and there is room. */
static void note_host(struct workload *workload, struct host host)
{
	char *raw = memory_copy(host.name, host.length);
	char *name = escape_string(raw);
	bool known = false;

	for (size_t i = 0; i < workload->host_count; i++)
		known = known || strcmp(workload->hosts[i], name) == 0;
	free(raw);
	if (!known && workload->host_count < WORKLOAD_HOSTS_MAX) {
		workload->hosts[workload->host_count++] = name;
		return;
	}
	workload->more_hosts = workload->more_hosts || !known;
	free(name);
}

static bool is_origin(const struct workload *workload, struct host host)
{
	return workload->origin.pid != 0 && host_is_origin(host);
}

/* The latency stays known as long as all entries have the same one: MS for
 * "/delay/MS/bytes/N", none for "/bytes/N".  Any other path (see routes.c)
 * makes it unknown, as its duration differs. */
static void note_latency(struct workload *workload, struct host host)
{
	const char *path = host.name + host.length;
	uint64_t delay_ms = 0;
	int length = 0;

	path += strcspn(path, "/?#");
	if (sscanf(path, "/delay/%" SCNu64 "%n", &delay_ms, &length) == 1)
		path += length;
	if (workload->entries == 1)
		workload->latency_us = delay_ms * 1000;
	if (workload->latency_us != delay_ms * 1000 ||
	    strncmp(path, "/bytes/", 7) != 0)
		workload->latency_known = false;
}

static void survey_entry(struct workload *workload, struct url_parser *parser,
			 const struct list_entry *entry)
{
	struct request_terms *terms = request_terms_new(SINK_DISCARD);
	struct fields fields = { .line = NULL };
	char *url = NULL;
	struct host host;

	workload->entries++;
	if (entry->fault == NULL &&
	    fields_parse(&fields, entry->text, terms) == NULL)
		url_parse(parser, fields.url, &url, NULL);
	fields_release(&fields);
	request_terms_release(terms);
	if (url == NULL) {
		workload->latency_known = false;
		return;
	}
	host = host_of(url);
	if (is_origin(workload, host))
		note_latency(workload, host);
	else
		workload->latency_known = false;
	if (!is_origin(workload, host) && !host_is_loopback(host)) {
		workload->remote++;
		note_host(workload, host);
	}
	free(url);
}

/* All lists are files, so there is never anything to wait for. */
static void never_ready(void *context)
{
	(void)context;
	bug("a list that is a file was waited for");
}

void workload_survey(struct workload *workload,
		     const struct settings *settings)
{
	struct event_base *base = evbase_new(0);
	struct url_parser *parser = url_parser_new();
	struct list_entry entry;
	enum list_state state;
	struct list *list;
	const char *source;

	must(base != NULL);
	workload->latency_known = true;
	list = list_new(base, workload->operands, workload->operand_count,
			settings->null_separated, never_ready, NULL);
	while ((state = list_next(list, &entry)) != LIST_END) {
		must(state != LIST_WAIT);
		if (state == LIST_ERROR) {
			const char *reason = list_error(list, &source);

			fatal(EXIT_STATUS_USAGE, "cannot read list '%s': %s",
			      source, reason);
		}
		if (state == LIST_ENTRY)
			survey_entry(workload, parser, &entry);
	}
	list_free(list);
	url_parser_free(parser);
	event_base_free(base);
}
