/* The results as files; see export.h. */
#include "config.h"

#include "lab/present/export.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/fatal.h"
#include "base/memory.h"
#include "lab/environment.h"
#include "lab/present/tables.h"
#include "output/json.h"

static bool write_file(const char *file,
		       void (*write)(const struct summary *summary, FILE *out),
		       const struct summary *summary)
{
	FILE *out = fopen(file, "we");
	bool good;

	if (out == NULL)
		return false;
	write(summary, out);
	good = fflush(out) == 0 && !ferror(out);
	return fclose(out) == 0 && good;
}

bool export_write(const char *file,
		  void (*write)(const struct summary *summary, FILE *out),
		  const struct summary *summary)
{
	if (file == NULL)
		return true;
	if (strcmp(file, "-") == 0) {
		write(summary, stdout);
		return true;
	}
	if (write_file(file, write, summary))
		return true;
	fatal_warn("cannot write '%s': %s", file, strerror(errno));
	return false;
}

void export_csv(const struct summary *summary, FILE *out)
{
	struct grid *grid = tables_figures(summary);

	grid_print_csv(grid, out);
	grid_free(grid);
}

/* Text that comes from the list or from servers must not become markup. */
static void describe_markdown(const struct summary *summary, FILE *out)
{
	char *text = tables_describe(summary);

	for (const char *at = text; *at != '\0'; at++) {
		if (strchr("<>&`*_|[]\\#", *at) != NULL)
			putc('\\', out);
		putc(*at, out);
	}
	free(text);
}

void export_markdown(const struct summary *summary, FILE *out)
{
	fprintf(out, "**%s**\n\n%s\n\n", summary->verdict, summary->reason);
	describe_markdown(summary, out);
	for (const struct table *table = tables; table->title; table++) {
		struct grid *grid = tables_make(table, summary);

		fprintf(out, "\n### %s\n\n", table->title);
		grid_print_markdown(grid, out);
		fprintf(out, "\n%s\n", table->note);
		grid_free(grid);
	}
}

/* ---- JSON ---- */

static void add_interval(struct json *json, const char *key,
			 const struct interval *interval)
{
	json_key(json, key);
	json_open(json, '[');
	json_real(json, interval->known ? interval->low : NAN, 9);
	json_real(json, interval->known ? interval->high : NAN, 9);
	json_close(json, ']');
}

static void add_digest(struct json *json, const char *key,
		       const uint8_t value[DIGEST_BYTES])
{
	char hex[DIGEST_HEX_ROOM];

	digest_hex(DIGEST_SHA256, value, hex);
	json_key_string(json, key, hex);
}

static void add_versions(struct json *json, const struct measure_record *record)
{
	json_key(json, "http_versions");
	json_open(json, '[');
	if (record->http_10)
		json_string(json, "1.0");
	if (record->http_11)
		json_string(json, "1.1");
	if (record->http_2)
		json_string(json, "2");
	json_close(json, ']');
}

/* What the run measured about itself. */
static void add_record(struct json *json, const struct sample *sample)
{
	const struct measure_record *record = &sample->measure.record;
	const struct run_totals *totals = &record->totals;

	json_key_real(json, "wall_s", (double)sample->wall_us / 1e6, 6);
	json_key_real(json, "before_first_entry_s",
		      (double)sample->startup_us / 1e6, 6);
	json_key_uint(json, "memory_core_bytes", record->memory);
	json_key_uint(json, "memory_largest_worker_bytes",
		      totals->memory_largest);
	json_key_uint(json, "memory_workers_bytes", totals->memory_sum);
	json_key_string(json, "first_failure", record->failure[0] != '\0'
			? record->failure : NULL);
	add_versions(json, record);
	json_key_uint(json, "entries", totals->entries);
	json_key_uint(json, "successes", record->good);
	json_key_uint(json, "unverified", totals->unverified);
	json_key_uint(json, "bytes", totals->bytes);
	add_digest(json, "digest", record->digest);
	json_key_uint(json, "jobs_submitted", totals->submitted);
	json_key_uint(json, "transfers_begun", totals->fetches);
	json_key_uint(json, "connections", totals->connections);
	json_key_uint(json, "lookups", totals->lookups);
	json_key_uint(json, "retries", totals->retries);
	json_key_uint(json, "redirects", totals->redirects);
	json_key_uint(json, "workers", record->workers);
	json_key_real(json, "busy_s", (double)record->busy_us / 1e6, 6);
	json_key_real(json, "waiting_s", (double)record->waiting_us / 1e6, 6);
	json_key_real(json, "receiving_s",
		      (double)record->receiving_us / 1e6, 6);
	json_key_real(json, "computing_s",
		      (double)record->computing_us / 1e6, 6);
	json_key_real(json, "held_s", (double)totals->held_us / 1e6, 6);
	json_key_uint(json, "queue_most", totals->most_waiting);
	json_key_uint(json, "worker_deaths", totals->deaths);
}

/* The exit code as a shell reports it. */
static uint64_t exit_code(const struct sample *sample)
{
	if (sample->complete)
		return (uint64_t)sample->measure.record.status;
	return (uint64_t)(WIFSIGNALED(sample->wait_status)
			  ? 128 + WTERMSIG(sample->wait_status)
			  : WEXITSTATUS(sample->wait_status));
}

/* Adds one run.  Measurements that were not made are omitted: those of the run
 * itself if it did not complete, those of the server unless it COUNTED. */
static void add_run(struct json *json, const struct trial *trial, size_t block,
		    bool far_out, bool counted)
{
	const struct sample *sample = &trial->sample;

	json_open(json, '{');
	json_key_uint(json, "block", block + 1);
	json_key_bool(json, "valid", trial->fault[0] == '\0');
	json_key_string(json, "left_out",
			trial->fault[0] != '\0' ? trial->fault : NULL);
	json_key_bool(json, "outlier", far_out);
	json_key_real(json, "total_s", (double)sample->total_us / 1e6, 6);
	json_key_real(json, "user_s", (double)sample->user_us / 1e6, 6);
	json_key_real(json, "system_s", (double)sample->system_us / 1e6, 6);
	json_key_uint(json, "context_switches", sample->switches);
	json_key_uint(json, "page_faults", sample->faults);
	json_key_uint(json, "exit_code", exit_code(sample));
	if (sample->complete)
		add_record(json, sample);
	if (counted) {
		json_key_uint(json, "server_requests", sample->served);
		json_key_real(json, "server_cpu_s",
			      (double)sample->origin_cpu_us / 1e6, 6);
	}
	json_close(json, '}');
}

static void add_runs(struct json *json, const struct summary *summary,
		     const struct summary_row *row)
{
	const struct combination *combination = row->combination;

	json_key(json, "runs");
	json_open(json, '[');
	for (size_t i = 0; i < summary->experiment->blocks; i++)
		add_run(json, &combination->trials[i], i, row->far_out[i],
			summary->experiment->gate.counted);
	json_close(json, ']');
}

/* Adds the arrays that hyperfine has, with one value for each valid run. */
static void add_times(struct json *json, const struct summary *summary,
		      const struct combination *combination)
{
	const struct trial *trials = combination->trials;

	json_key(json, "times");
	json_open(json, '[');
	for (size_t i = 0; i < summary->experiment->blocks; i++) {
		if (trials[i].fault[0] == '\0')
			json_real(json, (double)trials[i].sample.wall_us / 1e6,
				  6);
	}
	json_close(json, ']');
	json_key(json, "exit_codes");
	json_open(json, '[');
	for (size_t i = 0; i < summary->experiment->blocks; i++) {
		if (trials[i].fault[0] == '\0')
			json_uint(json, (uint64_t)
				  trials[i].sample.measure.record.status);
	}
	json_close(json, ']');
}

/* Adds the histogram itself: for each cell, its largest value in microseconds
 * and the number of values in it. */
static void add_cells(struct json *json, const struct histogram *histogram)
{
	json_key(json, "histogram_us");
	json_open(json, '[');
	for (size_t cell = 0; cell < HISTOGRAM_CELLS; cell++) {
		if (histogram->cells[cell] == 0)
			continue;
		json_open(json, '[');
		json_uint(json, histogram_value(cell));
		json_uint(json, histogram->cells[cell]);
		json_close(json, ']');
	}
	json_close(json, ']');
}

static void add_latency(struct json *json, const char *key,
			const struct histogram *histogram)
{
	json_key(json, key);
	json_open(json, '{');
	json_key_uint(json, "count", histogram->count);
	for (const struct quantile *at = quantiles; at->name; at++) {
		double value = (double)histogram_quantile(histogram,
							  at->share);

		json_key_real(json, at->name,
			      histogram_supports(histogram, at->share)
				      ? value / 1e6 : NAN, 6);
	}
	json_key_real(json, "max", histogram->count > 0
		      ? (double)histogram->largest_us / 1e6 : NAN, 6);
	add_cells(json, histogram);
	json_close(json, '}');
}

static void add_parameters(struct json *json,
			   const struct combination *combination)
{
	json_key(json, "parameters");
	json_open(json, '{');
	json_key_string(json, "strategy", combination->strategy->name);
	json_key_string(json, "jobs", combination->label);
	json_close(json, '}');
}

static void add_result(struct json *json, const struct summary *summary,
		       const struct summary_row *row)
{
	char name[TABLES_NAME_ROOM];
	char *command;

	tables_name(row->combination, name);
	command = memory_format("pfetch -s %s", name);
	json_open(json, '{');
	json_key_string(json, "command", command);
	json_key_real(json, "mean", row->mean_s, 9);
	json_key_real(json, "stddev", row->deviation_s, 9);
	json_key_real(json, "median", row->wall_s, 9);
	json_key_real(json, "user", row->user_mean_s, 9);
	json_key_real(json, "system", row->system_mean_s, 9);
	json_key_real(json, "min", row->least_s, 9);
	json_key_real(json, "max", row->most_s, 9);
	add_times(json, summary, row->combination);
	add_parameters(json, row->combination);
	add_interval(json, "median_ci95", &row->wall);
	json_key_real(json, "speedup", row->speedup, 9);
	add_interval(json, "speedup_ci95", &row->speedup_interval);
	json_key_real(json, "startup", row->startup_s, 9);
	json_key_real(json, "ideal", row->ideal_s, 9);
	json_key_bool(json, "client_limited", row->client_limited);
	json_key_bool(json, "machine_limited", row->machine_limited);
	add_latency(json, "service_s", row->combination->service);
	add_latency(json, "sojourn_s", row->combination->sojourn);
	add_runs(json, summary, row);
	json_close(json, '}');
	free(command);
}

static void add_experiment(struct json *json, const struct summary *summary)
{
	const struct experiment *experiment = summary->experiment;

	json_key(json, "pfetch");
	json_open(json, '{');
	json_key_string(json, "verdict", summary->verdict);
	json_key_string(json, "reason", summary->reason);
	json_key_uint(json, "seed", experiment->seed);
	json_key_uint(json, "blocks", experiment->blocks);
	json_key_uint(json, "runs_left_out", experiment->left_out);
	json_key_bool(json, "interrupted", experiment->signal != 0);
	json_key_uint(json, "entries", experiment->workload->entries);
	add_digest(json, "list_sha256", experiment->workload->digest);
	json_key(json, "options");
	json_open(json, '[');
	for (size_t i = 0; experiment->options[i] != NULL; i++)
		json_string(json, experiment->options[i]);
	json_close(json, ']');
	json_key(json, "arguments");
	json_open(json, '[');
	for (size_t i = 0; experiment->arguments[i] != NULL; i++)
		json_string(json, experiment->arguments[i]);
	json_close(json, ']');
	json_key(json, "environment");
	json_open(json, '{');
	for (size_t i = 0; i < environment_count(); i++)
		json_key_string(json, environment_name(i),
				environment_value(i));
	json_close(json, '}');
	json_close(json, '}');
}

void export_json(const struct summary *summary, FILE *out)
{
	struct evbuffer *buffer = evbuffer_new();
	struct json json = json_to(buffer);

	json_open(&json, '{');
	json_key(&json, "results");
	json_open(&json, '[');
	for (size_t i = 0; i < summary->count; i++)
		add_result(&json, summary, &summary->rows[i]);
	json_close(&json, ']');
	add_experiment(&json, summary);
	json_close(&json, '}');
	evbuffer_add(buffer, "\n", 1);
	fwrite(evbuffer_pullup(buffer, -1), 1, evbuffer_get_length(buffer),
	       out);
	evbuffer_free(buffer);
}
