/* What may be a method or a field line of a request.  Pure. */
#ifndef PFETCH_BASE_HTTP_SYNTAX_H
#define PFETCH_BASE_HTTP_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

/* Each returns NULL, or a static text that says why TEXT is refused.  The
 * methods are those of RFC 9110, 9, and any other token but CONNECT, which is
 * for proxies.  A field line is "Name: value" (RFC 9110, 5) without control
 * characters; an empty value keeps libcurl from sending the field at all.
 * Fields that frame the content are refused: libcurl sets them. */
const char *http_method_fault(const char *text);
const char *http_header_fault(const char *text);

/* Whether TEXT contains a control character, which could end the line that it
 * becomes a part of. */
bool http_has_control(const char *text);

/* The length of the name that the field LINE begins with. */
size_t http_name_length(const char *line);

#endif
