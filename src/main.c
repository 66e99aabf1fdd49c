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

/* The first argument may name a command; fetching is the one without. */
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

/* A descriptor that was closed would be given to the next file opened, which
 * would then be taken for standard input, output or error.  What is put there
 * can't be used, as the closed one could not. */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY
							     : O_RDONLY);
	}
}

/* wait(2) must find children that have ended, though whoever began pfetch did
 * not want to wait for any; and a write to a file that is too large must fail
 * and be told. */
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
	arguments[0] = name; /* as getopt(3) calls us in its messages */
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
