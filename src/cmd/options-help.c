/* The help on the options, as printed by --help; see options.h. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cmd/option-table.h"

enum { HELP_COLUMN = 32 };

/* Further lines of the help are aligned with the first one. */
static void print_text(const char *text)
{
	for (; *text != '\0'; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("%*s", HELP_COLUMN, "");
	}
}

static void print_row(const struct option_row *row)
{
	char left[48];
	bool maybe = row->kind == KIND_MAYBE;

	snprintf(left, sizeof(left), "  %c%c%c --%s%s%s%s",
		 row->letter != '\0' ? '-' : ' ',
		 row->letter != '\0' ? row->letter : ' ',
		 row->letter != '\0' ? ',' : ' ', row->name,
		 row->argument == NULL ? "" : maybe ? "[=" : "=",
		 row->argument != NULL ? row->argument : "",
		 maybe ? "]" : "");
	printf("%-*s ", HELP_COLUMN - 1, left);
	print_text(row->help);
	if (row->initial != NULL && strcmp(row->initial, "0") != 0)
		printf(" [%s]", row->initial);
	putchar('\n');
}

void options_print(enum options_command command, bool all)
{
	const char *group = NULL;
	int left_out = 0;

	for (const struct option_row *row = option_table; row->name; row++) {
		if (row->group != NULL)
			group = row->group;
		if ((row->commands & command) == 0)
			continue;
		if (!all && (row->commands & OPTIONS_RARE) != 0) {
			left_out++;
			continue;
		}
		if (group != NULL)
			printf("\n%s:\n", group);
		group = NULL;
		print_row(row);
	}
	if (left_out > 0)
		printf("\n%d more options are listed by --help-all.\n",
		       left_out);
}
