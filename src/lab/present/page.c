/* The report as an HTML page; see page.h. */
#include "config.h"

#include "lab/present/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/units.h"
#include "lab/present/drawing.h"
#include "lab/environment.h"
#include "lab/present/tables.h"

/* The colours have enough contrast on both backgrounds and can be told apart
 * with the common kinds of colour blindness (after Okabe and Ito). */
static const char style[] =
	":root{color-scheme:light dark;--ground:#fff;--ink:#1a1c20;"
	"--soft:#5b616b;--rule:#d9dce1;--track:#f0f2f5;--c0:#5b616b;"
	"--c1:#b35300;--c2:#0067a8;--c3:#00795a;--c4:#a1307d;--c5:#8a6d00;"
	"--w:#7d8797;--r:#0a84c6;--k:#d1570a}\n"
	"@media(prefers-color-scheme:dark){:root{--ground:#15171b;"
	"--ink:#e8eaee;--soft:#a3aab6;--rule:#3a3f48;--track:#22262d;"
	"--c0:#a3aab6;--c1:#ff9d4d;--c2:#5db9f5;--c3:#3fd0a2;--c4:#f08ad0;"
	"--c5:#e3c44a;--w:#7d8797;--r:#4db4ee;--k:#ff8f3d}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0;background:var(--ground);color:var(--ink);"
	"font:1rem/1.5 system-ui,sans-serif}\n"
	"main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}\n"
	"h1{font-size:1.1rem;color:var(--soft);font-weight:600;margin:0}\n"
	"h2{font-size:1.25rem;margin:2.5rem 0 .25rem}\n"
	"h3{font-size:1rem;margin:1.5rem 0 .25rem}\n"
	".verdict{font-size:1.6rem;line-height:1.25;font-weight:650;"
	"margin:.25rem 0 .75rem}\n"
	"figure{margin:0}\n"
	"figcaption,.note,caption{color:var(--soft);font-size:.9rem}\n"
	"caption{text-align:left}\n"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere;"
	"background:var(--track);padding:.6rem .8rem;border-radius:.4rem}\n"
	".bars{list-style:none;margin:.6rem 0 0;padding:0}\n"
	".bars li{display:grid;grid-template-columns:8.5rem 1fr 13.5rem;"
	"gap:.6rem;align-items:center;font-size:.9rem}\n"
	".name,.value,table{font-variant-numeric:tabular-nums}\n"
	".name b{float:right;font-weight:400;color:var(--soft)}\n"
	".track{position:relative;height:1rem;background:var(--track);"
	"border-radius:.2rem}\n"
	".track i{position:absolute;top:.15rem;bottom:.15rem}\n"
	".bar{background:var(--c,var(--soft));border-radius:.15rem}\n"
	".two{background:repeating-linear-gradient(135deg,"
	"var(--c,var(--soft)) 0 2px,transparent 2px 4px)}\n"
	".track .ci{top:0;bottom:0;border:solid var(--ink);"
	"border-width:0 1.5px;background:linear-gradient(var(--ink),"
	"var(--ink)) center/100% 1.5px no-repeat}\n"
	".track .mark{top:-.1rem;bottom:-.1rem;"
	"border-left:2px dashed var(--soft)}\n"
	".key{white-space:nowrap;margin-left:.8rem}\n"
	".key i{display:inline-block;width:1.4rem;height:.7rem;"
	"margin-right:.35rem}\n"
	".c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}"
	".c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}\n"
	".scroll{overflow-x:auto}\n"
	"svg{display:block;width:100%;min-width:30rem;max-width:46rem;"
	"font-size:10px}\n"
	"svg.fit{min-width:0;font-size:12px}\n"
	"svg text{fill:var(--soft)}svg .label{fill:var(--c)}\n"
	".end{text-anchor:end}.mid{text-anchor:middle}\n"
	".grid{stroke:var(--rule)}.lead{stroke:var(--rule);fill:none}\n"
	".ideal{fill:none;stroke:var(--soft);stroke-dasharray:4 3}\n"
	".line path{fill:none;stroke:var(--c);stroke-width:1.6}\n"
	".line circle{fill:var(--c)}\n"
	".strip{fill:var(--c)}.tick{stroke:var(--ink);stroke-width:1.5}\n"
	".w{fill:var(--w)}.r{fill:var(--r)}.k{fill:var(--k)}\n"
	".key .w{background:var(--w);height:.3rem;vertical-align:middle}"
	".key .r{background:var(--r);height:.55rem}"
	".key .k{background:var(--k);height:.8rem}"
	".key .q{height:.15rem;vertical-align:middle}\n"
	"table{border-collapse:collapse;font-size:.85rem;margin:.5rem 0}\n"
	"th,td{padding:.2rem .6rem;text-align:right;white-space:nowrap;"
	"border-bottom:1px solid var(--rule);font-weight:400}\n"
	"thead th{color:var(--soft)}.l{text-align:left}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;"
	"gap:.1rem 1rem;font-size:.9rem}dt{color:var(--soft)}"
	"dd{margin:0;overflow-wrap:anywhere}\n"
	"@media(max-width:40rem){.bars li{grid-template-columns:1fr auto;"
	"gap:0 .6rem;margin-bottom:.35rem}.track{grid-row:2;"
	"grid-column:1/-1}.name b{float:none}"
	".verdict{font-size:1.3rem}}\n";

/* ---- what the bars show ---- */

static double wall_of(const struct summary_row *row)
{
	return row->wall_s;
}

static const struct interval *wall_interval(const struct summary_row *row)
{
	return &row->wall;
}

static double ideal_of(const struct summary_row *row)
{
	return row->ideal_s;
}

static void wall_text(const struct summary *summary,
		      const struct summary_row *row, char *text, size_t room)
{
	char wall[TABLES_TIME_ROOM], ratio[TABLES_RATIO_ROOM];

	tables_ratio(row->speedup, ratio);
	tables_time(summary, row->wall_s, wall);
	if (row == summary->baseline || isnan(row->speedup) ||
	    !row->speedup_interval.known)
		snprintf(text, room, "%s s", wall);
	else if (row->faster || row->slower)
		snprintf(text, room, "%s s, %s x", wall, ratio);
	else
		snprintf(text, room, "%s s, no clear difference", wall);
}

static double user_of(const struct summary_row *row)
{
	return row->user_s;
}

static double system_of(const struct summary_row *row)
{
	return row->system_s;
}

static void cpu_text(const struct summary *summary,
		     const struct summary_row *row, char *text, size_t room)
{
	(void)summary;
	snprintf(text, room, "%.3f + %.3f s%s", row->user_s, row->system_s,
		 row->client_limited ? ", client-limited" : "");
}

static double largest_of(const struct summary_row *row)
{
	return row->memory_largest;
}

static double others_of(const struct summary_row *row)
{
	return row->memory_sum - row->memory_largest;
}

static void memory_text(const struct summary *summary,
			const struct summary_row *row, char *text, size_t room)
{
	char largest[UNITS_ROOM], sum[UNITS_ROOM];

	(void)summary;
	units_format_bytes(largest, row->memory_largest);
	units_format_bytes(sum, row->memory_sum);
	if (row->memory_sum > row->memory_largest)
		snprintf(text, room, "%s, %s in total", largest, sum);
	else
		snprintf(text, room, "%s", largest);
}

/* Whether ROW is the fastest combination of its strategy. */
static bool is_fastest(const struct summary *summary,
		       const struct summary_row *row)
{
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *other = &summary->rows[i];

		if (other->combination->strategy ==
			    row->combination->strategy &&
		    other->runs > 0 && other->wall_s < row->wall_s)
			return false;
	}
	return row->runs > 0;
}

static const struct bars overview = {
	.title = "Overview",
	.words = "The wall time of each strategy with the number of jobs that "
		 "suits it best: the median, with the 95 % interval as "
		 "whiskers and, where it is known, the ideal as a broken "
		 "line.",
	.shown = is_fastest,
	.value = wall_of,
	.interval = wall_interval,
	.mark = ideal_of,
	.text = wall_text,
};

static const struct bars all_bars[] = {
	{
		.title = "Wall time",
		.words = "From the first entry read to the last result: "
			 "median, 95 % interval (whiskers) and, where it is "
			 "known, the ideal (broken line).",
		.value = wall_of,
		.interval = wall_interval,
		.mark = ideal_of,
		.text = wall_text,
	},
	{
		.title = "CPU time",
		.words = "Of the process and its workers, including start-up.",
		.parts = { "user", "system" },
		.value = user_of,
		.second = system_of,
		.text = cpu_text,
	},
	{
		.title = "Memory",
		.words = "Resident peaks. Pages that processes share count "
			 "once for each process.",
		.parts = { "largest process", "the others" },
		.value = largest_of,
		.second = others_of,
		.text = memory_text,
	},
};

/* ---- the page ---- */

static void write_head(const struct summary *summary, FILE *out)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
	      "charset=\"utf-8\">\n<meta name=\"viewport\" "
	      "content=\"width=device-width,initial-scale=1\">\n<meta "
	      "http-equiv=\"Content-Security-Policy\" content=\"default-src "
	      "'none';style-src 'unsafe-inline'\">\n<title>pfetch compare: ",
	      out);
	grid_html_text(summary->verdict, out);
	fprintf(out, "</title>\n<style>\n%s</style></head>\n<body><main>\n"
		"<header><h1>pfetch compare</h1>\n<p class=\"verdict\">",
		style);
	grid_html_text(summary->verdict, out);
	fputs("</p>\n<p>", out);
	grid_html_text(summary->reason, out);
	fputs("</p></header>\n", out);
}

/* Writes the text of tables_describe(). */
static void write_description(const struct summary *summary, FILE *out)
{
	char *text = tables_describe(summary);

	fputs("<p class=\"note\">", out);
	grid_html_text(text, out);
	fputs("</p>\n", out);
	free(text);
}

static void write_lanes(const struct summary *summary, FILE *out)
{
	if (!summary->experiment->pictured)
		return;
	fputs("<section><h2>Time lines</h2>\n<p class=\"note\">From one "
	      "additional run of each strategy, which is not included in any "
	      "figure. "
	      "Each lane is a worker, or a slot of an event loop. A loop that "
	      "is busy computing notices only afterwards what has arrived."
	      "<span class=\"key\"><i class=\"w\"></i>waiting</span>"
	      "<span class=\"key\"><i class=\"r\"></i>receiving</span>"
	      "<span class=\"key\"><i class=\"k q\"></i>queued for computing"
	      "</span><span class=\"key\"><i class=\"k\"></i>computing"
	      "</span></p>\n",
	      out);
	for (const struct strategy *const *at = strategies; *at; at++)
		drawing_lanes(summary, *at, out);
	fputs("</section>\n", out);
}

static void write_tables(const struct summary *summary, FILE *out)
{
	fputs("<section><h2>All figures</h2>\n", out);
	for (const struct table *table = tables; table->title; table++) {
		struct grid *grid = tables_make(table, summary);

		fprintf(out, "<h3>%s</h3>\n", table->title);
		grid_print_html(grid, table->title, table->note, out);
		grid_free(grid);
	}
	fputs("</section>\n", out);
}

static void write_fact(const char *name, const char *value, FILE *out)
{
	fputs("<dt>", out);
	grid_html_text(name, out);
	fputs("</dt><dd>", out);
	grid_html_text(value, out);
	fputs("</dd>\n", out);
}

/* Writes ARGUMENT quoted for a shell. */
static void write_argument(const char *argument, FILE *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
				    "OPQRSTUVWXYZ0123456789-_=,./:%+@";

	putc(' ', out);
	if (argument[0] != '\0' &&
	    argument[strspn(argument, plain)] == '\0') {
		grid_html_text(argument, out);
		return;
	}
	putc('\'', out);
	while (*argument != '\0') {
		char *part = memory_copy(argument, strcspn(argument, "'"));

		grid_html_text(part, out);
		argument += strlen(part);
		free(part);
		if (*argument == '\'') {
			fputs("'\\''", out);
			argument++;
		}
	}
	putc('\'', out);
}

/* Writes the command that made the page, in a form that can be run again. */
static void write_command(const struct summary *summary, FILE *out)
{
	const struct experiment *experiment = summary->experiment;

	fputs("<p class=\"note\">Command</p>\n<pre>pfetch compare", out);
	for (size_t i = 0; experiment->arguments[i] != NULL; i++)
		write_argument(experiment->arguments[i], out);
	fputs("</pre>\n", out);
}

static void write_environment(const struct summary *summary, FILE *out)
{
	const struct experiment *experiment = summary->experiment;
	char hex[DIGEST_HEX_ROOM];

	fputs("<section><h2>Environment</h2>\n<dl>", out);
	digest_hex(DIGEST_SHA256, experiment->workload->digest, hex);
	write_fact("list, SHA-256", hex, out);
	for (size_t i = 0; i < environment_count(); i++)
		write_fact(environment_name(i), environment_value(i), out);
	fputs("</dl></section>\n", out);
}

void page_write(const struct summary *summary, FILE *out)
{
	write_head(summary, out);
	drawing_bars(summary, &overview, out);
	write_description(summary, out);
	write_command(summary, out);
	drawing_bars(summary, &all_bars[0], out);
	drawing_speedup(summary, out);
	for (size_t i = 1; i < sizeof(all_bars) / sizeof(*all_bars); i++)
		drawing_bars(summary, &all_bars[i], out);
	drawing_distributions(summary, out);
	write_lanes(summary, out);
	write_tables(summary, out);
	write_environment(summary, out);
	fputs("</main></body></html>\n", out);
}
