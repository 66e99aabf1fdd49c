/* What records say of an exchange; see facts.h. */
#include "config.h"

#include "transfer/facts.h"

#include <string.h>

/* Copies one of libcurl's texts, cut to ROOM - 1 bytes. */
static void take_text(CURL *easy, CURLINFO info, char *text, size_t room)
{
	char *value = NULL;

	size_t length;

	curl_easy_getinfo(easy, info, &value);
	if (value == NULL)
		return;
	length = strlen(value);
	length = length < room ? length : room - 1;
	memcpy(text, value, length);
	text[length] = '\0';
}

static unsigned take_number(CURL *easy, CURLINFO info)
{
	long value = 0;

	curl_easy_getinfo(easy, info, &value);
	return value > 0 ? (unsigned)value : 0;
}

void facts_gather(CURL *easy, const struct head *head, struct facts *facts)
{
	take_text(easy, CURLINFO_CONTENT_TYPE, facts->content_type,
		  sizeof(facts->content_type));
	take_text(easy, CURLINFO_PRIMARY_IP, facts->remote_ip,
		  sizeof(facts->remote_ip));
	take_text(easy, CURLINFO_LOCAL_IP, facts->local_ip,
		  sizeof(facts->local_ip));
	facts->remote_port = take_number(easy, CURLINFO_PRIMARY_PORT);
	facts->local_port = take_number(easy, CURLINFO_LOCAL_PORT);
	facts->request_bytes = take_number(easy, CURLINFO_REQUEST_SIZE);
	facts->header_bytes = (unsigned)head->bytes;
	facts->header_lines = head->lines;
}
