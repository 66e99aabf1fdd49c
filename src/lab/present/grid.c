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
	char **texts;            /* the headings, then row by row */
	bool *left;              /* for each column: it is aligned left */
	bool *dropped;           /* ... it is not printed */
	char **names;            /* full headings of columns, or NULL */
	enum grid_style *styles; /* for each row, including headings */
};

/* The number of rows begun, including the headings. */
static size_t rows_of(const struct grid *grid)
{
	return (grid->cells + grid->columns - 1) / grid->columns;
}

static void append(struct grid *grid, char *text)
{
	grid->texts = memory_resize(grid->texts,
				    (grid->cells + 1) * sizeof(char *));
	grid->texts[grid->cells++] = text;
	if (grid->cells % grid->columns != 1 && grid->columns > 1)
		return;
	grid->styles = memory_resize(grid->styles, rows_of(grid) *
						   sizeof(*grid->styles));
	grid->styles[rows_of(grid) - 1] = GRID_PLAIN;
}

void grid_mark(struct grid *grid, enum grid_style style)
{
	grid->styles[rows_of(grid) - 1] = style;
}

struct grid *grid_new(const char *const *headings, size_t count)
{
	struct grid *grid = memory_zeroed(sizeof(*grid));

	grid->columns = count;
	grid->left = memory_zeroed(count * sizeof(*grid->left));
	grid->names = memory_zeroed(count * sizeof(*grid->names));
	grid->dropped = memory_zeroed(count * sizeof(*grid->dropped));
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
	free(grid->dropped);
	free(grid->styles);
	free(grid);
}

void grid_add(struct grid *grid, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(grid, memory_vformat(format, arguments));
	va_end(arguments);
}

static bool is_empty(const struct grid *grid, size_t column)
{
	for (size_t i = column + grid->columns; i < grid->cells;
	     i += grid->columns) {
		const char *text = grid->texts[i];

		if (text[0] != '\0' && strcmp(text, "-") != 0)
			return false;
	}
	return true;
}

void grid_drop_empty(struct grid *grid)
{
	for (size_t i = 0; i < grid->columns; i++)
		grid->dropped[i] = is_empty(grid, i);
}

/* The columns that TEXT takes up on a terminal.  Continuation bytes of UTF-8
 * take none. */
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

/* Padding is printed only before text, so that no line ends in spaces. */
static void print_row(const struct grid *grid, size_t first,
		      const size_t *widths, FILE *out)
{
	size_t owed = 0;

	for (size_t column = 0; column < grid->columns; column++) {
		const char *text = grid->texts[first + column];
		size_t pad = widths[column] - width_of(text);
		bool left = grid->left[column];

		if (grid->dropped[column])
			continue;
		if (text[0] != '\0')
			fprintf(out, "%*s%s", (int)(owed + (left ? 0 : pad)),
				"", text);
		else
			pad += owed;
		owed = left || text[0] == '\0' ? pad + GAP : GAP;
	}
}

void grid_print(const struct grid *grid, bool coloured, FILE *out)
{
	static const char *const colours[] = {
		[GRID_PLAIN] = "", [GRID_GOOD] = "\033[32m",
		[GRID_BEST] = "\033[1;32m",
	};
	size_t *widths = memory_alloc(grid->columns * sizeof(*widths));

	for (size_t i = 0; i < grid->columns; i++)
		widths[i] = column_width(grid, i);
	for (size_t row = 0; row < rows_of(grid); row++) {
		bool styled = coloured && grid->styles[row] != GRID_PLAIN;

		fputs(styled ? colours[grid->styles[row]] : "", out);
		print_row(grid, row * grid->columns, widths, out);
		fputs(styled ? "\033[0m\n" : "\n", out);
	}
	free(widths);
}

static void print_markdown_rule(const struct grid *grid, FILE *out)
{
	for (size_t i = 0; i < grid->columns; i++) {
		if (!grid->dropped[i])
			fputs(grid->left[i] ? "|:---" : "|---:", out);
	}
	fputs("|\n", out);
}

void grid_print_markdown(const struct grid *grid, FILE *out)
{
	for (size_t i = 0; i < grid->cells; i++) {
		size_t column = i % grid->columns;

		if (!grid->dropped[column])
			fprintf(out, "| %s ", grid->texts[i]);
		if (column + 1 < grid->columns)
			continue;
		fputs("|\n", out);
		if (i < grid->columns)
			print_markdown_rule(grid, out);
	}
}

/* As in RFC 4180, except that lines end in LF alone. */
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
		if (!grid->dropped[i % grid->columns])
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
