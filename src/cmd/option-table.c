/* The options as data; see option-table.h. */
#include "config.h"

#include "cmd/option-table.h"

#include <string.h>

#include "transfer/publish.h"

#define AT(field) offsetof(struct settings, field)
/* The commands that run a list, and those that run it only once. */
#define RUNS (OPTIONS_FETCH | OPTIONS_COMPARE | OPTIONS_MEASURE)
#define ONE_RUN (OPTIONS_FETCH | OPTIONS_MEASURE)
#define RARE OPTIONS_RARE
#define ALL (OPTIONS_FETCH | OPTIONS_ORIGIN | OPTIONS_COMPARE)
#define MILLION 1000000
#define DAY_MS 86400000
#define DAY_US 86400000000

const struct option_row option_table[] = {
{ "What to compare", 's', "strategy", KIND_TEXT, "NAME,...",
  AT(compare.strategies), 0, 0, NULL, "strategies to compare [all]",
  OPTIONS_COMPARE },
{ NULL, 'j', "jobs", KIND_TEXT, "N,...", AT(compare.jobs), 0, 0,
  "1,2,5,10,50", "numbers of transfers in flight, or\nauto",
  OPTIONS_COMPARE },
{ NULL, 0, "origin", KIND_MAYBE, "SPEC", AT(compare.origin), 0, 0, NULL,
  "start the built-in server for host origin.test;\n"
  "with SPEC urls=N,latency=TIME,size=BYTES, also\n"
  "fetch N generated URLs from it", OPTIONS_COMPARE },
{ "Runs", 0, "runs", KIND_COUNT, "N", AT(compare.runs), 1, 1000, NULL,
  "run exactly N blocks [at least 10 blocks and\n"
  "3 seconds]", OPTIONS_COMPARE },
{ NULL, 0, "max-runs", KIND_COUNT, "N", AT(compare.max_runs), 1, 1000,
  NULL, "run at most N blocks [100]", OPTIONS_COMPARE },
{ NULL, 0, "until-ci", KIND_PERCENT, "P", AT(compare.until_ci), 1, 100000,
  NULL, "continue until each 95 % interval is within P%\n"
  "of its median", OPTIONS_COMPARE },
{ NULL, 0, "seed", KIND_COUNT, "N", AT(compare.seed), 0, UINT64_MAX - 1,
  NULL, "seed for the order of the runs [random]", OPTIONS_COMPARE },
{ NULL, 0, "keep", KIND_TEXT, "DIR", AT(compare.keep), 0, 0, NULL,
  "save the bodies of all runs below DIR", OPTIONS_COMPARE },
{ NULL, 'y', "yes", KIND_FLAG, NULL, AT(compare.yes), 0, 0, NULL,
  "send requests to other machines without asking", OPTIONS_COMPARE },
{ "Results", 'v', "verbose", KIND_FLAG, NULL, AT(verbose), 0, 0, NULL,
  "print all tables", OPTIONS_COMPARE },
{ NULL, 0, "chart", KIND_FLAG, NULL, AT(compare.chart), 0, 0, NULL,
  "draw bars and time lines in the terminal", OPTIONS_COMPARE },
{ NULL, 0, "color", KIND_WHEN, "WHEN", AT(compare.colour), 0, 0, "auto",
  "use colour: auto, always or never", OPTIONS_COMPARE },
{ NULL, 0, "report", KIND_TEXT, "FILE", AT(compare.report), 0, 0, NULL,
  "write an HTML page with charts", OPTIONS_COMPARE },
{ NULL, 0, "export-json", KIND_TEXT, "FILE", AT(compare.json), 0, 0, NULL,
  "write all samples as JSON (a superset of\n"
  "hyperfine's format)", OPTIONS_COMPARE },
{ NULL, 0, "export-csv", KIND_TEXT, "FILE", AT(compare.csv), 0, 0, NULL,
  "write all figures as CSV", OPTIONS_COMPARE },
{ NULL, 0, "export-markdown", KIND_TEXT, "FILE", AT(compare.markdown), 0, 0,
  NULL, "write the tables as Markdown", OPTIONS_COMPARE },
{ NULL, 0, "trace", KIND_TEXT, "DIR", AT(compare.trace), 0, 0, NULL,
  "write a trace of each combination, to be viewed\n"
  "at ui.perfetto.dev", OPTIONS_COMPARE },
{ "Measuring", 0, "measure-fd", KIND_COUNT, "N", AT(measure_fd), 3, INT32_MAX,
  NULL, "where the record goes", OPTIONS_MEASURE },
{ NULL, 0, "stay", KIND_FLAG, NULL, AT(stay), 0, 0,
  NULL, "follow no redirect to another machine", OPTIONS_MEASURE },
{ NULL, 0, "origin-port", KIND_COUNT, "N", AT(origin_port), 0, 65535,
  "0", "of the server for host origin.test", OPTIONS_MEASURE },
{ "Concurrency", 's', "strategy", KIND_STRATEGY, "NAME", AT(strategy), 0, 0,
  "event", "strategy; see --list-strategies", ONE_RUN },
{ NULL, 'j', "jobs", KIND_JOBS, "N", AT(jobs), 1, 10000,
  "16", "at most N transfers in flight; auto: find out\n"
  "how many are good for each host and in all", ONE_RUN },
{ NULL, 0, "max-jobs", KIND_COUNT, "N", AT(max_jobs), 1, 10000,
  NULL, "most transfers in flight with -j auto [128]", RUNS | RARE },
{ NULL, 0, "queue", KIND_COUNT, "N", AT(queue), 0, MILLION,
  NULL, "entries read ahead of the workers [as --jobs]", RUNS },
{ NULL, 0, "loops", KIND_COUNT, "N", AT(loops), 1, 1024,
  NULL, "event loops for strategy loops [one per core]", RUNS | RARE },
{ "Hosts", 0, "per-host", KIND_COUNT, "N", AT(per_host), 0, 10000,
  "0", "at most N transfers in flight to one host;\n"
  "0: no limit of its own", RUNS },
{ NULL, 0, "host-rate", KIND_RATE, "N/s", AT(host_interval_us), 0, DAY_US,
  "0", "start at most N requests a second (or /m, /h)\n"
  "to one host", RUNS },
{ NULL, 0, "rate", KIND_RATE, "N/s", AT(interval_us), 0, DAY_US,
  "0", "the same for all hosts together", RUNS | RARE },
{ NULL, 0, "limit-rate", KIND_SIZE, "BYTES", AT(limit_rate), 0, INT64_MAX,
  "0", "receive at most BYTES a second in all (K, M, G)", RUNS },
{ NULL, 0, "wait", KIND_SECONDS, "SECONDS", AT(wait_ms), 0, DAY_MS,
  "0", "pause between the end of a request and the next\n"
  "one to the same host", RUNS | RARE },
{ NULL, 0, "random-wait", KIND_FLAG, NULL, AT(random_wait), 0, 0,
  NULL, "wait 0.5 to 1.5 times as long", RUNS | RARE },
{ NULL, 0, "max-cooldown", KIND_SECONDS, "SECONDS", AT(max_cooldown_ms), 0,
  DAY_MS, NULL, "longest time without requests to a host that\n"
  "refuses them or can't be reached\n[as --retry-max-wait]", RUNS | RARE },
{ NULL, 0, "host-failures", KIND_COUNT, "N", AT(host_failures), 0, 10000,
  "5", "give up a host that can't be reached N times\n"
  "in a row; 0: never", RUNS | RARE },
{ NULL, 0, "hosts", KIND_HOSTS, "RULE,...", AT(hosts), 0, 0, NULL,
  "allow:PATTERN or deny:PATTERN; the first that\n"
  "matches a host decides", RUNS | RARE },
{ NULL, 0, "robots", KIND_FLAG, NULL, AT(robots), 0, 0,
  NULL, "fetch no URL that the robots.txt of its host\n"
  "disallows", OPTIONS_FETCH | RARE },
{ "List", '0', "null", KIND_FLAG, NULL, AT(null_separated), 0, 0,
  NULL, "entries end in NUL instead of newline", RUNS },
{ NULL, 0, "input-format", KIND_FORMAT, "FORMAT", AT(input_format), 0, 0,
  "lines", "lines: a URL and its fields on each line;\n"
  "aria2: options on indented lines; curl: as for\n"
  "-K", OPTIONS_FETCH | RARE },
{ NULL, 0, "base", KIND_TEXT, "URL", AT(base), 0, 0, NULL,
  "resolve relative lines against URL", OPTIONS_FETCH | RARE },
{ NULL, 0, "unique", KIND_FLAG, NULL, AT(unique), 0, 0, NULL,
  "skip URLs that were in the list before", OPTIONS_FETCH },
{ "Requests", 'H', "header", KIND_HEADER, "LINE", AT(ask.headers), 0, 0, NULL,
  "send 'Name: value' (or @FILE) to entries' hosts", RUNS },
{ NULL, 'A', "user-agent", KIND_LINE, "TEXT", AT(ask.user_agent), 0, 0, NULL,
  "User-Agent to send [pfetch/VERSION]", RUNS | RARE },
{ NULL, 'e', "referer", KIND_LINE, "URL", AT(ask.referer), 0, 0, NULL,
  "Referer to send to the host of each entry", RUNS | RARE },
{ NULL, 0, "accept", KIND_LINE, "TYPES", AT(ask.accept), 0, 0, NULL,
  "media types to ask for, in Accept [*/*]", RUNS | RARE },
{ NULL, 'X', "method", KIND_METHOD, "METHOD", AT(ask.method), 0, 0, NULL,
  "method to use [GET, or POST with data]", RUNS | RARE },
{ NULL, 'I', "head", KIND_FLAG, NULL, AT(ask.head), 0, 0, NULL,
  "ask with HEAD, and keep nothing", RUNS | RARE },
{ NULL, 'd', "data", KIND_DATA, "DATA", AT(ask.data), 0, 0, NULL,
  "content to send, or @FILE; several are joined\nby &", RUNS | RARE },
{ NULL, 0, "data-file", KIND_DATA_FILE, "FILE", AT(ask.data), 0, 0, NULL,
  "content to send: the bytes of FILE", RUNS | RARE },
{ NULL, 0, "compressed", KIND_FLAG, NULL, AT(net.compressed), 0, 0, NULL,
  "ask for gzip, br or zstd, and unpack bodies", RUNS | RARE },
{ NULL, 'b', "cookie", KIND_SECRET, "DATA", AT(ask.cookie), 0, 0, NULL,
  "cookies to send to the host of each entry, as\n"
  "'NAME=VALUE; ...', or @FILE", RUNS | RARE },
{ NULL, 0, "load-cookies", KIND_TEXT, "FILE", AT(ask.load_cookies), 0, 0, NULL,
  "take cookies from FILE, in Netscape's format,\n"
  "and from servers", RUNS | RARE },
{ NULL, 0, "save-cookies", KIND_TEXT, "FILE", AT(ask.save_cookies), 0, 0, NULL,
  "take cookies from servers, and write them to\n"
  "FILE at the end", OPTIONS_FETCH | RARE },
{ NULL, 'u', "user", KIND_SECRET, "USER:PASSWORD", AT(ask.login), 0, 0, NULL,
  "login for the host of each entry, or @FILE", RUNS },
{ NULL, 0, "bearer-file", KIND_SECRET_FILE, "FILE", AT(ask.bearer), 0, 0, NULL,
  "send the token in FILE to each entry's host", RUNS | RARE },
{ NULL, 'n', "netrc", KIND_MAYBE, "FILE", AT(ask.netrc), 0, 0, NULL,
  "take logins from FILE, or ~/.netrc if not named", RUNS | RARE },
{ NULL, 0, "netrc-file", KIND_TEXT, "FILE", AT(ask.netrc), 0, 0, NULL,
  "the same", RUNS | RARE },
{ NULL, 0, "auth", KIND_AUTH, "SCHEME", AT(ask.auth), 0, 0, "basic",
  "how to log in: basic, digest or any", RUNS | RARE },
{ "Output", 'P', "directory-prefix", KIND_TEXT, "DIR", AT(directory), 0, 0,
  ".", "save files in DIR, created if missing", ONE_RUN },
{ NULL, 'o', "output-template", KIND_TEMPLATE, "NAME", AT(name_template), 0, 0,
  NULL, "name files by {host}, {path}, {name}, {ext},\n"
  "{query}, {n}, {n:06}, {hash} and {date}", OPTIONS_FETCH },
{ NULL, 'x', "force-directories", KIND_FLAG, NULL, AT(force_directories), 0, 0,
  NULL, "the same as -o {host}/{path}{query}", OPTIONS_FETCH | RARE },
{ NULL, 0, "no-host-directories", KIND_FLAG, NULL, AT(no_host_directories), 0,
  0, NULL, "the same as -o {path}{query}; also -nH", OPTIONS_FETCH | RARE },
{ NULL, 0, "cut-dirs", KIND_COUNT, "N", AT(cut_dirs), 0, 1000,
  "0", "leave out the first N directories of {path}", OPTIONS_FETCH | RARE },
{ NULL, 0, "skip-existing", KIND_FLAG, NULL, AT(skip_existing), 0, 0, NULL,
  "skip entries whose file is there already", OPTIONS_FETCH },
{ NULL, 0, "overwrite", KIND_FLAG, NULL, AT(overwrite), 0, 0, NULL,
  "replace files that were there before the run", OPTIONS_FETCH },
{ NULL, 'N', "timestamping", KIND_FLAG, NULL, AT(timestamps), 0, 0, NULL,
  "replace only files that are newer on the\n"
  "server, and give files the server's time", OPTIONS_FETCH },
{ NULL, 0, "etags", KIND_TEXT, "FILE", AT(etags), 0, 0, NULL,
  "replace only files whose entity tag is not the\n"
  "one in FILE, and update FILE", OPTIONS_FETCH | RARE },
{ NULL, 0, "backups", KIND_COUNT, "N", AT(backups), 0, PUBLISH_BACKUPS_MAX,
  "0", "keep N earlier versions of a file that is\n"
  "replaced, as NAME.~1~ (the latest) and so on", OPTIONS_FETCH | RARE },
{ NULL, 0, "content-disposition", KIND_FLAG, NULL, AT(content_disposition), 0,
  0, NULL, "take names from the server's Content-\n"
  "Disposition", OPTIONS_FETCH | RARE },
{ NULL, 0, "preallocate", KIND_FLAG, NULL, AT(preallocate), 0, 0, NULL,
  "reserve disk space when the size is known", OPTIONS_FETCH | RARE },
{ NULL, 'O', "output-document", KIND_TEXT, "FILE", AT(output_document), 0, 0,
  NULL, "write all bodies to FILE, in list order;\n"
  "- is standard output", OPTIONS_FETCH },
{ NULL, 0, "separator", KIND_SEPARATOR, "TEXT", AT(out.separator), 0, 0, NULL,
  "with -O, write TEXT between bodies; \\n and the\nlike are as in C",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "null-out", KIND_FLAG, NULL, AT(out.null_out), 0, 0, NULL,
  "with -O, write a NUL after each body", OPTIONS_FETCH | RARE },
{ NULL, 0, "tar", KIND_MAYBE, "FILE", AT(out.tar), 0, 0, NULL,
  "write bodies to a tar archive [standard output]", OPTIONS_FETCH },
{ NULL, 0, "tar-shard", KIND_COUNT, "N", AT(out.tar_shard), 0, INT64_MAX,
  "0", "begin another archive every N bodies, and store\n"
  "each body's record after it (WebDataset)", OPTIONS_FETCH | RARE },
{ NULL, 0, "discard-failed", KIND_FLAG, NULL, AT(out.discard_failed), 0, 0,
  NULL, "do not store records of failed entries in the\narchive",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "warc", KIND_TEXT, "FILE", AT(out.warc), 0, 0, NULL,
  "write a web archive (WARC/1.1), FILE.warc.gz,\n"
  "and its index, FILE.cdx", OPTIONS_FETCH | RARE },
{ NULL, 0, "warc-max-size", KIND_SIZE, "BYTES", AT(out.warc_max_size), 0,
  INT64_MAX, "1G", "begin another archive, FILE-00001.warc.gz, once\n"
  "one reaches BYTES; 0: never", OPTIONS_FETCH | RARE },
{ NULL, 'c', "continue", KIND_FLAG, NULL, AT(resume), 0, 0,
  NULL, "keep incomplete bodies of large files when\n"
  "interrupted, and continue them in the next run", OPTIONS_FETCH },
{ NULL, 0, "segments", KIND_COUNT, "N", AT(segments), 1, 64,
  "1", "fetch each large body over N connections if the\n"
  "server can send parts of it", OPTIONS_FETCH | RARE },
{ NULL, 0, "journal", KIND_MAYBE, "FILE", AT(journal.file), 0, 0, NULL,
  "record finished entries in FILE, to be resumed\n"
  "[.pfetch in the directory of -P]",
  OPTIONS_FETCH },
{ NULL, 0, "resume", KIND_FLAG, NULL, AT(journal.resume), 0, 0, NULL,
  "continue the run recorded in the journal", OPTIONS_FETCH },
{ NULL, 0, "retry-failed", KIND_FLAG, NULL, AT(journal.retry_failed), 0, 0,
  NULL, "with --resume, also fetch what failed\npermanently",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "durability", KIND_DURABILITY, "HOW", AT(journal.durability), 0,
  0, NULL, "report results only once they are on disk,\n"
  "synced in groups (group), one by one (each) or\n"
  "not at all (none)\n[group with --journal, else none]",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "discard", KIND_FLAG, NULL, AT(discard), 0, 0,
  NULL, "count the bytes and keep nothing", ONE_RUN },
{ NULL, 0, "digest", KIND_DIGEST, "KIND", AT(digest), 0, 0,
  NULL, "compute a digest of each body, shown by -v:\n"
  "sha256, sha512, sha1 or md5", OPTIONS_FETCH | RARE },
{ NULL, 0, "checksum-file", KIND_TEXT, "FILE", AT(checksum_file), 0, 0,
  NULL, "write digests of the saved files to FILE, for\n"
  "sha256sum -c and its relatives", OPTIONS_FETCH | RARE },
{ "Reports", 'q', "quiet", KIND_FLAG, NULL, AT(quiet), 0, 0,
  NULL, "report failures only", OPTIONS_FETCH },
{ NULL, 'v', "verbose", KIND_FLAG, NULL, AT(verbose), 0, 0,
  NULL, "also report phases, file names and totals", OPTIONS_FETCH },
{ NULL, 0, "json", KIND_MAYBE, "FILE", AT(out.json), 0, 0, NULL,
  "write a JSON record of each entry, and one of\n"
  "the run, to FILE [standard output]", OPTIONS_FETCH },
{ NULL, 'w', "write-out", KIND_WRITE_OUT, "FORMAT", AT(out.write_out), 0, 0,
  NULL, "print FORMAT for each entry, like curl's -w", OPTIONS_FETCH },
{ NULL, 0, "order", KIND_ORDER, "ORDER", AT(out.order), 0, 0, NULL,
  "report and write entries in the order of the\n"
  "list (input) or as they end (done)\n[done; -O: input]",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "failed", KIND_TEXT, "FILE", AT(out.failed), 0, 0, NULL,
  "write failed entries to FILE, as a list", OPTIONS_FETCH },
{ NULL, 0, "metrics", KIND_TEXT, "FILE", AT(out.metrics), 0, 0, NULL,
  "write metrics for Prometheus to FILE every 10\nseconds",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "progress", KIND_PROGRESS, "HOW", AT(out.progress), 0, 0, "auto",
  "show progress on standard error: bar, plain (a\n"
  "line every 10 seconds), none, or auto: a bar on\na terminal",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "trace", KIND_TEXT, "FILE", AT(trace), 0, 0,
  NULL, "write a trace, to be viewed at ui.perfetto.dev", ONE_RUN },
{ "Retries and limits", 't', "tries", KIND_COUNT, "N", AT(tries), 1, 1000,
  "3", "at most N tries if failures are temporary", RUNS },
{ NULL, 0, "retry-max-wait", KIND_SECONDS, "SECONDS", AT(retry_max_wait_ms),
  0, DAY_MS, "60", "longest wait before a retry, even if\n"
  "Retry-After asks for more", RUNS | RARE },
{ NULL, 0, "connect-timeout", KIND_SECONDS, "SECONDS", AT(connect_timeout_ms),
  1, DAY_MS, "15", "longest time for name look-up, connecting\n"
  "and TLS handshake", RUNS | RARE },
{ NULL, 0, "stall-timeout", KIND_SECONDS, "SECONDS", AT(stall_timeout_ms),
  0, DAY_MS, "30", "give up if below 100 bytes/s for this long;\n"
  "0: never", RUNS | RARE },
{ NULL, 0, "max-time", KIND_SECONDS, "SECONDS", AT(max_time_ms), 0, DAY_MS,
  "0", "longest time for one try; 0: no limit", RUNS },
{ NULL, 0, "max-redirect", KIND_COUNT, "N", AT(max_redirect), 0, 1000,
  "20", "follow at most N redirects", RUNS | RARE },
{ NULL, 0, "max-size", KIND_SIZE, "BYTES", AT(max_size), 0, INT64_MAX,
  "0", "largest body accepted (K, M, G); 0: no limit", RUNS },
{ NULL, 0, "max-header", KIND_SIZE, "BYTES", AT(max_header), 1024,
  1024 * MILLION, "256K", "largest total of headers and trailers",
  RUNS | RARE },
{ NULL, 0, "accept-status", KIND_STATUSES, "LIST", AT(accepted_text), 0, 0,
  NULL, "also keep bodies with these statuses, such as\n"
  "404,5xx", RUNS | RARE },
{ NULL, 0, "fail-fast", KIND_FLAG, NULL, AT(end.fail_fast), 0, 0,
  NULL, "stop when the first entry has failed", OPTIONS_FETCH | RARE },
{ NULL, 0, "max-failures", KIND_FAILURES, "N", AT(end.max_failures), 0, 0,
  NULL, "stop when more than N entries have failed; or\n"
  "N%, once 100 have ended", OPTIONS_FETCH | RARE },
{ NULL, 0, "max-total", KIND_SIZE, "BYTES", AT(end.max_total), 0, INT64_MAX,
  "0", "receive at most BYTES of bodies in all",
  OPTIONS_FETCH | RARE },
{ NULL, 0, "min-free", KIND_SIZE, "BYTES", AT(end.min_free), 0, INT64_MAX,
  "0", "stop rather than leave less than BYTES of disk\nspace",
  OPTIONS_FETCH | RARE },
{ "Connection", 0, "http2", KIND_FLAG, NULL, AT(net.http2), 0, 0,
  NULL, "offer HTTP/2 over TLS", RUNS },
{ NULL, 0, "http1.1", KIND_FLAG, NULL, AT(net.http1), 0, 0,
  NULL, "use HTTP/1.1, which is the default", RUNS | RARE },
{ NULL, 0, "proxy", KIND_URL, "URL", AT(net.proxy), 0, 0, NULL,
  "use a proxy: http, https, socks5 or socks5h", RUNS },
{ NULL, 0, "proxy-user", KIND_SECRET, "USER:PASSWORD", AT(net.proxy_login), 0,
  0, NULL, "login for the proxy, or @FILE", RUNS | RARE },
{ NULL, 0, "proxy-auth", KIND_AUTH, "SCHEME", AT(net.proxy_auth), 0, 0,
  "basic", "how to log in to the proxy", RUNS | RARE },
{ NULL, 0, "noproxy", KIND_LINE, "HOST,...", AT(net.no_proxy), 0, 0, NULL,
  "hosts and domains to reach without a proxy\n[$no_proxy]",
  RUNS | RARE },
{ NULL, '4', "ipv4", KIND_FLAG, NULL, AT(net.ipv4), 0, 0, NULL,
  "use IPv4 addresses only", RUNS | RARE },
{ NULL, '6', "ipv6", KIND_FLAG, NULL, AT(net.ipv6), 0, 0, NULL,
  "use IPv6 addresses only", RUNS | RARE },
{ NULL, 0, "resolve", KIND_RESOLVE, "H:P:ADDR", AT(net.resolve), 0, 0, NULL,
  "use address ADDR[,ADDR] for host H at port P", RUNS | RARE },
{ NULL, 0, "connect-to", KIND_CONNECT_TO, "H:P:H2:P2", AT(net.connect_to), 0, 0,
  NULL, "connect to H2:P2 for requests to H:P", RUNS | RARE },
{ NULL, 0, "interface", KIND_INTERFACE, "NAME", AT(net.interface), 0, 0, NULL,
  "connect from this interface, address or host", RUNS | RARE },
{ NULL, 0, "unix-socket", KIND_LINE, "PATH", AT(net.unix_socket), 0, 0, NULL,
  "connect to this socket instead of hosts", RUNS | RARE },
{ NULL, 0, "dns-servers", KIND_LINE, "ADDR,...", AT(net.dns_servers), 0, 0,
  NULL, "ask these servers for addresses, if libcurl was\n"
  "built with c-ares", RUNS | RARE },
{ NULL, 0, "deny-private", KIND_FLAG, NULL, AT(net.deny_private), 0, 0, NULL,
  "connect to public addresses only", RUNS | RARE },
{ NULL, 0, "tcp-fastopen", KIND_FLAG, NULL, AT(net.fast_open), 0, 0, NULL,
  "send the request with the first packet", RUNS | RARE },
{ NULL, 0, "no-keepalive", KIND_FLAG, NULL, AT(net.no_keepalive), 0, 0, NULL,
  "use a connection for one request only", RUNS | RARE },
{ NULL, 0, "ca-certificate", KIND_TEXT, "FILE", AT(tls.ca_certificate), 0, 0,
  NULL, "trust only the CA certificates in FILE\n"
  "[the system's]", RUNS },
{ NULL, 0, "capath", KIND_TEXT, "DIR", AT(tls.ca_directory), 0, 0, NULL,
  "trust the CA certificates in DIR", RUNS | RARE },
{ NULL, 0, "cert", KIND_TEXT, "FILE", AT(tls.certificate), 0, 0, NULL,
  "present the certificate in FILE to the host of\neach entry", RUNS | RARE },
{ NULL, 0, "key", KIND_TEXT, "FILE", AT(tls.key), 0, 0, NULL,
  "private key of --cert [in the same file]", RUNS | RARE },
{ NULL, 0, "key-password", KIND_SECRET, "TEXT", AT(tls.key_password), 0, 0,
  NULL, "password of the private key, or @FILE", RUNS | RARE },
{ NULL, 0, "pinnedpubkey", KIND_PIN, "KEYS", AT(tls.pinned_key), 0, 0, NULL,
  "accept only servers with one of these keys, as\n"
  "sha256//HASH;... or a file", RUNS | RARE },
{ NULL, 0, "tls-min", KIND_TLS, "VERSION", AT(tls.version), 0, 0, "1.2",
  "lowest version of TLS: 1.0 to 1.3", RUNS | RARE },
{ NULL, 0, "insecure-host", KIND_HOST_LIST, "HOST", AT(tls.insecure_hosts), 0,
  0, NULL, "do not check the certificate of HOST", RUNS | RARE },
{ "Experiments", 0, "origin", KIND_FLAG, NULL, AT(origin), 0, 0,
  NULL, "start the built-in server for host origin.test", OPTIONS_FETCH },
{ NULL, 0, "cpu-work", KIND_FINE, "SECONDS", AT(cpu_work_us), 0,
  DAY_US, "0", "spend CPU time on each body, in its worker", RUNS },
{ NULL, 0, "gil", KIND_FLAG, NULL, AT(gil), 0, 0,
  NULL, "do this work under one lock per process, like\n"
  "Python's global interpreter lock", RUNS | RARE },
{ NULL, 0, "offload", KIND_COUNT, "N", AT(offload), 0, 1024,
  "0", "do this work in N threads per event loop", RUNS | RARE },
{ "Server", 0, "port", KIND_COUNT, "N", AT(port), 0, 65535,
  "0", "listen on this port of 127.0.0.1; 0: any", OPTIONS_ORIGIN },
{ "Information", 'K', "config", KIND_CONFIG, "FILE", 0, 0, 0, NULL,
  "read options from FILE, one on each line", RUNS },
{ NULL, 0, "list-strategies", KIND_ACTION, NULL, 0,
  ACTION_LIST_STRATEGIES, 0, NULL, "print the strategies and exit",
  OPTIONS_FETCH },
{ NULL, 'h', "help", KIND_ACTION, NULL, 0, ACTION_HELP, 0,
  NULL, "print this help and exit", ALL },
{ NULL, 0, "help-all", KIND_ACTION, NULL, 0, ACTION_HELP_ALL, 0,
  NULL, "print the help on all options and exit",
  OPTIONS_FETCH | OPTIONS_COMPARE | RARE },
{ NULL, 'V', "version", KIND_ACTION, NULL, 0, ACTION_VERSION, 0,
  NULL, "print the versions and exit", ALL },
{ .name = NULL },
};

_Static_assert(sizeof(option_table) / sizeof(*option_table) <=
	       OPTION_ROWS_MAX, "OPTION_ROWS_MAX is too small");

const struct option_alias option_aliases[] = {
	{ "input-file", NULL, 0 },                 /* wget */
	{ "output", "output-document", 0 },        /* curl */
	{ "no-clobber", "skip-existing", 0 },      /* wget */
	{ "output-dir", "directory-prefix", 0 },   /* curl */
	{ "dir", "directory-prefix", 0 },          /* aria2 */
	{ "max-redirs", "max-redirect", 0 },       /* curl */
	{ "max-filesize", "max-size", 0 },         /* curl */
	{ "parallel-max", "jobs", 0 },             /* curl */
	{ "max-threads", "jobs", 0 },              /* wget2 */
	{ "max-concurrent-downloads", "jobs", 0 }, /* aria2 */
	{ "max-tries", "tries", 0 },               /* aria2 */
	{ "split", "segments", 0 },                /* aria2 */
	{ "cacert", "ca-certificate", 0 },         /* curl */
	{ "ca-directory", "capath", 0 },           /* wget */
	{ "certificate", "cert", 0 },              /* wget, aria2 */
	{ "private-key", "key", 0 },               /* wget, aria2 */
	{ "request", "method", 0 },                /* curl */
	{ "body-file", "data-file", 0 },           /* wget */
	{ "post-file", "data-file", 0 },           /* wget */
	{ "cookie-jar", "save-cookies", 0 },       /* curl */
	{ "all-proxy", "proxy", 0 },               /* aria2 */
	{ "conf-path", "config", 0 },              /* aria2 */
	/* curl counts only the retries after the first try. */
	{ "retry", "tries", 1 },
	{ NULL, NULL, 0 },
};

_Static_assert(sizeof(option_aliases) / sizeof(*option_aliases) <=
	       OPTION_ALIASES_MAX, "OPTION_ALIASES_MAX is too small");

const struct option_row *option_find(enum options_command command,
				     const char *name)
{
	for (const struct option_row *row = option_table; row->name; row++) {
		if ((row->commands & command) != 0 &&
		    strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

const struct option_row *option_find_letter(enum options_command command,
					    int letter)
{
	for (const struct option_row *row = option_table; row->name; row++) {
		if ((row->commands & command) != 0 && row->letter != '\0' &&
		    row->letter == letter)
			return row;
	}
	return NULL;
}
