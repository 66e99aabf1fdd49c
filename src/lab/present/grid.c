/* A grid of text; see grid.h. */
#include "config.h"

#include "lab/present/grid.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "output/escape.h"

enum { GAP = 2 };

struct grid {
	size_t columns, cells;
	char **texts;            /* the headings first, then row after row */
	bool *left;              /* for each column */
	char **names;            /* for each column, in full; or NULL */
};

static void append(struct grid *grid, char *text)
{
	grid->texts = memory_resize(grid->texts,
				    (grid->cells + 1) * sizeof(char *));
	grid->texts[grid->cells++] = text;
}

struct grid *grid_new(const char *const *headings, size_t count)
{
	struct grid *grid = memory_zeroed(sizeof(*grid));

	grid->columns = count;
	grid->left = memory_zeroed(count * sizeof(*grid->left));
	grid->names = memory_zeroed(count * sizeof(*grid->names));
	for (size_t i = 0; i < count; i++) {
		const char *text = headings[i] + (headings[i][0] == '<');
		size_t length = strcspn(text, "|");

		grid->left[i] = headings[i][0] == '<';
		append(grid, memory_copy(text, length));
		if (text[length] == '|')
			grid->names[i] = memory_string(text + length + 1);
	}
	return grid;
}

void grid_free(struct grid *grid)
{
	for (size_t i = 0; i < grid->cells; i++)
		free(grid->texts[i]);
	for (size_t i = 0; i < grid->columns; i++)
		free(grid->names[i]);
	free(grid->names);
	free(grid->texts);
	free(grid->left);
	free(grid);
}

void grid_add(struct grid *grid, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(grid, memory_vformat(format, arguments));
	va_end(arguments);
}

/* Columns that TEXT takes on a terminal: bytes that go on a character begun
 * before take none. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static size_t column_width(const struct grid *grid, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < grid->cells; i += grid->columns) {
		size_t width = width_of(grid->texts[i]);

		widest = width > widest ? width : widest;
	}
	return widest;
}

/* Spaces are printed only before text, so no line ends in any. */
void grid_print(const struct grid *grid, FILE *out)
{
	size_t *widths = memory_alloc(grid->columns * sizeof(*widths));
	size_t owed = 0;

	for (size_t i = 0; i < grid->columns; i++)
		widths[i] = column_width(grid, i);
	for (size_t i = 0; i < grid->cells; i++) {
		size_t column = i % grid->columns;
		size_t pad = widths[column] - width_of(grid->texts[i]);
		bool left = grid->left[column];

		if (grid->texts[i][0] != '\0')
			fprintf(out, "%*s%s", (int)(owed + (left ? 0 : pad)),
				"", grid->texts[i]);
		owed = left ? pad + GAP : GAP;
		if (column + 1 < grid->columns)
			continue;
		putc('\n', out);
		owed = 0;
	}
	free(widths);
}

void grid_print_markdown(const struct grid *grid, FILE *out)
{
	for (size_t i = 0; i < grid->cells; i++) {
		size_t column = i % grid->columns;

		fprintf(out, "| %s ", grid->texts[i]);
		if (column + 1 < grid->columns)
			continue;
		fputs("|\n", out);
		if (i >= grid->columns)
			continue;
		for (size_t j = 0; j < grid->columns; j++)
			fputs(grid->left[j] ? "|:---" : "|---:", out);
		fputs("|\n", out);
	}
}

/* RFC 4180, but for the line ends. */
void grid_print_csv(const struct grid *grid, FILE *out)
{
	for (size_t i = 0; i < grid->cells; i++) {
		const char *text = grid->texts[i];
		bool quoted = strpbrk(text, ",\"\n") != NULL;

		if (quoted)
			putc('"', out);
		for (; *text != '\0'; text++) {
			if (*text == '"')
				putc('"', out);
			putc(*text, out);
		}
		if (quoted)
			putc('"', out);
		putc((i + 1) % grid->columns == 0 ? '\n' : ',', out);
	}
}

void grid_html_text(const char *text, FILE *out)
{
	while (*text != '\0') {
		size_t length = escape_printable(text, strlen(text));

		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			if (length > 0 || *text == '\n')
				fwrite(text, 1, length > 0 ? length : 1, out);
			else
				fputs("\xef\xbf\xbd", out);
		}
		text += length > 0 ? length : 1;
	}
}

static void print_html_cell(const struct grid *grid, size_t cell, FILE *out)
{
	size_t column = cell % grid->columns;
	bool heading = cell < grid->columns;
	const char *tag = heading ? "th scope=\"col\""
			  : column == 0 ? "th scope=\"row\"" : "td";

	fprintf(out, "<%s%s", tag, grid->left[column] ? " class=\"l\"" : "");
	if (heading && grid->names[column] != NULL)
		fprintf(out, " aria-label=\"%s\"", grid->names[column]);
	putc('>', out);
	grid_html_text(grid->texts[cell], out);
	fprintf(out, "</%.2s>", tag);
}

void grid_print_html(const struct grid *grid, const char *name,
		     const char *caption, FILE *out)
{
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	      "aria-label=\"", out);
	grid_html_text(name, out);
	fputs("\"><table><caption>", out);
	grid_html_text(caption, out);
	fputs("</caption>\n<thead><tr>", out);
	for (size_t i = 0; i < grid->cells; i++) {
		print_html_cell(grid, i, out);
		if ((i + 1) % grid->columns != 0)
			continue;
		fputs(i + 1 == grid->columns ? "</tr></thead>\n<tbody>"
					     : "</tr>\n", out);
		if (i + 1 < grid->cells)
			fputs("<tr>", out);
	}
	fputs("</tbody></table></div>\n", out);
}
