/* What the options mean together; see options-check.h. */
#include "config.h"

#include "cmd/options-check.h"

#include <string.h>

#include "base/digest.h"

enum { MAX_JOBS = 128 };

/* An option that was given, and one that it needs or excludes. */
struct rule {
	bool given;
	const char *name;
	bool met;
	const char *relation, *other;
};

static void apply_rules(const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = &rules[i];

		if (rule->given && !rule->met)
			options_usage_error("--%s %s %s", rule->name,
					    rule->relation, rule->other);
	}
}

/* Which options need files that are named by the list. */
static void check_files(const struct settings *settings)
{
	static const char needs[] = "needs files: it excludes";
	static const char other[] = "--discard, --output-document, --tar "
				    "and --warc";
	static const char nameless[] = "--discard, --output-document and "
				       "--warc";
	const bool files = settings_sink(settings) == SINK_FILE;
	const bool names = settings_has_names(settings);
	const struct rule rules[] = {
		{ settings->resume, "continue", files, needs, other },
		{ settings->journal.file != NULL, "journal", files ||
		  settings->discard, "excludes", "--output-document, --tar "
		  "and --warc" },
		{ settings->journal.resume, "resume", files ||
		  settings->discard, "excludes", "--output-document, --tar "
		  "and --warc" },
		{ settings->journal.retry_failed, "retry-failed",
		  settings->journal.resume, "needs", "--resume" },
		{ settings->journal.durability != NULL, "durability",
		  files || settings->discard, needs, other },
		{ settings->checksum_file != NULL, "checksum-file", files,
		  needs, other },
		{ settings->segments > 1, "segments", files, needs, other },
		{ settings->skip_existing, "skip-existing", files, needs,
		  other },
		{ settings->etags != NULL, "etags", files, needs, other },
		{ settings->backups > 0, "backups", files, needs, other },
		{ settings->content_disposition, "content-disposition", names,
		  needs, nameless },
		{ settings->preallocate, "preallocate", files, needs, other },
		{ settings->overwrite, "overwrite", files, needs, other },
		{ settings->timestamps, "timestamping", files, needs, other },
		{ settings->name_template != NULL, "output-template", names,
		  needs, nameless },
		{ settings->force_directories, "force-directories", names,
		  needs, nameless },
		{ settings->no_host_directories, "no-host-directories", names,
		  needs, nameless },
		{ settings->cut_dirs > 0, "cut-dirs", names, needs, nameless },
	};

	apply_rules(rules, sizeof(rules) / sizeof(*rules));
}

static void check_names(const struct settings *settings)
{
	static const char excludes[] = "excludes";
	const char *name = settings->name_template;
	const bool no_template = name == NULL;
	const struct rule rules[] = {
		{ settings->force_directories, "force-directories",
		  no_template, excludes, "--output-template" },
		{ settings->no_host_directories, "no-host-directories",
		  no_template, excludes, "--output-template" },
		{ settings->cut_dirs > 0, "cut-dirs",
		  no_template || strstr(name, "{path}") != NULL, "needs",
		  "{path} in --output-template" },
		{ settings->skip_existing, "skip-existing",
		  !settings->overwrite, excludes, "--overwrite" },
		{ settings->skip_existing, "skip-existing",
		  !settings->timestamps, excludes, "--timestamping" },
		{ settings->timestamps, "timestamping", !settings->overwrite,
		  excludes, "--overwrite" },
		{ settings->etags != NULL, "etags", !settings->overwrite,
		  excludes, "--overwrite" },
		{ settings->etags != NULL, "etags", !settings->skip_existing,
		  excludes, "--skip-existing" },
		{ settings->backups > 0, "backups",
		  settings_replace(settings), "needs",
		  "--overwrite, --timestamping or --etags" },
		/* What a name will be is not known before it is fetched. */
		{ settings->content_disposition, "content-disposition",
		  !settings->skip_existing && !settings->timestamps &&
		  settings->etags == NULL, excludes,
		  "--skip-existing, --timestamping and --etags" },
	};

	apply_rules(rules, sizeof(rules) / sizeof(*rules));
}

/* Whether NAME is that of a file, or there is none. */
static bool is_no_dash(const char *name)
{
	return name == NULL || strcmp(name, "-") != 0;
}

/* There is one place for bodies, and one kind of data on standard output. */
static void check_outputs(const struct settings *settings)
{
	static const char excludes[] = "excludes", needs[] = "needs";
	const struct out_settings *out = &settings->out;
	const bool tar = out->tar != NULL, warc = out->warc != NULL;
	const bool document = settings->output_document != NULL;
	const bool to_stdout = settings_is_stdout(settings->output_document) ||
			       settings_is_stdout(out->tar);
	const struct rule rules[] = {
		{ tar, "tar", !document && !settings->discard && !warc,
		  excludes, "--output-document, --warc and --discard" },
		{ warc, "warc", !document && !settings->discard,
		  excludes, "--output-document and --discard" },
		{ tar, "tar", !settings->ask.head, excludes, "--head" },
		{ warc, "warc", !settings->ask.head, excludes, "--head" },
		/* Archives hold what the server has sent. */
		{ warc, "warc", !settings->net.compressed, excludes,
		  "--compressed" },
		{ out->tar_shard > 0, "tar-shard",
		  tar && !settings_is_stdout(out->tar), needs, "--tar=FILE" },
		{ out->discard_failed, "discard-failed", tar, needs, "--tar" },
		{ out->separator.bytes != NULL, "separator", document, needs,
		  "--output-document" },
		{ out->null_out, "null-out", document, needs,
		  "--output-document" },
		{ settings_is_stdout(out->json), "json", !to_stdout,
		  "without a file excludes",
		  "other data on standard output" },
	};

	const struct rule files[] = {
		{ true, "failed", is_no_dash(out->failed), needs,
		  "a file, not '-'" },
		{ true, "metrics", is_no_dash(out->metrics), needs,
		  "a file, not '-'" },
		{ true, "warc", is_no_dash(out->warc), needs,
		  "a file, not '-'" },
		{ true, "journal", is_no_dash(settings->journal.file), needs,
		  "a file, not '-'" },
	};

	apply_rules(rules, sizeof(rules) / sizeof(*rules));
	apply_rules(files, sizeof(files) / sizeof(*files));
}

static void check_requests(const struct settings *settings)
{
	static const char excludes[] = "excludes";
	const struct ask_settings *ask = &settings->ask;
	const bool data = ask->data.bytes != NULL;
	const struct rule rules[] = {
		{ ask->head, "head", ask->method == NULL && !data, excludes,
		  "--method and --data" },
		/* RFC 9110, 9.3.2. */
		{ data, "data", ask->method == NULL ||
		  strcmp(ask->method, "HEAD") != 0, excludes,
		  "--method=HEAD" },
		{ ask->bearer != NULL, "bearer-file",
		  ask->login == NULL && ask->netrc == NULL, excludes,
		  "--user and --netrc" },
		{ ask->cookie != NULL, "cookie",
		  ask->cookie != NULL && strchr(ask->cookie, '=') != NULL,
		  "takes NAME=VALUE; files are for", "--load-cookies" },
		{ settings->net.compressed, "compressed",
		  settings->segments <= 1, excludes, "--segments" },
	};

	apply_rules(rules, sizeof(rules) / sizeof(*rules));
}

static void check_connection(const struct settings *settings)
{
	static const char excludes[] = "excludes";
	const struct net_settings *net = &settings->net;
	const struct rule rules[] = {
		{ net->http1, "http1.1", !net->http2, excludes, "--http2" },
		{ net->ipv4, "ipv4", !net->ipv6, excludes, "--ipv6" },
		/* Through either of them, the address is not seen. */
		{ net->deny_private, "deny-private",
		  net->proxy == NULL && net->unix_socket == NULL, excludes,
		  "--proxy and --unix-socket" },
		{ settings->tls.key != NULL, "key",
		  settings->tls.certificate != NULL, "needs", "--cert" },
	};

	apply_rules(rules, sizeof(rules) / sizeof(*rules));
}

static void check_running(enum options_command command,
			  const struct settings *settings)
{
	const struct compare_settings *compare = &settings->compare;
	const bool one = command == OPTIONS_FETCH;
	const struct rule rules[] = {
		{ settings->null_separated, "null",
		  strcmp(settings->input_format, "lines") == 0, "needs",
		  "--input-format=lines" },
		{ settings->random_wait, "random-wait", settings->wait_ms > 0,
		  "needs", "--wait" },
		{ settings->gil, "gil", settings->cpu_work_us > 0, "needs",
		  "--cpu-work" },
		{ settings->offload > 0, "offload", settings->cpu_work_us > 0,
		  "needs", "--cpu-work" },
		{ one && settings->max_jobs != SETTINGS_UNSET, "max-jobs",
		  settings->jobs == SETTINGS_AUTO, "needs", "--jobs=auto" },
		{ compare->runs != SETTINGS_UNSET, "runs",
		  compare->until_ci == 0 && compare->max_runs == SETTINGS_UNSET,
		  "is an exact number and excludes",
		  "--max-runs and --until-ci" },
	};

	apply_rules(rules, sizeof(rules) / sizeof(*rules));
}

void options_check(enum options_command command,
		   const struct settings *settings)
{
	check_running(command, settings);
	check_files(settings);
	check_names(settings);
	check_outputs(settings);
	check_requests(settings);
	check_connection(settings);
}

void options_fill_in(struct settings *settings)
{
	if (settings->checksum_file != NULL && settings->digest == NULL)
		settings->digest = digest_name(DIGEST_SHA256);
	if (settings->journal.resume && settings->journal.file == NULL)
		settings->journal.file = "";
	if (settings->journal.durability == NULL)
		settings->journal.durability =
			settings->journal.file != NULL ? "group" : "none";
	/* What was begun is part of what is to survive. */
	if (settings->journal.file != NULL &&
	    settings_sink(settings) == SINK_FILE)
		settings->resume = true;
	if (settings->max_cooldown_ms == SETTINGS_UNSET)
		settings->max_cooldown_ms = settings->retry_max_wait_ms;
	if (settings->max_jobs == SETTINGS_UNSET)
		settings->max_jobs = MAX_JOBS;
	if (settings->name_template == NULL &&
	    (settings->force_directories || settings->no_host_directories ||
	     settings->cut_dirs > 0))
		settings->name_template = settings->no_host_directories
			? "{path}{query}" : "{host}/{path}{query}";
	settings->automatic = settings->jobs == SETTINGS_AUTO;
	if (settings->automatic)
		settings->jobs = settings->max_jobs;
}
