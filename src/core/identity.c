/* What a run's requests say by default; see identity.h. */
#include "config.h"

#include "core/identity.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/files.h"
#include "base/memory.h"
#include "core/cookies.h"
#include "core/netrc.h"

struct identity {
	const struct settings *settings;
	struct request_terms *terms;
	struct netrc *netrc;     /* NULL: none */
	struct cookies *cookies; /* NULL: none are kept */
};

static char *copy_text(const char *text)
{
	return text != NULL ? memory_string(text) : NULL;
}

static void add_field(struct request_terms *terms, const char *format,
		      const char *value)
{
	if (value != NULL)
		request_terms_add_header(terms, memory_format("%s%s", format,
							      value));
}

static struct request_terms *make_terms(const struct settings *settings)
{
	const struct ask_settings *ask = &settings->ask;
	struct request_terms *terms =
		request_terms_new(settings_sink(settings));

	terms->expected.largest = settings->max_size;
	for (size_t i = 0; i < ask->headers.count; i++)
		add_field(terms, "", ask->headers.texts[i]);
	add_field(terms, "Referer: ", ask->referer);
	add_field(terms, "Authorization: Bearer ", ask->bearer);
	terms->method = copy_text(ask->head ? "HEAD" : ask->method);
	terms->login = copy_text(ask->login);
	terms->cookie = copy_text(ask->cookie);
	terms->accept = copy_text(ask->accept);
	if (ask->data.bytes != NULL) {
		terms->content = memory_copy(ask->data.bytes,
					     ask->data.length);
		terms->content_length = ask->data.length;
	}
	return terms;
}

/* Reads the files.  Returns NULL or a message. */
static char *read_files(struct identity *identity)
{
	const struct ask_settings *ask = &identity->settings->ask;
	char *fault = NULL;
	int error;

	if (ask->netrc != NULL) {
		identity->netrc = netrc_new(ask->netrc, &fault);
		if (identity->netrc == NULL)
			return fault;
	}
	if (ask->load_cookies != NULL || ask->save_cookies != NULL ||
	    ask->cookie != NULL)
		identity->cookies = cookies_new();
	if (ask->load_cookies != NULL)
		fault = cookies_load(identity->cookies, ask->load_cookies,
				     (int64_t)time(NULL));
	if (fault != NULL || ask->save_cookies == NULL)
		return fault;
	/* It would be late to find out at the end. */
	error = files_can_replace(ask->save_cookies);
	return error == 0 ? NULL
		: memory_format("cannot write '%s': %s", ask->save_cookies,
				strerror(error));
}

struct identity *identity_new(const struct settings *settings, char **fault)
{
	struct identity *identity = memory_zeroed(sizeof(*identity));

	identity->settings = settings;
	identity->terms = make_terms(settings);
	*fault = read_files(identity);
	if (*fault == NULL)
		return identity;
	identity_free(identity);
	return NULL;
}

void identity_free(struct identity *identity)
{
	request_terms_release(identity->terms);
	if (identity->netrc != NULL)
		netrc_free(identity->netrc);
	if (identity->cookies != NULL)
		cookies_free(identity->cookies);
	free(identity);
}

struct request_terms *identity_terms(const struct identity *identity)
{
	return identity->terms;
}

void identity_equip(struct identity *identity, struct request *request)
{
	if (identity->netrc != NULL && request->host_login == NULL)
		request->host_login = netrc_login(identity->netrc, request);
	if (identity->cookies == NULL)
		return;
	free(request->host_cookie);
	request->host_cookie = cookies_for(identity->cookies, request->url,
					   (int64_t)time(NULL));
}

void identity_learn(struct identity *identity, const struct job *job)
{
	if (identity->cookies != NULL && job->cookies != NULL)
		cookies_take(identity->cookies, job->request->url,
			     job->cookies, (int64_t)time(NULL));
}

int identity_save(struct identity *identity)
{
	const char *file = identity->settings->ask.save_cookies;

	return file == NULL ? 0
		: cookies_save(identity->cookies, file, (int64_t)time(NULL));
}
