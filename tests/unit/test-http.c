/* What requests say and may connect to: addresses, statuses, field lines,
 * logins, cookies and content codings. */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/address.h"
#include "base/files.h"
#include "base/http-syntax.h"
#include "base/memory.h"
#include "base/siphash.h"
#include "base/status-set.h"
#include "core/cookies.h"
#include "core/netrc.h"
#include "transfer/decode.h"
#include "unit.h"

enum { NOW = 1700000000 };

START_TEST(public_addresses)
{
	static const char *const public[] = {
		"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1",
		"100.128.0.1", "192.0.1.1", "198.17.0.1", "198.20.0.1",
		"223.255.255.255", "2a00:1450::1", "2606:4700::1111",
		"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1",
		"2001:4860:4860::8888", NULL
	};
	static const char *const others[] = {
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1",
		"100.127.255.255", "127.0.0.1", "127.255.255.254",
		"169.254.169.254", "172.16.0.1", "172.31.255.255",
		"192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:127.0.0.1",
		"::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1",
		"100::1", "2001::1", "2001:1ff::1", "2001:db8::1",
		"2002:7f00:1::1", "2002:a00:1::1", "3fff::1", "3fff:fff::1",
		"fc00::1", "fdff::1", "fe80::1", "fe80::1%eth0", "fec0::1",
		"ff02::1", "5f00::1", "", "x", "1.2.3", NULL
	};

	for (size_t i = 0; public[i] != NULL; i++)
		ck_assert_msg(address_text_is_public(public[i]), "%s",
			      public[i]);
	for (size_t i = 0; others[i] != NULL; i++)
		ck_assert_msg(!address_text_is_public(others[i]), "%s",
			      others[i]);
}
END_TEST

START_TEST(statuses)
{
	static const char *const bad[] = {
		"", ",", "404,", "4", "40", "4044", "4xx,x", "199", "600",
		"5-4", "500-400", "4xx-3xx", "404 ", "-404", "404--405", NULL
	};
	struct status_set set;

	ck_assert_ptr_null(status_set_parse("404,410,500-503,3xx", &set));
	for (int status = 0; status < 1000; status++) {
		bool want = status == 404 || status == 410 ||
			    (status >= 500 && status <= 503) ||
			    (status >= 300 && status <= 399);

		ck_assert_int_eq(status_set_has(&set, status), want);
	}
	ck_assert_ptr_null(status_set_parse("2xx-5xx", &set));
	ck_assert(status_set_has(&set, 200) && status_set_has(&set, 599));
	for (size_t i = 0; bad[i] != NULL; i++)
		ck_assert_msg(status_set_parse(bad[i], &set) != NULL, "%s",
			      bad[i]);
}
END_TEST

START_TEST(field_lines_and_methods)
{
	ck_assert_ptr_null(http_header_fault("X-Name: value"));
	ck_assert_ptr_null(http_header_fault("X-Name:"));
	ck_assert_ptr_null(http_header_fault("X-Name: a\tb"));
	ck_assert_ptr_nonnull(http_header_fault("X-Name value"));
	ck_assert_ptr_nonnull(http_header_fault(": value"));
	ck_assert_ptr_nonnull(http_header_fault("X Name: value"));
	ck_assert_ptr_nonnull(http_header_fault("X-Name: a\r\nY: b"));
	ck_assert_ptr_nonnull(http_header_fault("content-length: 5"));
	ck_assert_ptr_nonnull(http_header_fault("Transfer-Encoding: x"));
	ck_assert_ptr_nonnull(http_header_fault("Connection: x"));
	ck_assert_ptr_null(http_method_fault("PROPFIND"));
	ck_assert_ptr_nonnull(http_method_fault("CONNECT"));
	ck_assert_ptr_nonnull(http_method_fault("GET /"));
	ck_assert_ptr_nonnull(http_method_fault(""));
}
END_TEST

/* ---- logins ---- */

static char file[64];

static const char *write_file(const char *text)
{
	snprintf(file, sizeof(file), "/tmp/pfetch-unit-%d", (int)getpid());
	unlink(file);
	ck_assert_int_eq(files_replace(file, text, strlen(text), 0600), 0);
	return file;
}

static void expect_login(const struct netrc *netrc, const char *scope,
			 const char *url, const char *want)
{
	struct request request = {
		.url = (char *)url, .scope = (char *)scope,
	};
	char *login = netrc_login(netrc, &request);

	if (want == NULL)
		ck_assert_ptr_null(login);
	else
		ck_assert_str_eq(login, want);
	free(login);
}

START_TEST(logins_of_netrc)
{
	char *fault;
	struct netrc *netrc = netrc_new(write_file(
		"# machine no login no\nmachine a.test login u password p\n"
		"machine b.test\n\tpassword \"q \\\"r\"\n\taccount x login v\n"
		"macdef init\nmachine trap login t\n\n"
		"machine c.test login w default login d password e"), &fault);

	ck_assert_ptr_nonnull(netrc);
	expect_login(netrc, NULL, "http://A.test/", "u:p");
	expect_login(netrc, NULL, "http://b.test:99/", "v:q \"r");
	expect_login(netrc, NULL, "http://c.test/", "w:");
	expect_login(netrc, NULL, "http://trap/", "d:e");
	/* The URL names the user, or has a whole login. */
	expect_login(netrc, NULL, "http://v@b.test/", "v:q \"r");
	expect_login(netrc, NULL, "http://x@b.test/", NULL);
	expect_login(netrc, NULL, "http://d@z.test/", "d:e");
	expect_login(netrc, NULL, "http://v:own@b.test/", NULL);
	/* After a redirect: hosts that are named, but no default. */
	expect_login(netrc, "http://x.test/", "http://a.test/", "u:p");
	expect_login(netrc, "http://x.test/", "http://y.test/", NULL);
	expect_login(netrc, "https://x.test/", "http://a.test/", NULL);
	expect_login(netrc, "https://x.test/", "https://a.test/", "u:p");
	/* Not to another port or scheme of the same host. */
	expect_login(netrc, "http://a.test/", "http://a.test:99/", NULL);
	expect_login(netrc, "https://a.test/", "http://a.test/", NULL);
	netrc_free(netrc);
	ck_assert_ptr_null(netrc_new(write_file("machine a\nuser b"), &fault));
	ck_assert_ptr_nonnull(strstr(fault, "line 2: "));
	free(fault);
	ck_assert_ptr_null(netrc_new(write_file("login a"), &fault));
	free(fault);
	ck_assert_ptr_null(netrc_new(write_file("machine \"a"), &fault));
	free(fault);
	ck_assert_ptr_null(netrc_new("/nosuch", &fault));
	free(fault);
	unlink(file);
}
END_TEST

/* ---- cookies ---- */

static void expect_cookies(struct cookies *jar, const char *url,
			   const char *want)
{
	char *got = cookies_for(jar, url, NOW);

	if (want == NULL)
		ck_assert_ptr_null(got);
	else
		ck_assert_str_eq(got, want);
	free(got);
}

/* Sets LINE from URL and expects WANT for AT. */
static void expect_set(const char *url, const char *line, const char *at,
		       const char *want)
{
	struct cookies *jar = cookies_new();

	cookies_take(jar, url, line, NOW);
	expect_cookies(jar, at, want);
	cookies_free(jar);
}

START_TEST(which_cookies_go_where)
{
	static const char here[] = "http://www.example.com/a/b?q";
	static const char tls[] = "https://www.example.com/a/b";

	expect_set(here, "a=1\n", here, "a=1");
	expect_set(here, " a = 1 2 ; HttpOnly\n", here, "a=1 2");
	expect_set(here, "a=1\n", "http://www.example.com/c", NULL);
	expect_set(here, "a=1\n", "http://www.example.com/a", "a=1");
	expect_set(here, "a=1\n", "http://www.example.com/ab", NULL);
	expect_set(here, "a=1; Path=/\n", "http://WWW.example.com/c", "a=1");
	expect_set(here, "a=1; Path=x\n", here, "a=1");
	expect_set(here, "a=1\n", "http://example.com/a/", NULL);
	expect_set(here, "a=1; Path=/\n", "http://x.www.example.com/", NULL);
	expect_set(here, "a=1; Path=/; Domain=.Example.com\n",
		   "http://other.example.com/", "a=1");
	expect_set(here, "a=1; Domain=ample.com\n", here, NULL);
	expect_set(here, "a=1; Domain=other.com\n", here, NULL);
	expect_set(here, "a=1; Domain=x.www.example.com\n", here, NULL);
	expect_set(here, "a=1; Domain=com\n", here, NULL);
	expect_set("http://a.co.uk/", "a=1; Domain=co.uk\n", "http://b.co.uk/",
		   NULL);
	expect_set("http://10.0.0.1/", "a=1; Domain=0.0.1\n",
		   "http://10.0.0.1/", NULL);
	expect_set("http://10.0.0.1/", "a=1; Domain=10.0.0.1\n",
		   "http://10.0.0.1:99/", "a=1");
	expect_set(here, "a=1; Secure\n", tls, NULL);
	expect_set(tls, "a=1; Secure\n", tls, "a=1");
	expect_set(tls, "a=1; Secure\n", here, NULL);
	expect_set(tls, "__Secure-a=1\n", tls, NULL);
	expect_set(tls, "__Secure-a=1; Secure\n", tls, "__Secure-a=1");
	expect_set(tls, "__Host-a=1; Secure\n", tls, NULL);
	expect_set(tls, "__Host-a=1; Secure; Path=/\n", tls, "__Host-a=1");
	expect_set(tls, "__Host-a=1; Secure; Path=/; Domain=example.com\n",
		   tls, NULL);
	expect_set("http://github.io/", "a=1; Path=/; Domain=github.io\n",
		   "http://evil.github.io/", NULL);
	expect_set("http://github.io/", "a=1; Path=/; Domain=github.io\n",
		   "http://github.io/", "a=1");
	expect_set(here, "a\tb=1\n", here, NULL);
	expect_set(here, "a=1; Path=/a\t\n", here, NULL);
	expect_set(here, "a=1; Max-Age=x; Expires=Thu, 01 Jan 1970 "
		   "00:00:09 GMT\n", here, NULL);
	expect_set(here, "no value\n", here, NULL);
	expect_set(here, "=1\n", here, NULL);
	expect_set(here, "a=1\001\n", here, NULL);
	expect_set(here, "a=1; Max-Age=0\n", here, NULL);
	expect_set(here, "a=1; Max-Age=-5\n", here, NULL);
	expect_set(here, "a=1; Max-Age=9; Expires=Thu, 01 Jan 1970 "
		   "00:00:09 GMT\n", here, "a=1");
	expect_set(here, "a=1; Expires=Thu, 01 Jan 1970 00:00:09 GMT\n", here,
		   NULL);
	expect_set(here, "a=1; Expires=Thu, 01 Jan 2099 00:00:00 GMT\n", here,
		   "a=1");
	expect_set(here, "a=1; Max-Age=99999999999999999999999\n", here,
		   "a=1");
}
END_TEST

START_TEST(a_jar_is_ordered_bounded_and_kept)
{
	struct cookies *jar = cookies_new();
	char *text, *before;
	size_t length;

	cookies_take(jar, "http://h.test/a/", "b=2; Path=/\nc=3\nd=4; Path=/\n",
		     NOW);
	expect_cookies(jar, "http://h.test/a/", "c=3; b=2; d=4");
	cookies_take(jar, "http://h.test/", "b=5; Path=/\n", NOW);
	expect_cookies(jar, "http://h.test/", "b=5; d=4");
	cookies_take(jar, "https://h.test/", "s=1; Path=/; Secure\n", NOW);
	cookies_take(jar, "http://h.test/", "s=2; Path=/\n", NOW);
	expect_cookies(jar, "https://h.test/", "b=5; d=4; s=1");
	cookies_take(jar, "http://h.test/", "d=; Path=/; Max-Age=0\n", NOW);
	expect_cookies(jar, "http://h.test/", "b=5");
	ck_assert_int_eq(cookies_save(jar, write_file(""), NOW), 0);
	before = files_read(file, 1 << 20, &length);
	cookies_free(jar);
	jar = cookies_new();
	ck_assert_ptr_null(cookies_load(jar, file, NOW));
	expect_cookies(jar, "https://h.test/a/", "c=3; b=5; s=1");
	ck_assert_int_eq(cookies_save(jar, file, NOW), 0);
	text = files_read(file, 1 << 20, &length);
	ck_assert_str_eq(text, before);
	free(text);
	free(before);
	cookies_free(jar);
	unlink(file);
	jar = cookies_new();
	for (int i = 0; i < 2 * COOKIES_MAX; i++) {
		char url[64], line[64];

		snprintf(url, sizeof(url), "http://h%d.test/", i / 60);
		snprintf(line, sizeof(line), "c%d=1\n", i);
		cookies_take(jar, url, line, NOW);
	}
	expect_cookies(jar, "http://h0.test/", NULL);
	text = cookies_for(jar, "http://h99.test/", NOW);
	length = 1;
	for (const char *at = text; *at != '\0'; at++)
		length += *at == ';';
	ck_assert_uint_eq(length, COOKIES_A_DOMAIN);
	free(text);
	cookies_free(jar);
}
END_TEST

/* ---- content codings ---- */

static char *got;
static size_t got_length;

static bool take(void *context, const char *bytes, size_t length)
{
	(void)context;
	got = memory_resize(got, got_length + length + 1);
	memcpy(got + got_length, bytes, length);
	got_length += length;
	got[got_length] = '\0';
	return true;
}

/* Compresses 200,000 bytes as gzip; returns how long that is. */
static size_t pack(char *plain, unsigned char *packed, size_t room)
{
	z_stream stream = { .next_in = (Bytef *)plain, .avail_in = 200000,
			    .next_out = packed, .avail_out = (uInt)room };

	for (int i = 0; i < 200000; i++)
		plain[i] = (char)('a' + i % 1009 * i % 23);
	deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY);
	ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return room - stream.avail_out;
}

START_TEST(a_coded_body_is_whole_only_at_its_end)
{
	static char plain[200000];
	static unsigned char packed[100000];
	size_t length = pack(plain, packed, sizeof(packed));

	for (size_t step = 1; step <= length; step = step * 3 + 1) {
		struct decode *decode = decode_new("GZIP");

		got_length = 0;
		for (size_t at = 0; at < length; at += step) {
			size_t part = length - at < step ? length - at : step;

			ck_assert(at == 0 || !decode_is_whole(decode));
			ck_assert_ptr_null(decode_add(
				decode, (char *)packed + at, part, take,
				NULL));
		}
		ck_assert(decode_is_whole(decode));
		ck_assert_uint_eq(got_length, sizeof(plain));
		ck_assert_int_eq(memcmp(got, plain, sizeof(plain)), 0);
		ck_assert_ptr_nonnull(decode_add(decode, "xy", 2, take, NULL));
		decode_free(decode);
	}
	free(got);
	got = NULL;
	ck_assert_ptr_null(decode_new("deflate"));
	ck_assert_ptr_null(decode_new("gzip, gzip"));
	ck_assert_ptr_null(decode_new(""));
}
END_TEST

UNIT_MAIN(public_addresses, statuses, field_lines_and_methods,
	  logins_of_netrc, which_cookies_go_where,
	  a_jar_is_ordered_bounded_and_kept,
	  a_coded_body_is_whole_only_at_its_end)
