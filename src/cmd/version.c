/* --version, as the GNU standards ask for. */
#include "config.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdio.h>
#include <uthash.h>

#define TEXT_OF(macro) TEXT(macro)
#define TEXT(token) #token
#define UTHASH_VERSION_TEXT TEXT_OF(UTHASH_VERSION)

#include "cmd/command.h"

void command_print_version(void)
{
	printf("%s\n", PACKAGE_STRING);
	printf("%s\n", curl_version());
	printf("libevent/%s uthash/%s\n", event_get_version(),
	       UTHASH_VERSION_TEXT);
	puts("Copyright (C) 2026 the pfetch authors\n"
	     "License MIT: <https://spdx.org/licenses/MIT>\n"
	     "There is NO WARRANTY, to the extent permitted by law.");
}
