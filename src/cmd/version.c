/* --version, in the form of the GNU Coding Standards, and what all commands do
 * for --version and --help. */
#include "config.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdbool.h>
#include <uthash.h>

#define TEXT_OF(macro) TEXT(macro)
#define TEXT(token) #token
#define UTHASH_VERSION_TEXT TEXT_OF(UTHASH_VERSION)

#include "cmd/command.h"

static void print_version(void)
{
	printf("%s\n", PACKAGE_STRING);
	printf("%s\n", curl_version());
	printf("libevent/%s uthash/%s\n", event_get_version(),
	       UTHASH_VERSION_TEXT);
	puts("Copyright (C) 2026 the pfetch authors\n"
	     "License MIT: <https://spdx.org/licenses/MIT>\n"
	     "There is NO WARRANTY, to the extent permitted by law.");
}

bool command_informs(enum options_action action, void (*print_help)(bool all))
{
	bool help = action == ACTION_HELP || action == ACTION_HELP_ALL;

	if (help)
		print_help(action == ACTION_HELP_ALL);
	else if (action == ACTION_VERSION)
		print_version();
	return help || action == ACTION_VERSION;
}
