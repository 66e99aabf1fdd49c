/* The tables of a comparison; see tables.h. */
#include "config.h"

#include "lab/present/tables.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/units.h"

const struct quantile quantiles[] = {
	{ "p50", 0.5 }, { "p90", 0.9 }, { "p99", 0.99 }, { "p99.9", 0.999 },
	{ NULL, 0 },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

void tables_name(const struct combination *combination,
		 char name[TABLES_NAME_ROOM])
{
	snprintf(name, TABLES_NAME_ROOM, "%s -j %s",
		 combination->strategy->name, combination->label);
}

void tables_time(const struct summary *summary, double seconds,
		 char text[TABLES_TIME_ROOM])
{
	double shortest = INFINITY;

	for (size_t i = 0; i < summary->count; i++)
		shortest = fmin(shortest, summary->rows[i].wall_s);
	if (isnan(seconds))
		snprintf(text, TABLES_TIME_ROOM, "-");
	else
		snprintf(text, TABLES_TIME_ROOM, "%.*f",
			 shortest < 0.1 ? 4 : 3, seconds);
}

void tables_ratio(double ratio, char text[TABLES_RATIO_ROOM])
{
	if (isnan(ratio))
		snprintf(text, TABLES_RATIO_ROOM, "-");
	else
		snprintf(text, TABLES_RATIO_ROOM, "%.*f",
			 ratio < 10 ? 3 : 1, ratio);
}

/* Adds VALUE with DECIMALS decimals and UNIT, or "-" if it is not finite. */
static void add_figure(struct grid *grid, double value, int decimals,
		       const char *unit)
{
	if (isfinite(value))
		grid_add(grid, "%.*f%s", decimals, value, unit);
	else
		grid_add(grid, "-");
}

/* Adds the two columns that every table begins with. */
static void add_name(struct grid *grid, const struct summary_row *row)
{
	grid_add(grid, "%s", row->combination->strategy->name);
	grid_add(grid, "%s", row->combination->label);
}

static void add_interval(struct grid *grid, const struct summary *summary,
			 const struct interval *interval)
{
	char low[TABLES_TIME_ROOM], high[TABLES_TIME_ROOM];

	if (!interval->known) {
		grid_add(grid, "-");
		return;
	}
	tables_time(summary, interval->low, low);
	tables_time(summary, interval->high, high);
	grid_add(grid, "%s to %s", low, high);
}

static void add_speedup(struct grid *grid, const struct summary *summary,
			const struct summary_row *row)
{
	const struct interval *interval = &row->speedup_interval;
	char low[TABLES_RATIO_ROOM], high[TABLES_RATIO_ROOM];

	if (row == summary->baseline && row->runs > 0) {
		grid_add(grid, "baseline");
		grid_add(grid, "-");
		return;
	}
	tables_ratio(row->speedup, low);
	grid_add(grid, "%s", low);
	tables_ratio(interval->low, low);
	tables_ratio(interval->high, high);
	if (interval->known)
		grid_add(grid, "%s to %s", low, high);
	else
		grid_add(grid, "-");
}

static void add_remarks(struct grid *grid, const struct summary *summary,
			const struct summary_row *row)
{
	char words[128] = "", part[64];
	size_t blocks = summary->experiment->blocks;

	if (row != summary->baseline && row->speedup_interval.known &&
	    !row->faster && !row->slower)
		snprintf(words, sizeof(words), "no clear difference");
	if (row->outliers > 0) {
		snprintf(part, sizeof(part), "%s%zu outlier%s",
			 words[0] != '\0' ? ", " : "", row->outliers,
			 row->outliers > 1 ? "s" : "");
		strncat(words, part, sizeof(words) - strlen(words) - 1);
	}
	if (row->runs < blocks) {
		snprintf(part, sizeof(part), "%s%zu of %zu runs left out",
			 words[0] != '\0' ? ", " : "", blocks - row->runs,
			 blocks);
		strncat(words, part, sizeof(words) - strlen(words) - 1);
	}
	grid_add(grid, "%s", words);
}

static struct grid *make_times(const struct summary *summary)
{
	static const char *const headings[] = {
		"<strategy", "-j", "wall s",
		"95 % interval|95 % interval of the wall time", "speed-up",
		"95 % interval|95 % interval of the speed-up", "ideal s",
		"reached", "start-up s", "<|remarks"
	};
	struct grid *grid = grid_new(headings, COUNT(headings));
	char text[TABLES_TIME_ROOM];

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		add_name(grid, row);
		tables_time(summary, row->wall_s, text);
		grid_add(grid, "%s", text);
		add_interval(grid, summary, &row->wall);
		add_speedup(grid, summary, row);
		tables_time(summary, row->ideal_s, text);
		grid_add(grid, "%s", text);
		add_figure(grid, 100 * row->reached, 0, " %");
		tables_time(summary, row->startup_s, text);
		grid_add(grid, "%s", text);
		add_remarks(grid, summary, row);
	}
	return grid;
}

/* Adds two columns: the workers, such as "2 threads", and the number of their
 * offload threads. */
static void add_workers(struct grid *grid, const struct summary *summary,
			const struct summary_row *row)
{
	const struct strategy *strategy = row->combination->strategy;
	const struct settings *settings = summary->experiment->settings;
	bool several = row->workers > 1;
	double offload = strategy->slots && settings->cpu_work_us > 0
				 ? (double)settings->offload : 0;

	add_figure(grid, row->workers, 0, strategy->processes
		   ? several ? " processes" : " process"
		   : several ? " threads" : " thread");
	if (offload > 0)
		add_figure(grid, row->workers * offload, 0, "");
	else
		grid_add(grid, "-");
}

static void add_bytes(struct grid *grid, double bytes)
{
	char text[UNITS_ROOM];

	if (!isfinite(bytes)) {
		grid_add(grid, "-");
		return;
	}
	units_format_bytes(text, bytes);
	grid_add(grid, "%s", text);
}

static struct grid *make_costs(const struct summary *summary)
{
	static const char *const headings[] = {
		"<strategy", "-j", "URLs/s", "bytes/s", "user s", "system s",
		"largest process", "all processes", "context switches",
		"workers", "offload"
	};
	struct grid *grid = grid_new(headings, COUNT(headings));

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		add_name(grid, row);
		add_figure(grid, row->urls_per_s, row->urls_per_s < 100, "");
		add_bytes(grid, row->bytes_per_s);
		add_figure(grid, row->user_s, 3, "");
		add_figure(grid, row->system_s, 3, "");
		add_bytes(grid, row->memory_largest);
		add_bytes(grid, row->memory_sum);
		add_figure(grid, row->switches, 0, "");
		add_workers(grid, summary, row);
	}
	return grid;
}

static void add_versions(struct grid *grid, const struct summary_row *row)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%s%s", row->http_10 ? " 1.0" : "",
		 row->http_11 ? " 1.1" : "", row->http_2 ? " 2" : "");
	grid_add(grid, "%s", text[0] != '\0' ? text + 1 : "-");
}

static void add_limit(struct grid *grid, const struct summary_row *row)
{
	grid_add(grid, "%s%s%s",
		 row->client_limited ? "client-limited" : "",
		 row->client_limited && row->machine_limited ? ", " : "",
		 row->machine_limited ? "machine-limited" : "");
}

static struct grid *make_work(const struct summary *summary)
{
	static const char *const headings[] = {
		"<strategy", "-j", "HTTP", "connections", "look-ups",
		"retries", "failed", "in flight", "list held s",
		"longest queue", "CPU", "<|limited"
	};
	struct grid *grid = grid_new(headings, COUNT(headings));

	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];

		add_name(grid, row);
		add_versions(grid, row);
		add_figure(grid, row->connections, 0, "");
		add_figure(grid, row->lookups, 0, "");
		add_figure(grid, row->retries, 0, "");
		add_figure(grid, row->failed, 0, "");
		add_figure(grid, row->in_flight, 2, "");
		add_figure(grid, row->held_s, 3, "");
		add_figure(grid, row->queue_most, 0, "");
		add_figure(grid, 100 * row->cpu_share, 0, " %");
		add_limit(grid, row);
	}
	return grid;
}

static void add_latencies(struct grid *grid,
			  const struct histogram *histogram)
{
	for (const struct quantile *at = quantiles; at->name; at++) {
		uint64_t value = histogram_quantile(histogram, at->share);

		if (histogram_supports(histogram, at->share))
			grid_add(grid, "%.2f", (double)value / 1e3);
		else
			grid_add(grid, "-");
	}
	if (histogram->count > 0)
		grid_add(grid, "%.2f", (double)histogram->largest_us / 1e3);
	else
		grid_add(grid, "-");
}

static struct grid *make_latencies(const struct summary *summary)
{
	static const char *const headings[] = {
		"<strategy", "-j", "n", "service p50", "p90|service p90",
		"p99|service p99", "p99.9|service p99.9", "max|service max",
		"sojourn p50", "p90|sojourn p90", "p99|sojourn p99",
		"p99.9|sojourn p99.9", "max|sojourn max"
	};
	struct grid *grid = grid_new(headings, COUNT(headings));

	for (size_t i = 0; i < summary->count; i++) {
		const struct combination *combination =
			summary->rows[i].combination;

		add_name(grid, &summary->rows[i]);
		grid_add(grid, "%" PRIu64, combination->service->count);
		add_latencies(grid, combination->service);
		add_latencies(grid, combination->sojourn);
	}
	return grid;
}

const struct table tables[] = {
	{ "Time",
	  "Wall time from the first entry read to the last result: median and "
	  "95 % interval. Speed-up: median of the ratios to the baseline in "
	  "the same block. Start-up: the rest of the process's life.",
	  make_times },
	{ "Cost",
	  "Medians. CPU time and context switches are those of the process "
	  "and its workers. Memory: resident peaks of the largest process and "
	  "of all processes together; shared pages count in each process.",
	  make_costs },
	{ "Work done",
	  "Medians. In flight: mean over time. List held: how long reading "
	  "the list was held back for lack of room. Longest queue: most jobs "
	  "that waited for a worker. CPU: share of the processors that the "
	  "combination can use, or of the lock's time.",
	  make_work },
	{ "Latency in ms (closed loop)",
	  "Service: from dispatch to the last byte. Sojourn: from reading the "
	  "entry to the last byte. All valid runs together. A new request is "
	  "sent only when an old one has ended, so a server that stalls gets "
	  "fewer requests (closed loop).",
	  make_latencies },
	{ NULL, NULL, NULL }
};

struct grid *tables_make(const struct table *table,
			 const struct summary *summary)
{
	struct grid *grid = table->make(summary);

	grid_drop_empty(grid);
	return grid;
}
