/* pfetch origin [--port=N]: the built-in server, in the foreground. */
#include "config.h"

#include <stdio.h>

#include "base/fatal.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "origin/origin.h"
#include "origin/routes.h"

static void print_help(bool all)
{
	puts("Usage: pfetch origin [--port=N]\n"
	     "\n"
	     "Serve generated bodies on 127.0.0.1 until interrupted. The first "
	     "line printed is\nthe server's URL.");
	options_print(OPTIONS_ORIGIN, all);
	puts("\nPaths:");
	routes_print();
	puts("\nA body is the request's path and a newline, repeated and cut "
	     "to its length:\n  yes \"$path\" | head -c \"$length\"");
}

int command_origin(int count, char **arguments)
{
	struct settings settings;
	struct text_list operands;

	if (command_informs(options_parse(OPTIONS_ORIGIN, count, arguments,
					  &settings, &operands), print_help))
		return EXIT_STATUS_OK;
	if (operands.count > 0)
		options_usage_error("origin takes no operand: '%s'",
				    operands.texts[0]);
	return origin_serve((unsigned)settings.port);
}
