/* What entries of a list say besides their URLs, and sets of hashes. */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash-set.h"
#include "base/siphash.h"
#include "core/fields.h"

#define URL "http://h/a"
#define MD5 "d41d8cd98f00b204e9800998ecf8427e"
#define SHA1 "da39a3ee5e6b4b0d3255bfef95601890afd80709"

static struct fields fields;
static struct request_terms *common;

static const char *parse(const char *text)
{
	if (common == NULL) {
		common = request_terms_new(SINK_DISCARD);
		common->expected.largest = 9;
	}
	fields_release(&fields);
	return fields_parse(&fields, text, common);
}

START_TEST(plain_lines_have_no_fields)
{
	ck_assert_ptr_null(parse(URL));
	ck_assert_str_eq(fields.url, URL);
	ck_assert_ptr_null(fields.terms);
	ck_assert_ptr_null(fields.out);
	/* No checksum line: too few digits, or one space only. */
	ck_assert_ptr_null(parse("abc  " URL));
	ck_assert_str_eq(fields.url, "abc  " URL);
	ck_assert_ptr_null(parse(MD5 " " URL));
	ck_assert_str_eq(fields.url, MD5 " " URL);
}
END_TEST

START_TEST(each_key_is_taken)
{
	const struct request_terms *terms;

	ck_assert_ptr_null(parse(
		URL "\tout=d/f\ttag=t=1\tsize=3\theader=A: b\treferer=r"
		"\tmethod=PUT\tdata=x\tmd5=" MD5 "\tsha1=" SHA1 "\t"));
	ck_assert_str_eq(fields.url, URL);
	ck_assert_str_eq(fields.out, "d/f");
	ck_assert_str_eq(fields.tag, "t=1");
	terms = fields.terms;
	ck_assert_int_eq(terms->expected.size, 3);
	ck_assert_uint_eq(terms->expected.largest, 9);
	ck_assert_uint_eq(terms->header_count, 2);
	ck_assert_str_eq(terms->headers[0], "A: b");
	ck_assert_str_eq(terms->headers[1], "Referer: r");
	ck_assert_str_eq(terms->method, "PUT");
	ck_assert_uint_eq(terms->content_length, 1);
	ck_assert_uint_eq(terms->expected.digest_count, 2);
	ck_assert_int_eq(terms->expected.digests[0].kind, DIGEST_MD5);
	ck_assert_int_eq(terms->expected.digests[1].kind, DIGEST_SHA1);
	ck_assert_uint_eq(common->header_count, 0);
}
END_TEST

START_TEST(checksum_lines)
{
	ck_assert_ptr_null(parse(SHA1 "  " URL "\tout=f"));
	ck_assert_str_eq(fields.url, URL);
	ck_assert_str_eq(fields.out, "f");
	ck_assert_int_eq(fields.terms->expected.digests[0].kind, DIGEST_SHA1);
	ck_assert_ptr_null(parse(MD5 " *" URL));
	ck_assert_str_eq(fields.url, URL);
	ck_assert_uint_eq(fields.terms->expected.digests[0].value[0], 0xd4);
}
END_TEST

static const struct {
	const char *field, *fault;
} refused[] = {
	{ "nothing", "a field is not of the form KEY=VALUE" },
	{ "secret", "a field is not of the form KEY=VALUE" },
	{ "color=red", "field 'color': unknown field" },
	{ "size=-1", "field 'size': not a number of bytes" },
	{ "size=1k2", "field 'size': not a number of bytes" },
	{ "size=9223372036854775808", "field 'size': not a number of bytes" },
	{ "md5=" SHA1, "field 'md5': not a digest of that kind" },
	{ "sha1=" SHA1 "\tsha1=" SHA1, "field 'sha1': given twice" },
	{ "sha1=x" SHA1, "field 'sha1': not a digest of that kind" },
	{ "header=A", "field 'header': not of the form 'Name: value'" },
	{ "header=A b: c", "field 'header': not of the form 'Name: value'" },
	{ "header=content-length: 5",
	  "field 'header': a field that pfetch itself has to set" },
	{ "method=A B", "field 'method': not a method" },
	{ "method=CONNECT", "field 'method': not a method" },
	{ "method=", "field 'method': not a method" },
};

START_TEST(bad_fields_are_named_without_their_values)
{
	char line[256];

	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		const char *fault;

		snprintf(line, sizeof(line), URL "\t%s", refused[i].field);
		fault = parse(line);
		ck_assert_ptr_nonnull(fault);
		ck_assert_str_eq(fault, refused[i].fault);
		ck_assert_str_eq(fields.url, URL);
	}
}
END_TEST

START_TEST(only_paths_below_the_directory_are_safe)
{
	static const char *const safe[] = { "a", "a/b.c", "\xc3\xa9", "a b" };
	static const char *const unsafe[] = {
		"", "/a", "a/", "a//b", ".", "..", "a/../b", ".a", "-a", "a/-b",
		"a\\b", "a\x1b", "\xff", "a\n", ".pfetch-1",
	};
	char longest[FIELDS_PATH_MAX + 2];

	for (size_t i = 0; i < sizeof(safe) / sizeof(*safe); i++)
		ck_assert(fields_path_is_safe(safe[i]));
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(*unsafe); i++)
		ck_assert(!fields_path_is_safe(unsafe[i]));
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = i % 200 == 199 ? '/' : 'a';
	longest[FIELDS_PATH_MAX - 1] = 'a';
	longest[FIELDS_PATH_MAX] = '\0';
	ck_assert(fields_path_is_safe(longest));
	longest[FIELDS_PATH_MAX] = 'a';
	longest[FIELDS_PATH_MAX + 1] = '\0';
	ck_assert(!fields_path_is_safe(longest));
}
END_TEST

START_TEST(a_hash_set_knows_what_it_was_given)
{
	struct hash_set set;
	char text[32];

	memset(&set, 0, sizeof(set));
	siphash_seed();
	ck_assert(!hash_set_has(&set, "0"));
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20000; i++) {
			snprintf(text, sizeof(text), "%d", i);
			ck_assert_int_eq(hash_set_add(&set, text), round == 0);
		}
	}
	ck_assert_uint_eq(set.count, 20000);
	ck_assert_uint_le(set.room * sizeof(*set.slots),
			  14 * set.count + 8 * 1024);
	ck_assert(hash_set_has(&set, "19999"));
	for (int i = 0; i < 20000; i += 3) {
		snprintf(text, sizeof(text), "%d", i);
		ck_assert(hash_set_remove(&set, text));
		ck_assert(!hash_set_remove(&set, text));
	}
	for (int i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "%d", i);
		ck_assert_int_eq(hash_set_has(&set, text), i % 3 != 0);
	}
	ck_assert_uint_eq(set.count, 20000 - 6667);
	ck_assert(hash_set_has(&set, "19999"));
	ck_assert(!hash_set_has(&set, "20000"));
	hash_set_release(&set);
	ck_assert(!hash_set_has(&set, "19999"));
}
END_TEST

UNIT_MAIN(plain_lines_have_no_fields, each_key_is_taken, checksum_lines,
	  bad_fields_are_named_without_their_values,
	  only_paths_below_the_directory_are_safe,
	  a_hash_set_knows_what_it_was_given)
