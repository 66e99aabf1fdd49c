/* The head of a response; see head.h. */
#include "config.h"

#include "transfer/head.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/memory.h"
#include "transfer/disposition.h"

void head_init(struct head *head)
{
	memset(head, 0, sizeof(*head));
	head->content_length = -1;
	head->range.first = -1;
	head->retry_after_s = -1;
}

void head_release(struct head *head)
{
	free(head->location);
	free(head->file_name);
	free(head->coding);
	free(head->cookies);
	head->location = head->file_name = head->coding = NULL;
	head->cookies = NULL;
}

/* Starts a new response; what is about all of them carries over. */
static void begin(struct head *head)
{
	struct head before = *head;

	head->cookies = NULL;
	head_release(head);
	head_init(head);
	head->also = before.also;
	head->negotiates = before.negotiates;
	head->keeps_cookies = before.keeps_cookies;
	head->cookies = before.cookies;
	head->bytes = before.bytes;
	head->responses = before.responses;
}

bool head_wants_body(const struct head *head)
{
	return (head->status >= 200 && head->status < 300) ||
	       (head->also != NULL &&
		status_set_has(head->also, head->status));
}

int head_parse_length(const char *value, size_t length, int64_t *result)
{
	int64_t total = 0;

	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		int64_t digit = value[i] - '0';

		if (digit < 0 || digit > 9 ||
		    total > (INT64_MAX - digit) / 10)
			return -1;
		total = total * 10 + digit;
	}
	*result = total;
	return 0;
}

/* Reads the digits from *AT up to END and moves *AT past END; an END of '\0'
 * means up to LIMIT.  Returns 0, or -1 if it is not a number. */
static int take_number(const char **at, const char *limit, char end,
		       int64_t *number)
{
	const char *stop = end != '\0'
		? memchr(*at, end, (size_t)(limit - *at)) : limit;
	int error;

	if (stop == NULL)
		return -1;
	error = head_parse_length(*at, (size_t)(stop - *at), number);
	*at = stop + (end != '\0');
	return error;
}

int head_parse_range(const char *value, size_t length,
		     struct head_range *range)
{
	const char *at = value, *limit = value + length;
	struct head_range got = { .total = -1 };

	if (length < 6 || strncasecmp(value, "bytes ", 6) != 0)
		return -1;
	at += 6;
	if (take_number(&at, limit, '-', &got.first) != 0 ||
	    take_number(&at, limit, '/', &got.last) != 0)
		return -1;
	if (!(limit - at == 1 && *at == '*') &&
	    take_number(&at, limit, '\0', &got.total) != 0)
		return -1;
	if (got.last < got.first ||
	    (got.total >= 0 && got.last >= got.total))
		return -1;
	*range = got;
	return 0;
}

int64_t head_parse_retry_after(const char *value, size_t length, int64_t now)
{
	char date[64];
	int64_t seconds;
	time_t then;

	if (length > 0 && strspn(value, "0123456789") >= length)
		return head_parse_length(value, length, &seconds) == 0
			       ? seconds : INT64_MAX;
	if (length == 0 || length >= sizeof(date))
		return -1;
	memcpy(date, value, length);
	date[length] = '\0';
	then = curl_getdate(date, NULL);
	if (then == (time_t)-1)
		return -1;
	return then > now ? (int64_t)then - now : 0;
}

static void take_length(struct head *head, const char *value, size_t length)
{
	int64_t number;

	if (head_parse_length(value, length, &number) != 0)
		head->fault = "invalid Content-Length";
	else if (head->content_length >= 0 && head->content_length != number)
		head->fault = "conflicting Content-Length fields";
	else
		head->content_length = number;
}

static void take_coding(struct head *head, const char *value, size_t length)
{
	if (head->coded)
		head->fault = "more than one Transfer-Encoding";
	else if (length == 7 && strncasecmp(value, "chunked", 7) == 0)
		head->chunked = true;
	else
		head->fault = "unsupported Transfer-Encoding";
	head->coded = true;
}

/* A range that can't be parsed counts as none. */
static void take_range(struct head *head, const char *value, size_t length)
{
	if (head_parse_range(value, length, &head->range) != 0)
		head->range.first = -1;
}

static void take_location(struct head *head, const char *value, size_t length)
{
	if (head->location != NULL || length > HEAD_LOCATION_MAX)
		return;
	head->location = memory_copy(value, length);
}

static void take_retry_after(struct head *head, const char *value,
			     size_t length)
{
	head->retry_after_s =
		head_parse_retry_after(value, length, (int64_t)time(NULL));
}

/* Stores a value that can be sent back; others count as none. */
static void take_validator(char room[RESULT_VALIDATOR_ROOM],
			   const char *value, size_t length)
{
	room[0] = '\0';
	if (length >= RESULT_VALIDATOR_ROOM)
		return;
	for (size_t i = 0; i < length; i++) {
		if (value[i] < ' ' || value[i] >= 0x7f)
			return;
	}
	memcpy(room, value, length);
	room[length] = '\0';
}

/* A weak tag ("W/...") does not tell versions apart byte by byte. */
static void take_etag(struct head *head, const char *value, size_t length)
{
	take_validator(head->tag, value, length);
	head->etag[0] = '\0';
	if (length > 2 && value[0] == '"' && value[length - 1] == '"' &&
	    memchr(value + 1, '"', length - 2) == NULL)
		take_validator(head->etag, value, length);
}

static int64_t parse_date(const char *text)
{
	return *text == '\0' ? -1 : (int64_t)curl_getdate(text, NULL);
}

static void take_modified(struct head *head, const char *value, size_t length)
{
	take_validator(head->modified, value, length);
}

static void take_disposition(struct head *head, const char *value,
			     size_t length)
{
	if (head->file_name == NULL)
		head->file_name = disposition_name(value, length);
}

/* Several codings, one after another, become one text that is no coding's
 * name. */
static void take_content_coding(struct head *head, const char *value,
				size_t length)
{
	char *before = head->coding;

	if (length == 8 && strncasecmp(value, "identity", 8) == 0)
		return;
	head->coding = memory_format("%s%s%.*s", before != NULL ? before : "",
				     before != NULL ? ", " : "",
				     (int)length, value);
	free(before);
}

static void take_cookie(struct head *head, const char *value, size_t length)
{
	size_t before = head->cookies != NULL ? strlen(head->cookies) : 0;

	if (!head->keeps_cookies || memchr(value, '\0', length) != NULL ||
	    before + length + 1 > HEAD_COOKIES_MAX)
		return;
	head->cookies = memory_resize(head->cookies, before + length + 2);
	memcpy(head->cookies + before, value, length);
	memcpy(head->cookies + before + length, "\n", 2);
}

static void take_date(struct head *head, const char *value, size_t length)
{
	take_validator(head->date, value, length);
}

int64_t head_modified_s(const struct head *head)
{
	return parse_date(head->modified);
}

const char *head_validator(const struct head *head)
{
	int64_t modified_s;

	if (head->etag[0] != '\0')
		return head->etag;
	modified_s = head_modified_s(head);
	return modified_s >= 0 &&
	       parse_date(head->date) >= modified_s + HEAD_STRONG_S
		       ? head->modified : NULL;
}

bool head_fits(const struct head *head, const char *validator)
{
	return validator == NULL ||
	       strcmp(validator[0] == '"' ? head->etag : head->modified,
		      validator) == 0;
}

/* The fields that matter; "frames" marks those that determine where a body
 * ends. */
static const struct field {
	const char *name;
	void (*take)(struct head *, const char *value, size_t length);
	bool frames;
} fields[] = {
	{ "Content-Length", take_length, true },
	{ "Transfer-Encoding", take_coding, true },
	{ "Content-Range", take_range, false },
	{ "Location", take_location, false },
	{ "Retry-After", take_retry_after, false },
	{ "ETag", take_etag, false },
	{ "Last-Modified", take_modified, false },
	{ "Date", take_date, false },
	{ "Content-Disposition", take_disposition, false },
	{ "Content-Encoding", take_content_coding, false },
	{ "Set-Cookie", take_cookie, false },
};

static const struct field *find_field(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (strlen(fields[i].name) == length &&
		    strncasecmp(fields[i].name, name, length) == 0)
			return &fields[i];
	}
	return NULL;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static void take_field(struct head *head, const char *line, size_t length)
{
	const char *colon = memchr(line, ':', length);
	const struct field *field;
	const char *value, *end = line + length;
	const char *name_end = colon;

	head->lines++;
	if (colon == NULL)
		return;
	/* A blank before the colon hides a field from some parsers but not
	 * from others (RFC 9112, 5.1). */
	while (name_end > line && is_blank(name_end[-1]))
		name_end--;
	field = find_field(line, (size_t)(name_end - line));
	head->last_framed = field != NULL && field->frames;
	if (field == NULL)
		return;
	if (field->frames && name_end != colon) {
		head->fault = "whitespace before the colon of a framing field";
		return;
	}
	for (value = colon + 1; value < end && is_blank(*value);)
		value++;
	while (end > value && is_blank(end[-1]))
		end--;
	field->take(head, value, (size_t)(end - value));
}

static void take_status(struct head *head, const char *line, size_t length)
{
	const char *space = memchr(line, ' ', length);
	const char *end = line + length;
	size_t room = sizeof(head->reason) - 1;

	if (head->open) {
		head->fault = "status line inside a header";
		return;
	}
	begin(head);
	head->open = true;
	head->version = 9;
	if (length >= 6 && memcmp(line, "HTTP/2", 6) == 0)
		head->version = 20;
	else if (length >= 8 && memcmp(line, "HTTP/1.", 7) == 0)
		head->version = 10 + (line[7] - '0');
	if (space == NULL || end - space < 4)
		return;
	for (int i = 1; i <= 3; i++) {
		if (space[i] < '0' || space[i] > '9')
			return;
		head->status = head->status * 10 + (space[i] - '0');
	}
	if (end - space > 5) {
		size_t left = (size_t)(end - space - 5);

		memcpy(head->reason, space + 5, left < room ? left : room);
	}
}

/* Takes the blank line and checks that the framing fields are consistent. */
static void end_head(struct head *head)
{
	head->open = false;
	if (head->status >= 100 && head->status < 200)
		return;
	head->complete = true;
	head->responses++;
	if (head->fault != NULL)
		return;
	if (head->coded && head->content_length >= 0)
		head->fault = "both Content-Length and Transfer-Encoding";
	else if (head->coded && head->version == 10)
		head->fault = "Transfer-Encoding in an HTTP/1.0 response";
}

void head_line(struct head *head, const char *line, size_t length)
{
	head->bytes += length;
	if (head->complete && head->negotiates &&
	    (head->status == 401 || head->status == 407) &&
	    length >= 5 && memcmp(line, "HTTP/", 5) == 0)
		begin(head);
	if (head->complete)
		return;
	while (length > 0 &&
	       (line[length - 1] == '\n' || line[length - 1] == '\r'))
		length--;
	if (length >= 5 && memcmp(line, "HTTP/", 5) == 0)
		take_status(head, line, length);
	else if (length == 0)
		end_head(head);
	else if (!is_blank(*line))
		take_field(head, line, length);
	else if (head->last_framed)
		head->fault = "line folding in a framing field";
}
