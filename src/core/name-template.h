/*
 * Names of files by the user's own template, such as "{host}/{path}".
 *
 *     {host}   host name, and port if the URL has one
 *     {path}   the URL's path, with its directories; "index.html" for "/"
 *     {name}   the last segment of the path, or "index.html"
 *     {ext}    what follows the last dot of {name}, and that dot; or nothing
 *     {query}  "?" and the query, or nothing
 *     {n}      number of the entry in the list; {n:06}: with leading zeros
 *     {hash}   16 hexadecimal digits, the same for the same URL in every run
 *     {date}   the day on which the run began, as 2026-11-25
 *
 * Only the template and {path} make directories.  Values are percent-decoded
 * once, and then each component of the whole is made safe as in name.h, so that
 * no name leaves the output directory.  Pure, except for the date.
 */
#ifndef PFETCH_CORE_NAME_TEMPLATE_H
#define PFETCH_CORE_NAME_TEMPLATE_H

#include <stdint.h>

enum { NAME_TEMPLATE_ROOM = 1024 };

/* Why TEXT can't be used as a template, or NULL. */
const char *name_template_check(const char *text);

/* Makes the name for URL, the list's entry NUMBER, by TEMPLATE, which has been
 * checked.  The first CUT_DIRS directories of {path} are left out. */
void name_expand(const char *template, uint64_t cut_dirs, const char *url,
		 uint64_t number, char name[NAME_TEMPLATE_ROOM]);

#endif
