/*
 * What the user asked for: the value of every option, as plain data.
 *
 * The option table (cmd/option-table.h) says how each field is filled in.  None
 * changes once a run has begun, so any thread may read it.
 */
#ifndef PFETCH_BASE_SETTINGS_H
#define PFETCH_BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/request.h"
#include "base/status-set.h"
#include "base/terminal.h"
#include "base/text-list.h"

/* Options of `pfetch compare` alone. */
struct compare_settings {
	const char *strategies;     /* comma-separated names; NULL: all */
	const char *jobs;           /* comma-separated numbers */
	const char *origin;         /* what the origin serves; "": the list's
				     * own paths; NULL: no origin */
	uint64_t runs;              /* blocks; SETTINGS_UNSET: as needed */
	uint64_t max_runs;
	uint64_t until_ci;          /* thousandths of a percent; 0: none */
	uint64_t seed;              /* SETTINGS_UNSET: a random one */
	const char *keep;           /* directory for the bodies, or NULL */
	bool yes;                   /* do not ask for confirmation */
	bool chart;
	enum terminal_colour colour;
	const char *json, *csv, *markdown, *report; /* files, or NULL */
	const char *trace;          /* directory, or NULL */
};

/* What requests say. */
struct ask_settings {
	struct text_list headers;   /* "Name: value" */
	const char *user_agent, *referer, *accept; /* NULL: none of its own */
	const char *method;         /* NULL: as the content asks for */
	bool head;                  /* ask for headers only */
	struct text_data data;      /* content */
	const char *cookie;         /* "NAME=VALUE; ...", or NULL */
	const char *load_cookies, *save_cookies; /* files, or NULL */
	const char *login;          /* "user:password", or NULL */
	const char *bearer;         /* token, or NULL */
	const char *netrc;          /* file; "": the user's; NULL: none */
	const char *auth;           /* "basic", "digest" or "any" */
};

/* How servers are reached. */
struct net_settings {
	const char *proxy;          /* NULL: as the environment says */
	const char *proxy_login;    /* "user:password", or NULL */
	const char *proxy_auth;     /* as for servers */
	const char *no_proxy;       /* hosts, or NULL */
	bool ipv4, ipv6;            /* only addresses of that kind */
	struct text_list resolve;   /* CURLOPT_RESOLVE(3) */
	struct text_list connect_to; /* CURLOPT_CONNECT_TO(3) */
	const char *interface, *unix_socket, *dns_servers; /* or NULL */
	bool deny_private;          /* only public addresses */
	bool fast_open;             /* TCP fast open; RFC 7413 */
	bool no_keepalive;          /* a connection for each request */
	bool http1, http2;          /* the protocol asked for, if any */
	bool compressed;            /* offer content codings */
};

/* Whom TLS trusts, and who we are. */
struct tls_settings {
	const char *ca_certificate; /* file; NULL: the system's */
	const char *ca_directory;   /* NULL: none */
	const char *certificate, *key; /* our own: files, or NULL */
	const char *key_password;   /* or NULL */
	const char *pinned_key;     /* CURLOPT_PINNEDPUBLICKEY(3), or NULL */
	const char *version;        /* the lowest: "1.2" */
	struct text_list insecure_hosts; /* whose certificate is not checked */
};

/* When to give up the whole run. */
struct end_settings {
	bool fail_fast;
	uint64_t max_failures;      /* SETTINGS_UNSET: any number */
	uint64_t max_failures_ppm;  /* of the entries; the same */
	uint64_t max_total;         /* bytes of bodies; 0: any number */
	uint64_t min_free;          /* bytes of disk; 0: none */
};

/* What is written besides files, and how. */
struct out_settings {
	const char *json;           /* file; "" or "-": standard output; or
				     * NULL */
	const char *write_out;      /* format of output/write-out.h, or NULL */
	const char *order;          /* "input", "done" or NULL: by kind */
	const char *failed;         /* file for entries that failed, or NULL */
	const char *metrics;        /* file, or NULL */
	struct text_data separator; /* between bodies */
	bool null_out;              /* bodies end in NUL */
	const char *tar;            /* as JSON */
	uint64_t tar_shard;         /* bodies in each archive; 0: all */
	bool discard_failed;        /* archives do not mention failures */
	const char *warc;           /* file, or NULL */
	uint64_t warc_max_size;     /* bytes of each; 0: any */
	const char *progress;       /* "auto", "bar", "plain" or "none" */
};

/* What of the run is to survive its end. */
struct journal_settings {
	const char *file;           /* "": in the directory; NULL: none */
	bool resume;                /* go on with what is in it */
	bool retry_failed;          /* ... failures that were final, too */
	const char *durability;     /* "none", "group" or "each"; NULL: by
				     * whether there is a journal */
};

struct settings {
	const char *strategy;
	uint64_t jobs;              /* maximum number of transfers in flight */
	bool automatic;             /* find a good number, up to JOBS */
	uint64_t max_jobs;          /* for that */
	uint64_t queue;             /* read-ahead; SETTINGS_UNSET: jobs */
	uint64_t loops;             /* SETTINGS_UNSET: one per processor */
	bool null_separated;
	const char *input_format;   /* of core/list-format.h */
	const char *base;           /* URL for relative lines; or NULL */
	bool unique;                /* skip URLs that were there before */

	uint64_t per_host;          /* transfers in flight to a host; 0: any */
	uint64_t host_interval_us;  /* between two starts; 0: none */
	uint64_t interval_us;       /* the same for all hosts together */
	uint64_t limit_rate;        /* bytes per second in all; 0: any */
	uint64_t wait_ms;           /* from an end to the next start; 0: none */
	bool random_wait;
	uint64_t max_cooldown_ms;
	uint64_t host_failures;     /* in a row; 0: never give up */
	bool robots;                /* obey robots.txt */
	const char *hosts;          /* rules; NULL: all are allowed */

	const char *directory;
	const char *name_template;  /* of core/name-template.h; NULL: none */
	bool force_directories;
	bool no_host_directories;
	uint64_t cut_dirs;
	bool skip_existing;
	bool overwrite;
	const char *etags;          /* file of entity tags; NULL: none */
	uint64_t backups;           /* of files that are replaced */
	bool content_disposition;   /* names that servers suggest */
	bool preallocate;
	bool timestamps;            /* fetch only what is newer than the file */
	const char *output_document; /* NULL: one file per entry */
	bool discard;
	bool streams;               /* bodies are passed on as they arrive */
	uint64_t segments;          /* connections for one body */
	bool resume;                /* keep partial files, and continue them */

	uint64_t tries;
	uint64_t retry_max_wait_ms;
	uint64_t connect_timeout_ms;
	uint64_t stall_timeout_ms;
	uint64_t max_time_ms;       /* 0: none */
	uint64_t max_redirect;
	uint64_t max_size;          /* bytes; 0: none */
	uint64_t max_header;        /* bytes */
	const char *accepted_text;  /* of --accept-status, or NULL */
	bool accepts;               /* ... other statuses than 2xx: */
	struct status_set accepted;
	struct ask_settings ask;
	struct net_settings net;
	struct tls_settings tls;
	struct end_settings end;
	struct out_settings out;
	struct journal_settings journal;

	bool quiet;
	bool verbose;
	bool silent;                /* print nothing at all */
	const char *trace;          /* file; NULL: none */
	const char *checksum_file;  /* NULL: none */

	uint64_t cpu_work_us;       /* synthetic work for each response */
	bool gil;                   /* ... one at a time per process */
	uint64_t offload;           /* ... on this many threads per loop */
	const char *digest;         /* kind to compute of each body; or NULL */

	bool origin;
	uint64_t port;              /* of `pfetch origin`; 0: any free one */

	struct compare_settings compare;
	uint64_t measure_fd;        /* where `pfetch measure` writes its
				     * record */
	uint64_t origin_port;       /* port of compare's origin; 0: none */
	bool stay;                  /* refuse redirects to other machines */
};

#define SETTINGS_UNSET UINT64_MAX
#define SETTINGS_AUTO (UINT64_MAX - 1)

/* What becomes of bodies that are not stored as files. */
enum settings_bodies {
	BODIES_NOWHERE,      /* they are files, or discarded */
	BODIES_JOINED,       /* one after another */
	BODIES_TAR,
	BODIES_WARC,
};
enum settings_bodies settings_bodies(const struct settings *settings);

/* Whether entries have names: of files, or of members of an archive. */
bool settings_has_names(const struct settings *settings);

/* Whether FILE of an option stands for standard output. */
bool settings_is_stdout(const char *file);

/* Whether results have to say more than the report shows. */
bool settings_keeps_facts(const struct settings *settings);

/* Whether entries are reported in the order of the list. */
bool settings_in_order(const struct settings *settings);

/* Where bodies are stored. */
enum sink_kind settings_sink(const struct settings *settings);

/* Whether files that were there before the run are replaced. */
bool settings_replace(const struct settings *settings);

/* How many entries may be read but not yet done: jobs plus queue. */
uint64_t settings_window(const struct settings *settings);

#endif
