/* Names, URLs, retries, the list byte by byte, escaping and signals. */
#include "config.h"

#include "unit.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "core/list.h"
#include "core/name.h"
#include "core/names.h"
#include "core/retry.h"
#include "core/stop.h"
#include "core/url.h"
#include "output/escape.h"
#include "transfer/publish.h"

static const char *name_of(const char *path, const char *query)
{
	static char name[NAME_ROOM];

	name_from_url(path, strlen(path), query,
		      query != NULL ? strlen(query) : 0, name);
	return name;
}

START_TEST(names_of_urls)
{
	ck_assert_str_eq(name_of("/a/b.txt", NULL), "b.txt");
	ck_assert_str_eq(name_of("/a/", NULL), "index.html");
	ck_assert_str_eq(name_of("", NULL), "index.html");
	ck_assert_str_eq(name_of("/", "q=1&r"), "index.html?q=1&r");
	ck_assert_str_eq(name_of("/a%20b", NULL), "a b");
	ck_assert_str_eq(name_of("/%2e%2e", NULL), "_.");
	ck_assert_str_eq(name_of("/..", NULL), "_.");
	ck_assert_str_eq(name_of("/.", NULL), "_");
	ck_assert_str_eq(name_of("/a%2fb", "x/y"), "a_b?x_y");
	ck_assert_str_eq(name_of("/%252f", NULL), "%2f");
	ck_assert_str_eq(name_of("/a%00b%0d%7f", NULL), "a_b__");
	ck_assert_str_eq(name_of("/-x", NULL), "_x");
	ck_assert_str_eq(name_of("/caf%c3%a9", NULL), "caf\xc3\xa9");
	ck_assert_str_eq(name_of("/caf%e9", NULL), "caf_");
	ck_assert_str_eq(name_of("/a%e2%80%ae" "b", NULL), "a___b");
	ck_assert_str_eq(name_of("/a%", NULL), "a%");
	ck_assert_str_eq(name_of("/a%2", NULL), "a%2");
	ck_assert_str_eq(name_of("/a%zz", NULL), "a%zz");
}
END_TEST

START_TEST(no_name_is_dangerous)
{
	char path[64], name[NAME_ROOM];

	for (unsigned byte = 0; byte < 256; byte++) {
		for (int at = 0; at < 3; at++) {
			snprintf(path, sizeof(path), "/%.*s%%%02x%s", at,
				 "..", byte, "..");
			name_from_url(path, strlen(path), NULL, 0, name);
			ck_assert(name[0] != '.' && name[0] != '-');
			ck_assert(name[0] != '\0');
			for (const char *c = name; *c != '\0'; c++)
				ck_assert((unsigned char)*c >= 0x20 &&
					  *c != '/' && *c != '\\' &&
					  *c != 0x7f);
		}
	}
}
END_TEST

START_TEST(long_names_are_cut_and_stay_apart)
{
	char path[4100], one[NAME_ROOM], two[NAME_ROOM];

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[4098] = '1';
	path[4099] = '\0';
	name_from_url(path, strlen(path), NULL, 0, one);
	path[4098] = '2';
	name_from_url(path, strlen(path), NULL, 0, two);
	ck_assert_str_ne(one, two);
	ck_assert_uint_eq(strlen(one), NAME_KEPT + 17);
	path[1 + NAME_KEPT] = '\0';
	ck_assert_uint_eq(strlen(name_of(path, NULL)), NAME_KEPT);
}
END_TEST

static const char *parsed(const char *text)
{
	static char shown[512];
	struct url_parser *parser = url_parser_new();
	char *url = NULL;
	const char *fault = url_parse(parser, text, &url, NULL);

	snprintf(shown, sizeof(shown), "%s", fault != NULL ? "-" : url);
	free(url);
	url_parser_free(parser);
	return shown;
}

START_TEST(urls)
{
	ck_assert_str_eq(parsed("http://h/p?q#f"), "http://h/p?q");
	ck_assert_str_eq(parsed("http://h/"), "http://h/");
	ck_assert_str_eq(parsed("https://u:p@h:8/"), "https://u:p@h:8/");
	ck_assert_str_eq(parsed("http://h/\xc3\xa9"), "http://h/%c3%a9");
	ck_assert_str_eq(parsed("h/p"), "-");
	ck_assert_str_eq(parsed("ftp://h/"), "-");
	ck_assert_str_eq(parsed("file:///etc/passwd"), "-");
	ck_assert_str_eq(parsed("http:///h"), "-");
	ck_assert_str_eq(parsed("http://"), "-");
	ck_assert_str_eq(parsed("http://h\\@x/"), "-");
	ck_assert_str_eq(parsed("http://h:99999/"), "-");
	ck_assert_str_eq(parsed("http://h/a b"), "-");
	ck_assert_str_eq(parsed("http://h/\n"), "-");
}
END_TEST

/* Makes the name of TEXT as parsed by libcurl, or "-" if libcurl refuses it. */
static void parse_by_libcurl(const char *text, char name[NAME_ROOM])
{
	CURLU *handle = curl_url();
	char *path = NULL, *query = NULL;

	snprintf(name, NAME_ROOM, "-");
	if (curl_url_set(handle, CURLUPART_URL, text, CURLU_URLENCODE) ==
	    CURLUE_OK) {
		curl_url_get(handle, CURLUPART_PATH, &path, 0);
		curl_url_get(handle, CURLUPART_QUERY, &query, 0);
		name_from_url(path, strlen(path), query,
			      query != NULL ? strlen(query) : 0, name);
	}
	curl_free(path);
	curl_free(query);
	curl_url_cleanup(handle);
}

/* Plain URLs bypass libcurl's parser, but must give the same results. */
START_TEST(plain_urls_are_read_as_libcurl_does)
{
	static const char *const parts[] = {
		"a", "b", "1", "0", ".", "..", "/", "//", "?", "%41", "%", ":",
		"@", "-", "x.y", "127.0.0.1", "0x7f", "017", ":80", ":0",
		":65535", ":65536", "#f", "+", "=", "&", "~", "[::1]", "A",
		"index", "!", "'", "|", "_",
	};
	struct url_parser *parser = url_parser_new();
	uint64_t state = 7;
	unsigned taken = 0;

	for (int i = 0; i < 200000; i++) {
		char text[256], name[NAME_ROOM], wanted[NAME_ROOM];
		char *url = NULL;
		const char *fault;

		snprintf(text, sizeof(text), "http%s://%s", i % 2 ? "s" : "",
			 i % 3 ? "h/" : "");
		for (int left = 1 + i % 7; left > 0; left--) {
			state = state * 6364136223846793005 + 1442695040888963;
			strcat(text, parts[(state >> 33) %
					   (sizeof(parts) / sizeof(*parts))]);
		}
		parse_by_libcurl(text, wanted);
		fault = url_parse(parser, text, &url, name);
		if (fault == NULL) {
			ck_assert_str_eq(name, wanted);
			taken++;
		}
		/* pfetch may refuse more than libcurl, but never less. */
		if (strcmp(wanted, "-") == 0)
			ck_assert_msg(fault != NULL, "%s", text);
		free(url);
	}
	ck_assert_uint_gt(taken, 50000);
	url_parser_free(parser);
}
END_TEST

static const char *led(const char *entry, const char *url, const char *to)
{
	static char shown[512];
	char *next = NULL;
	const char *fault = url_redirect(entry, url, to, &next);

	snprintf(shown, sizeof(shown), "%s", fault != NULL ? "-" : next);
	free(next);
	return shown;
}

START_TEST(redirects_and_logins)
{
	const char *entry = "http://u:p@h/a/b";

	ck_assert_str_eq(led(entry, entry, "c"), "http://u:p@h/a/c");
	ck_assert_str_eq(led(entry, entry, "/c#f"), "http://u:p@h/c");
	ck_assert_str_eq(led(entry, entry, "http://h:80/x"),
			 "http://u:p@h:80/x");
	ck_assert_str_eq(led(entry, entry, "http://h:81/x"), "http://h:81/x");
	ck_assert_str_eq(led(entry, entry, "https://h/x"), "https://h/x");
	ck_assert_str_eq(led(entry, entry, "//other/x"), "http://other/x");
	ck_assert_str_eq(led(entry, entry, "http://me:too@other/x"),
			 "http://other/x");
	/* Back at the first origin, its login applies again. */
	ck_assert_str_eq(led(entry, "http://other/x", "http://h/y"),
			 "http://u:p@h/y");
	ck_assert_str_eq(led(entry, entry, "a b"), "http://u:p@h/a/a%20b");
	ck_assert_str_eq(led(entry, entry, "http://a\\@c/"), "-");
	ck_assert_str_eq(led(entry, entry, "ftp://h/"), "-");
	ck_assert_str_eq(led(entry, entry, "file:///etc/passwd"), "-");
	ck_assert_str_eq(led(entry, entry, "javascript:alert(1)"), "-");
}
END_TEST

START_TEST(what_can_pass)
{
	struct result result = { .outcome = OUTCOME_FAILED,
				 .cause = CAUSE_HTTP };
	static const int can[] = { 408, 429, 500, 502, 503, 504 };
	int count = 0;

	for (result.http_status = 100; result.http_status < 600;
	     result.http_status++)
		count += retry_can_pass(&result);
	ck_assert_int_eq(count, 6);
	for (int i = 0; i < 6; i++) {
		result.http_status = can[i];
		ck_assert(retry_can_pass(&result));
	}
	for (int i = 0; i < CAUSE_COUNT; i++) {
		result.cause = (enum cause)i;
		result.http_status = 404;
		ck_assert(retry_can_pass(&result) ==
			  (i == CAUSE_CONNECT || i == CAUSE_RESET ||
			   i == CAUSE_TIMEOUT || i == CAUSE_TRUNCATED));
	}
	result.outcome = OUTCOME_OK;
	result.cause = CAUSE_RESET;
	ck_assert(!retry_can_pass(&result));
}
END_TEST

START_TEST(delays)
{
	struct result result = { .retry_after_s = -1 };
	uint64_t most = 0;

	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t delay = retry_delay_ms(&result, 1, 60000, i * 7919);

		ck_assert_uint_le(delay, 500);
		most = delay > most ? delay : most;
	}
	ck_assert_uint_gt(most, 490);
	ck_assert_uint_eq(retry_delay_ms(&result, 3, 60000, 2000), 2000);
	ck_assert_uint_le(retry_delay_ms(&result, 999, 60000, UINT64_MAX - 7),
			  60000);
	ck_assert_uint_eq(retry_delay_ms(&result, 1, 0, 123), 0);
	result.retry_after_s = 5;
	ck_assert_uint_ge(retry_delay_ms(&result, 1, 60000, 77), 5000);
	result.retry_after_s = INT64_MAX;
	ck_assert_uint_eq(retry_delay_ms(&result, 1, 60000, 77), 60000);
}
END_TEST

static int scratch_directory(void)
{
	char path[] = "/tmp/pfetch-unit-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(path));
	return open(path, O_RDONLY | O_DIRECTORY);
}

static void touch(int directory, const char *name)
{
	close(openat(directory, name, O_CREAT | O_WRONLY, 0666));
}

START_TEST(taken_names)
{
	int directory = scratch_directory();
	struct names *names;
	char *one, *two, *three, *four;

	touch(directory, "x.1");
	names = names_new(directory, false, false);
	one = names_take(names, "x");
	two = names_take(names, "x");
	three = names_take(names, "x");
	ck_assert_str_eq(one, "x");
	ck_assert_str_eq(two, "x.2");
	ck_assert_str_eq(three, "x.3");
	/* Whether failed or published, the name stays taken. */
	names_give_back(names, one, true);
	touch(directory, "x.2");
	names_give_back(names, two, false);
	four = names_take(names, "x");
	ck_assert_str_eq(four, "x.4");
	one = names_take(names, "x.3");
	ck_assert_str_eq(one, "x.3.1");
	names_give_back(names, one, false);
	names_give_back(names, three, false);
	names_give_back(names, four, false);
	names_free(names);
	close(directory);
}
END_TEST

static struct body body;

static int put_name(void *place, const char *name)
{
	return publish_file(place, 5, &body, name, false, 0);
}

/* Each way that the system supports of turning a small body into a file. */
START_TEST(small_bodies_become_files)
{
	struct sink_place place = { .directory_fd = scratch_directory(),
				    .run_id = "0" };
	struct sink sink;
	char text[8] = "";

	publish_find_naming(&place);
	for (int naming = place.naming; naming >= SINK_NAMED; naming--) {
		int fd;

		place.naming = (enum sink_naming)naming;
		sink_init(&sink, &place);
		sink_begin(&sink, SINK_FILE, 5, 0, false);
		ck_assert_int_eq(sink_write(&sink, "hello", 5), 0);
		body = (struct body){ .fd = -1 };
		ck_assert_int_eq(sink_finish(&sink, &body), 0);
		ck_assert_int_eq(body.kind, naming == SINK_NAMED
					    ? BODY_TEMP : BODY_UNNAMED);
		ck_assert_int_eq(put_name(&place, "w"), 0);
		ck_assert_int_eq(put_name(&place, "w") != 0, 1);
		if (body.kind == BODY_UNNAMED)
			close(body.fd);
		sink_release(&sink);
		fd = openat(place.directory_fd, "w", O_RDONLY);
		ck_assert_int_eq(read(fd, text, 8), 5);
		ck_assert_str_eq(text, "hello");
		close(fd);
		unlinkat(place.directory_fd, "w", 0);
	}
	close(place.directory_fd);
}
END_TEST

START_TEST(publishing_replaces_nothing)
{
	int directory = scratch_directory();
	struct sink_place place = { .directory_fd = directory,
				    .run_id = "0" };
	char temp[SINK_NAME_ROOM];
	struct names *names = names_new(directory, false, false);
	char *name = names_take(names, "y");

	touch(directory, "y");
	body.kind = BODY_TEMP;
	sink_temp_name(&place, 5, temp);
	touch(directory, temp);
	ck_assert_int_eq(names_publish(names, put_name, &place, &name), 0);
	ck_assert_str_eq(name, "y.1");
	ck_assert_int_eq(faccessat(directory, "y.1", F_OK, 0), 0);
	ck_assert_int_ne(faccessat(directory, temp, F_OK, 0), 0);
	names_give_back(names, name, false);
	name = names_take(names, "z");
	/* The temporary file is gone. */
	ck_assert_int_ne(names_publish(names, put_name, &place, &name), 0);
	names_give_back(names, name, true);
	names_free(names);
	close(directory);
}
END_TEST

/* As if another program were always faster. */
static int refuse_name(void *context, const char *name)
{
	unsigned *calls = context;

	(void)name;
	++*calls;
	return EEXIST;
}

START_TEST(publishing_ends_even_if_every_name_is_taken)
{
	int directory = scratch_directory();
	struct names *names = names_new(directory, false, false);
	char *name = names_take(names, "x");
	unsigned calls = 0;

	ck_assert_int_eq(names_publish(names, refuse_name, &calls, &name),
			 EEXIST);
	ck_assert_uint_eq(calls, NAMES_PUBLISH_MAX);
	names_give_back(names, name, true);
	names_free(names);
	close(directory);
}
END_TEST

/* Numbers that make a directory's name too long for a path. */
START_TEST(paths_have_an_end)
{
	int directory = scratch_directory();
	struct names *names = names_new(directory, false, false);
	char *held[12], *name;
	char wanted[NAMES_ROOM];

	for (size_t length = NAMES_ROOM - 8; length < NAMES_ROOM - 2;
	     length++) {
		memset(wanted, 'a', length);
		wanted[length] = '\0';
		for (int i = 0; i < 12; i++)
			held[i] = names_take(names, wanted);
		memcpy(wanted + length, "/", 2);
		name = names_take(names, wanted);
		ck_assert_uint_lt(strlen(name), NAMES_ROOM);
		names_give_back(names, name, true);
		for (int i = 0; i < 12; i++)
			names_give_back(names, held[i], true);
	}
	names_free(names);
	close(directory);
}
END_TEST

START_TEST(many_failed_names_stay_taken)
{
	int directory = scratch_directory();
	struct names *names = names_new(directory, false, false);
	char wanted[32];

	for (int i = 0; i < 20000; i++) {
		snprintf(wanted, sizeof(wanted), "n%d", i);
		names_give_back(names, names_take(names, wanted), true);
	}
	for (int i = 0; i < 20000; i += 997) {
		char *name;

		snprintf(wanted, sizeof(wanted), "n%d", i);
		name = names_take(names, wanted);
		ck_assert_str_ne(name, wanted);
		names_give_back(names, name, true);
	}
	names_free(names);
	close(directory);
}
END_TEST

static void nothing(void *context)
{
	(void)context;
}

/* Reads a list file into SEEN: "LINE:TEXT;" for each entry, "LINE!;" for one
 * with a fault. */
static void read_list(const char *bytes, size_t length, bool nul, char *seen)
{
	char path[] = "/tmp/pfetch-unit-XXXXXX";
	char *arguments[] = { path };
	struct event_base *base = event_base_new();
	struct list_entry entry;
	enum list_state state;
	struct list *list;
	int fd = mkstemp(path);

	ck_assert_int_eq(write(fd, bytes, length), (ssize_t)length);
	close(fd);
	list = list_new(base, arguments, 1, nul, nothing, NULL);
	*seen = '\0';
	while ((state = list_next(list, &entry)) != LIST_END) {
		ck_assert(state == LIST_ENTRY || state == LIST_BUSY);
		if (state != LIST_ENTRY)
			continue;
		seen += sprintf(seen, "%llu%s%.40s;",
				(unsigned long long)entry.line,
				entry.fault != NULL ? "!" : ":",
				entry.fault != NULL ? "" : entry.text);
	}
	list_free(list);
	event_base_free(base);
	unlink(path);
}

START_TEST(lines_of_lists)
{
	char seen[4096];

#define EXPECT(bytes, nul, want)                                     \
	do {                                                         \
		read_list((bytes), sizeof(bytes) - 1, (nul), seen);  \
		ck_assert_str_eq(seen, (want));                      \
	} while (0)
	EXPECT("", false, "");
	EXPECT("\n\n", false, "");
	EXPECT("a\nb", false, "1:a;2:b;");
	EXPECT("a\r\n\r\n# c\r\n b \r\n", false, "1:a;4:b;");
	EXPECT("\xef\xbb\xbf" "a\n\xef\xbb\xbf" "b\n", false,
	       "1:a;2:\xef\xbb\xbf" "b;");
	EXPECT("\xef\xbb\xbf# a\n", false, "");
	EXPECT("a\0b\nc\n", false, "1!;2:c;");
	EXPECT("a\x01b\n\x7f\n", false, "1!;2!;");
	EXPECT("a\tb\n", false, "1:a\tb;");
	EXPECT("a\0b\0\0c", true, "1:a;2:b;4:c;");
	EXPECT("a\nb\0c\0", true, "1!;2:c;");
	EXPECT("a\r", false, "1:a;");
	EXPECT("a\r\r\n", false, "1!;");
}
END_TEST

START_TEST(lines_around_the_limit)
{
	char *bytes = memory_alloc(4 * LIST_LINE_MAX);
	char seen[4096];

	memset(bytes, 'a', 4 * LIST_LINE_MAX);
	bytes[LIST_LINE_MAX] = '\n';
	memcpy(bytes + LIST_LINE_MAX + 1, "b\n", 2);
	read_list(bytes, LIST_LINE_MAX + 3, false, seen);
	ck_assert_ptr_nonnull(strstr(seen, "1:aaaa"));
	ck_assert_ptr_nonnull(strstr(seen, ";2:b;"));
	memset(bytes, 'a', 4 * LIST_LINE_MAX);
	bytes[LIST_LINE_MAX + 1] = '\n';
	memcpy(bytes + LIST_LINE_MAX + 2, "b\n", 2);
	read_list(bytes, LIST_LINE_MAX + 4, false, seen);
	ck_assert_str_eq(seen, "1!;2:b;");
	memset(bytes, ' ', 2 * LIST_LINE_MAX);
	memcpy(bytes + LIST_LINE_MAX + 9, "x\nb\n", 4);
	read_list(bytes, LIST_LINE_MAX + 13, false, seen);
	ck_assert_str_eq(seen, "1!;2:b;");
	bytes[7] = '#';
	read_list(bytes, LIST_LINE_MAX + 13, false, seen);
	ck_assert_str_eq(seen, "2:b;");
	memset(bytes, 'a', 4 * LIST_LINE_MAX);
	read_list(bytes, 4 * LIST_LINE_MAX, false, seen);
	ck_assert_str_eq(seen, "1!;");
	memcpy(bytes + 4 * LIST_LINE_MAX - 3, "\nb\n", 3);
	read_list(bytes, 4 * LIST_LINE_MAX, false, seen);
	ck_assert_str_eq(seen, "1!;2:b;");
	free(bytes);
}
END_TEST

static const char *escaped(const char *text)
{
	static char shown[256];
	struct evbuffer *buffer = evbuffer_new();
	int length;

	escape_add(buffer, text, strlen(text));
	length = evbuffer_remove(buffer, shown, sizeof(shown) - 1);
	shown[length > 0 ? length : 0] = '\0';
	evbuffer_free(buffer);
	return shown;
}

START_TEST(escapes)
{
	ck_assert_str_eq(escaped("plain caf\xc3\xa9"), "plain caf\xc3\xa9");
	ck_assert_str_eq(escaped("\x1b[31m"), "\\x1b[31m");
	ck_assert_str_eq(escaped("\xc2\x9b"), "\\xc2\\x9b");
	ck_assert_str_eq(escaped("\xe2\x80\xae" "x"), "\\xe2\\x80\\xaex");
	ck_assert_str_eq(escaped("a\xff" "b\xc3"), "a\\xffb\\xc3");
	ck_assert_str_eq(escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	ck_assert_str_eq(escaped("\xc0\xaf"), "\\xc0\\xaf");
	ck_assert_str_eq(escaped("\xf4\x90\x80\x80"),
			 "\\xf4\\x90\\x80\\x80");
	ck_assert_str_eq(escaped("a\nb\x7f"), "a\\x0ab\\x7f");
}
END_TEST

START_TEST(masks)
{
	char *shown, text[1000] = { 0 };
	static const char *const cases[][3] = {
		{ "http://h/p@q", "http://h/p@q", "http://***@q" },
		{ "http://u:p@h/", "http://u:***@h/", "http://***@h/" },
		{ "http://u@h/", "http://***@h/", "http://***@h/" },
		{ "http://u:p@w@h/", "http://u:***@h/", "http://***@h/" },
		{ "http://u:p/w@h/", "http://u:p/w@h/", "http://***@h/" },
		{ "http://u:secret", "http://u:secret", "http://u:secret" },
		{ "u:p@h", "u:***@h", "***@h" },
		{ "nothing", "nothing", "nothing" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (int kind = ESCAPE_PARSED; kind <= ESCAPE_REFUSED; kind++) {
			shown = escape_mask_login(cases[i][0],
						  (enum escape_url)kind);
			ck_assert_str_eq(shown, cases[i][1 + kind]);
			free(shown);
		}
	}
	shown = escape_mask_login("http://u:secret", ESCAPE_CUT);
	ck_assert_str_eq(shown, "http://***");
	free(shown);
	shown = escape_mask_login("no url", ESCAPE_CUT);
	ck_assert_str_eq(shown, "no url");
	free(shown);
	memset(text, 'x', sizeof(text) - 1);
	shown = escape_mask_login(text, ESCAPE_REFUSED);
	ck_assert_uint_eq(strlen(shown), ESCAPE_SHOWN);
	free(shown);
	memcpy(text, "http://u:", 9);
	text[900] = '@';
	shown = escape_mask_login(text, ESCAPE_REFUSED);
	ck_assert_ptr_null(strstr(shown, "u:"));
	free(shown);
}
END_TEST

START_TEST(siphash_is_spread_and_steady)
{
	uint64_t seen[256];

	siphash_seed();
	for (unsigned i = 0; i < 256; i++) {
		seen[i] = siphash(&i, sizeof(i));
		ck_assert(seen[i] == siphash(&i, sizeof(i)));
		for (unsigned j = 0; j < i; j++)
			ck_assert(seen[i] != seen[j]);
	}
}
END_TEST

/* What a process goes through, and how it ends: exit status 0, or a signal. */
static const struct {
	unsigned pause_ms;       /* between two SIGINTs */
	bool twice, released, released_first;
	int end;
} ends[] = {
	{ 0, false, false, false, 0 },
	{ 0, true, false, false, 0 },
	{ 400, true, false, false, SIGINT },
	/* stop_release() comes after the first signal, or (last) before. */
	{ 0, true, true, false, 0 },
	{ 400, true, true, false, SIGINT },
	{ 0, false, true, true, SIGINT },
};

static _Noreturn void live(size_t which)
{
	int fd = stop_catch();
	char byte[8];

	if (ends[which].released_first)
		stop_release();
	raise(SIGINT);
	if (ends[which].released)
		stop_release();
	usleep(ends[which].pause_ms * 1000);
	if (ends[which].twice)
		raise(SIGINT);
	_exit(stop_signal == SIGINT && read(fd, byte, sizeof(byte)) > 0 ? 0
									: 1);
}

START_TEST(signals_and_their_echoes)
{
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		pid_t pid = fork();
		int status;

		if (pid == 0)
			live(i);
		ck_assert_int_eq(waitpid(pid, &status, 0), pid);
		if (ends[i].end == 0)
			ck_assert(WIFEXITED(status) &&
				  WEXITSTATUS(status) == 0);
		else
			ck_assert(WIFSIGNALED(status) &&
				  WTERMSIG(status) == ends[i].end);
	}
}
END_TEST

START_TEST(names_of_one_file)
{
	static const char *const made[] = {
		"d/link", "d/up", "d", "link", "loop", "target",
	};
	char place[] = "/tmp/pfetch-test-XXXXXX";
	int here = open(".", O_RDONLY), fd;

	ck_assert_ptr_nonnull(mkdtemp(place));
	ck_assert_int_eq(chdir(place), 0);
	ck_assert_int_eq(mkdir("d", 0777), 0);
	ck_assert_int_eq(symlink("target", "link"), 0);
	ck_assert_int_eq(symlink("link", "d/link"), 0);
	ck_assert_int_eq(symlink("../link", "d/up"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	for (int there = 0; there < 2; there++) {
		ck_assert(files_same("target", "./target"));
		ck_assert(files_same("d/../target", "link"));
		ck_assert(files_same("d/up", "target"));
		ck_assert(!files_same("d/link", "target"));
		ck_assert(!files_same("target", "other"));
		ck_assert(!files_same("loop", "target"));
		ck_assert(!files_same("-", "-"));
		fd = open("target", O_WRONLY | O_CREAT, 0666);
		ck_assert_int_ge(fd, 0);
		close(fd);
	}
	ck_assert(!files_same("d", "d"));
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		ck_assert_int_eq(remove(made[i]), 0);
	ck_assert_int_eq(fchdir(here), 0);
	ck_assert_int_eq(rmdir(place), 0);
	close(here);
}
END_TEST

UNIT_MAIN(names_of_urls, no_name_is_dangerous,
	  long_names_are_cut_and_stay_apart, urls,
	  plain_urls_are_read_as_libcurl_does, redirects_and_logins,
	  what_can_pass, delays, taken_names,
	  small_bodies_become_files, publishing_replaces_nothing,
	  publishing_ends_even_if_every_name_is_taken,
	  many_failed_names_stay_taken, paths_have_an_end, lines_of_lists,
	  lines_around_the_limit,
	  escapes, masks, siphash_is_spread_and_steady,
	  signals_and_their_echoes, names_of_one_file)
