/* pfetch: finds the command and runs it. */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "cmd/command.h"

/* The first argument may name a command; without one, pfetch fetches. */
static const struct command {
	const char *name;
	int (*run)(int count, char **arguments);
} commands[] = {
	{ "compare", command_compare },
	{ "measure", command_measure },
	{ "origin", command_origin },
};

static int run_command(const struct command *command, int count,
		       char **arguments)
{
	arguments[1] = arguments[0];
	return command->run(count - 1, arguments + 1);
}

/* If a standard descriptor is closed, the next file opened would get its number
 * and be mistaken for standard input, output or error.  The placeholder is
 * opened the wrong way round, so that using it fails as it would if closed. */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY
							     : O_RDONLY);
	}
}

/* With SIGCHLD ignored, as it may be inherited, wait(2) could not report the
 * children that have ended.  With SIGXFSZ ignored, a write past the file size
 * limit fails with an error that can be reported. */
static void set_signals(void)
{
	signal(SIGCHLD, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
}

int main(int count, char **arguments)
{
	static char name[] = "pfetch";
	int status = -1;

	memory_tune();
	fill_standard_descriptors();
	set_signals();
	arguments[0] = name; /* the name that getopt(3) uses in its messages */
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (status < 0 && count > 1 &&
		    strcmp(arguments[1], commands[i].name) == 0)
			status = run_command(&commands[i], count, arguments);
	}
	if (status < 0)
		status = command_fetch(count, arguments);
	if (fflush(stdout) != 0 || ferror(stdout))
		fatal(EXIT_STATUS_LOCAL, "cannot write to standard output");
	return status;
}
