/* Names that come from templates and servers, and what a robots.txt allows. */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "core/name-template.h"
#include "core/name.h"
#include "core/robots-rules.h"
#include "transfer/disposition.h"

static char name[NAME_TEMPLATE_ROOM];

static const char *expand(const char *template, const char *url)
{
	ck_assert_ptr_null(name_template_check(template));
	name_expand(template, 0, url, 7, name);
	return name;
}

START_TEST(templates)
{
	const char *url = "http://host.example:81/a/b%2fc/file.tar.gz?q=1#f";
	const char *root = "http://h/";

	ck_assert_str_eq(expand("{host}/{path}{query}", url),
			 "host.example:81/a/b_c/file.tar.gz?q=1");
	ck_assert_str_eq(expand("{n}-{n:03}{ext}", url), "7-007.gz");
	ck_assert_str_eq(expand("x{name}", url), "xfile.tar.gz");
	ck_assert_str_eq(expand("{path}", root), "index.html");
	ck_assert_str_eq(expand("n{ext}", root), "n.html");
	ck_assert_uint_eq(strlen(expand("{hash}", url)), 16);
	/* What a URL says can't lead out of the directory, or hide. */
	ck_assert_str_eq(expand("d/{name}", "http://h/%2e%2e"), "d/_.");
	ck_assert_str_eq(expand("{path}", "http://h/a/%2e%2e/%2fb"),
			 "a/_./_b");
	ck_assert_str_eq(expand("{query}/x", root), "x");
	name_expand("{path}", 1, url, 7, name);
	ck_assert_str_eq(name, "b_c/file.tar.gz");
}
END_TEST

START_TEST(bad_templates)
{
	static const char *const bad[] = {
		"", "/", "/a", "a/", "..", "a/../b", "./a", "{name", "name}",
		"{}", "{nobody}", "{name:2}", "{n:1234}", "{n:x}",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(name_template_check(bad[i]) != NULL, "%s",
			      bad[i]);
}
END_TEST

static void expect_suggested(const char *value, const char *wanted)
{
	char *suggested = disposition_name(value, strlen(value));

	ck_assert_msg((suggested == NULL) == (wanted == NULL), "%s", value);
	if (wanted != NULL)
		ck_assert_str_eq(suggested, wanted);
	free(suggested);
}

START_TEST(names_that_servers_suggest)
{
	expect_suggested("attachment; filename=a.txt", "a.txt");
	expect_suggested("attachment;FileName = \"a;b \\\"c\\\".txt\" ; x=y",
			 "a;b \"c\".txt");
	expect_suggested("inline; filename=x; filename*=UTF-8''n%C3%A4.txt",
			 "n\xc3\xa4.txt");
	expect_suggested("inline; filename*=utf-8'en'y; filename=x", "y");
	expect_suggested("inline; filename*=ISO-8859-1''y; filename=x", "x");
	expect_suggested("attachment; filename=\"open", "open");
	expect_suggested("attachment", NULL);
	expect_suggested("attachment; filename", NULL);
	expect_suggested("attachment;;; =; ;filename=", "");
	expect_suggested("filename=x", NULL);
	expect_suggested("", NULL);
}
END_TEST

START_TEST(suggestions_become_safe)
{
	ck_assert(name_from_suggestion("a/b\\c.txt", name));
	ck_assert_str_eq(name, "c.txt");
	ck_assert(name_from_suggestion("../.profile", name));
	ck_assert_str_eq(name, "_profile");
	ck_assert(name_from_suggestion("a\nb", name));
	ck_assert_str_eq(name, "a_b");
	ck_assert(!name_from_suggestion("", name));
	ck_assert(!name_from_suggestion("..", name));
	ck_assert(!name_from_suggestion("a/", name));
}
END_TEST

static bool allows(const char *text, const char *path)
{
	struct robots_rules *rules = robots_rules_new(text, strlen(text),
						      "pfetch");
	bool allowed = robots_rules_allow(rules, path);

	ck_assert_uint_gt(robots_rules_size(rules), 0);
	robots_rules_free(rules);
	return allowed;
}

/* RFC 9309, 2.2. */
START_TEST(what_robots_may_fetch)
{
	const char *all = "User-agent: *\nDisallow: /a\nAllow: /a/b\n";
	const char *own = "User-agent: x\nUser-Agent: PFetch/2 # us\n"
			  "disallow : /own\r\nuser-agent: *\rdisallow: /\n";

	ck_assert(allows("", "/"));
	ck_assert(allows("\xef\xbb\xbfnonsense\nDisallow: /\n", "/"));
	ck_assert(!allows(all, "/a"));
	ck_assert(!allows(all, "/abc"));
	ck_assert(allows(all, "/a/b/c"));
	ck_assert(allows(all, "/b"));
	ck_assert(!allows(own, "/own"));
	ck_assert(allows(own, "/other"));
	ck_assert(!allows("User-agent: pfetcher\nDisallow:\n"
			  "User-agent: *\nDisallow: /", "/x"));
	/* Of equal rules, the one that allows. */
	ck_assert(allows("User-agent: *\nDisallow: /p\nAllow: /p", "/p"));
	/* An end, and any number of characters. */
	ck_assert(!allows("User-agent: *\nDisallow: /*.gif$", "/a/b.gif"));
	ck_assert(allows("User-agent: *\nDisallow: /*.gif$", "/b.gif?x"));
	ck_assert(!allows("User-agent: *\nDisallow: /*a*b*c", "/xxaxxbxxcx"));
	/* One spelling of what is encoded. */
	ck_assert(!allows("User-agent: *\nDisallow: /%7Eu/\xc3\xa4",
			  "/~u/%c3%a4"));
	ck_assert(allows("User-agent: *\nDisallow: /a%2fb", "/a/b"));
}
END_TEST

UNIT_MAIN(templates, bad_templates, names_that_servers_suggest,
	  suggestions_become_safe, what_robots_may_fetch)
