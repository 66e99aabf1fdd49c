/* Logins from a netrc file; see netrc.h. */
#include "config.h"

#include "core/netrc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/files.h"
#include "base/host.h"
#include "base/memory.h"

enum { NETRC_MAX = 16 << 20, WORD_MAX = 4096 };

struct machine {
	char *name;              /* NULL: the default */
	char *user, *password;   /* NULL: not given */
};

struct netrc {
	struct machine *machines;
	size_t count;
};

/* ---- reading ---- */

/* Moves *AT past blanks and comments. */
static void skip_blanks(const char **at)
{
	*at += strspn(*at, " \t\r\n");
	while (**at == '#') {
		*at += strcspn(*at, "\n");
		*at += strspn(*at, " \t\r\n");
	}
}

/* Takes a word into WORD and moves *AT past it.  Returns false at the end, or
 * if the word is too long or its quotes have no end. */
static bool take_word(const char **at, char word[WORD_MAX])
{
	const char *from = *at;
	size_t length = 0;
	bool quoted;

	skip_blanks(&from);
	if (*from == '\0')
		return false;
	quoted = *from == '"';
	from += quoted;
	while (*from != '\0' && (quoted ? *from != '"'
					: strchr(" \t\r\n", *from) == NULL)) {
		if (quoted && *from == '\\' && from[1] != '\0')
			from++;
		if (length + 1 == WORD_MAX)
			return false;
		word[length++] = *from++;
	}
	if (quoted && *from++ != '"')
		return false;
	word[length] = '\0';
	*at = from;
	return true;
}

static void add_machine(struct netrc *netrc, const char *name)
{
	netrc->machines = memory_resize(netrc->machines,
					(netrc->count + 1) *
						sizeof(*netrc->machines));
	netrc->machines[netrc->count++] = (struct machine){
		.name = name != NULL ? memory_string(name) : NULL,
	};
}

/* A macro ends with a blank line. */
static void skip_macro(const char **at)
{
	const char *end = strstr(*at, "\n\n");

	*at = end != NULL ? end + 2 : *at + strlen(*at);
}

static void put(char **to, const char *word)
{
	free(*to);
	*to = memory_string(word);
}

/* Takes the word KEY and what belongs to it.  Returns false if it can't. */
static bool take_part(struct netrc *netrc, const char *key, const char **at)
{
	char word[WORD_MAX];
	struct machine *last = netrc->count > 0
		? &netrc->machines[netrc->count - 1] : NULL;

	if (strcmp(key, "default") == 0) {
		add_machine(netrc, NULL);
		return true;
	}
	if (!take_word(at, word))
		return false;
	if (strcmp(key, "machine") == 0)
		add_machine(netrc, word);
	else if (strcmp(key, "macdef") == 0)
		skip_macro(at);
	else if (strcmp(key, "account") == 0)
		return last != NULL;
	else if (last != NULL && strcmp(key, "login") == 0)
		put(&last->user, word);
	else if (last != NULL && strcmp(key, "password") == 0)
		put(&last->password, word);
	else
		return false;
	return true;
}

/* Reads TEXT.  Returns 0, or the number of the line that can't be read. */
static size_t parse(struct netrc *netrc, const char *text)
{
	const char *at = text, *begun = text;
	char word[WORD_MAX];
	bool good = true;
	size_t line = 1;

	while (good && take_word(&at, word)) {
		begun = at;
		good = take_part(netrc, word, &at);
	}
	if (good) {
		begun = at;
		skip_blanks(&at);
		good = *at == '\0';
	}
	for (const char *from = text; from < begun; from++)
		line += *from == '\n';
	return good ? 0 : line;
}

struct netrc *netrc_new(const char *path, char **fault)
{
	const char *home = getenv("HOME");
	char *own = *path == '\0'
		? memory_format("%s/.netrc", home != NULL ? home : "")
		: memory_string(path);
	struct netrc *netrc = memory_zeroed(sizeof(*netrc));
	size_t length, line;
	char *text = files_read(own, NETRC_MAX, &length);

	*fault = NULL;
	if (text == NULL)
		*fault = memory_format("cannot read '%s': %s", own,
				       strerror(errno));
	else if ((line = parse(netrc, text)) != 0)
		*fault = memory_format("'%s', line %zu: not netrc's syntax",
				       own, line);
	free(text);
	free(own);
	if (*fault == NULL)
		return netrc;
	netrc_free(netrc);
	return NULL;
}

void netrc_free(struct netrc *netrc)
{
	for (size_t i = 0; i < netrc->count; i++) {
		free(netrc->machines[i].name);
		free(netrc->machines[i].user);
		free(netrc->machines[i].password);
	}
	free(netrc->machines);
	free(netrc);
}

/* ---- looking up ---- */

/* The user that URL itself names, without a password; NULL: none.  The caller
 * frees it. */
static char *user_of(const char *url)
{
	const char *start = strstr(url, "://") + 3;
	const char *end = host_of(url).name - 1;

	if (end < start || memchr(start, ':', (size_t)(end - start)) != NULL)
		return NULL;
	return memory_copy(start, (size_t)(end - start));
}

/* The first entry for HOST, or for NULL the default, with USER, if that is not
 * NULL. */
static const struct machine *find(const struct netrc *netrc,
				  const struct host *host, const char *user)
{
	for (size_t i = 0; i < netrc->count; i++) {
		const char *name = netrc->machines[i].name;
		const char *known = netrc->machines[i].user;

		if (user != NULL &&
		    (known == NULL || strcmp(known, user) != 0))
			continue;
		if (host == NULL ? name == NULL
		    : name != NULL && strlen(name) == host->length &&
		      strncasecmp(name, host->name, host->length) == 0)
			return &netrc->machines[i];
	}
	return NULL;
}

static bool is_secure(const char *url)
{
	return strncasecmp(url, "https:", 6) == 0;
}

/* Whether the file's own entry for the host of REQUEST, which is out of scope,
 * may be used. */
static bool may_leave_scope(const struct request *request)
{
	struct host here = host_of(request->url);
	struct host scope = host_of(request->scope);
	bool same = here.length == scope.length &&
		    strncasecmp(here.name, scope.name, here.length) == 0;

	return !same &&
	       (is_secure(request->url) || !is_secure(request->scope));
}

/* The entry for REQUEST, whose URL names USER or NULL; or NULL. */
static const struct machine *choose(const struct netrc *netrc,
				    const struct request *request,
				    const char *user)
{
	struct host host = host_of(request->url);
	const struct machine *machine = find(netrc, &host, user);

	if (!request_in_scope(request))
		return may_leave_scope(request) ? machine : NULL;
	return machine != NULL ? machine : find(netrc, NULL, user);
}

char *netrc_login(const struct netrc *netrc, const struct request *request)
{
	bool has_login = host_of(request->url).name[-1] == '@';
	char *user = has_login ? user_of(request->url) : NULL;
	const struct machine *machine = has_login && user == NULL
		? NULL : choose(netrc, request, user);

	free(user);
	if (machine == NULL || machine->user == NULL)
		return NULL;
	return memory_format("%s:%s", machine->user,
			     machine->password != NULL ? machine->password
						       : "");
}
