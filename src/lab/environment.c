/* The environment of a comparison; see environment.h. */
#include "config.h"

#include "lab/environment.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/units.h"

static const char *pfetch_version(void)
{
	return PACKAGE_VERSION;
}

static const char *libcurl_version(void)
{
	return curl_version();
}

/* The kind of resolver that libcurl was built with: a threaded one starts
 * threads of its own, a blocking one holds up its caller. */
static const char *resolver(void)
{
	const curl_version_info_data *info =
		curl_version_info(CURLVERSION_NOW);

	return info->ares != NULL ? "c-ares"
	       : info->features & CURL_VERSION_ASYNCHDNS ? "threaded"
							 : "blocking";
}

static const char *libevent_version(void)
{
	return event_get_version();
}

static const char *compiler(void)
{
	return __VERSION__;
}

static const char *kernel(void)
{
	static struct utsname name;
	static char text[sizeof(name.sysname) + sizeof(name.release) +
			 sizeof(name.machine) + 3];

	if (uname(&name) != 0)
		return "unknown";
	snprintf(text, sizeof(text), "%s %s %s", name.sysname, name.release,
		 name.machine);
	return text;
}

static const char *processor(void)
{
	static char model[160] = "unknown";
	char line[256];
	FILE *file = fopen("/proc/cpuinfo", "re");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		char *value = strchr(line, ':');

		if (strncmp(line, "model name", 10) != 0 || value == NULL)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(model, sizeof(model), "%.150s",
			 value + 1 + strspn(value + 1, " "));
		break;
	}
	if (file != NULL)
		fclose(file);
	return model;
}

static const char *processors(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, limits_processors());
	return text;
}

static const char *memory(void)
{
	static char text[UNITS_ROOM];
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	units_format_bytes(text, (double)pages * (double)size);
	return text;
}

static const char *moment(void)
{
	static char text[32];
	time_t now = time(NULL);
	struct tm parts;

	if (gmtime_r(&now, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return "unknown";
	return text;
}

static const struct {
	const char *name;
	const char *(*value)(void);
} facts[] = {
	{ "pfetch", pfetch_version },
	{ "libcurl", libcurl_version },
	{ "resolver", resolver },
	{ "libevent", libevent_version },
	{ "compiler", compiler },
	{ "kernel", kernel },
	{ "processor", processor },
	{ "processors", processors },
	{ "memory", memory },
	{ "time", moment },
};

size_t environment_count(void)
{
	return sizeof(facts) / sizeof(*facts);
}

const char *environment_name(size_t index)
{
	return facts[index].name;
}

const char *environment_value(size_t index)
{
	return facts[index].value();
}
