/* What may be a method or a field line; see http-syntax.h. */
#include "config.h"

#include "base/http-syntax.h"

#include <string.h>
#include <strings.h>

enum { METHOD_MAX = 32 };

/* Characters of a method or a field's name (RFC 9110, 5.6.2). */
static bool is_token(const char *text, size_t length)
{
	static const char letters[] =
		"!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return length > 0 && strspn(text, letters) >= length;
}

bool http_has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return true;
	}
	return false;
}

size_t http_name_length(const char *line)
{
	return strcspn(line, ":");
}

const char *http_method_fault(const char *text)
{
	return is_token(text, strlen(text)) && strlen(text) <= METHOD_MAX &&
	       strcmp(text, "CONNECT") != 0 ? NULL : "not a method";
}

static bool is_framing(const char *name, size_t length)
{
	static const char *const names[] = {
		"Content-Length", "Transfer-Encoding", "Connection",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strlen(names[i]) == length &&
		    strncasecmp(names[i], name, length) == 0)
			return true;
	}
	return false;
}

const char *http_header_fault(const char *text)
{
	size_t name = http_name_length(text);

	if (text[name] != ':' || !is_token(text, name))
		return "not of the form 'Name: value'";
	if (http_has_control(text))
		return "contains a control character";
	return is_framing(text, name)
		       ? "a field that pfetch itself has to set" : NULL;
}
