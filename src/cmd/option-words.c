/* The values of options that are texts; see option-words.h. */
#include "config.h"

#include "cmd/option-words.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/digest.h"
#include "base/http-syntax.h"
#include "cmd/net-syntax.h"
#include "core/host-rules.h"
#include "core/list-format.h"
#include "core/name-template.h"
#include "output/write-out.h"
#include "strategy/strategy.h"

static const char *fault_of_strategy(const char *text)
{
	return strategy_find(text) != NULL
		       ? NULL : "unknown strategy; see --list-strategies";
}

static const char *fault_of_digest(const char *text)
{
	return digest_find(text) != DIGEST_KINDS
		       ? NULL : "not sha256, sha512, sha1 or md5";
}

static const char *fault_of_format(const char *text)
{
	return list_format_is_known(text) ? NULL : "not lines, aria2 or curl";
}

static const char *fault_of_text(const char *text)
{
	return *text != '\0' ? NULL : "it needs a value";
}

static const char *fault_of_line(const char *text)
{
	if (*text == '\0')
		return fault_of_text(text);
	return http_has_control(text) ? "contains a control character" : NULL;
}

/* Whether TEXT is one of the words in CHOICES. */
static bool is_among(const char *const *choices, const char *text)
{
	while (*choices != NULL && strcmp(*choices, text) != 0)
		choices++;
	return *choices != NULL;
}

static const char *fault_of_auth(const char *text)
{
	static const char *const choices[] = { "basic", "digest", "any",
					       NULL };

	return is_among(choices, text) ? NULL : "not basic, digest or any";
}

static const char *fault_of_tls(const char *text)
{
	static const char *const choices[] = { "1.0", "1.1", "1.2", "1.3",
					       NULL };

	return is_among(choices, text) ? NULL : "not 1.0, 1.1, 1.2 or 1.3";
}

static const char *fault_of_order(const char *text)
{
	static const char *const choices[] = { "input", "done", NULL };

	return is_among(choices, text) ? NULL : "not input or done";
}

static const char *fault_of_progress(const char *text)
{
	static const char *const choices[] = { "auto", "bar", "plain", "none",
					       NULL };

	return is_among(choices, text) ? NULL : "not auto, bar, plain or none";
}

static const char *fault_of_durability(const char *text)
{
	static const char *const choices[] = { "none", "group", "each", NULL };

	return is_among(choices, text) ? NULL : "not none, group or each";
}

static const struct {
	const char *(*fault)(const char *text);
} words[] = {
	[KIND_TEXT] = { fault_of_text },
	[KIND_LINE] = { fault_of_line },
	[KIND_STRATEGY] = { fault_of_strategy },
	[KIND_DIGEST] = { fault_of_digest },
	[KIND_TEMPLATE] = { name_template_check },
	[KIND_HOSTS] = { host_rules_check },
	[KIND_FORMAT] = { fault_of_format },
	[KIND_METHOD] = { http_method_fault },
	[KIND_AUTH] = { fault_of_auth },
	[KIND_ORDER] = { fault_of_order },
	[KIND_PROGRESS] = { fault_of_progress },
	[KIND_DURABILITY] = { fault_of_durability },
	[KIND_WRITE_OUT] = { write_out_fault },
	[KIND_TLS] = { fault_of_tls },
	[KIND_INTERFACE] = { net_interface_fault },
	[KIND_PIN] = { net_pin_fault },
	[KIND_RESOLVE] = { net_resolve_fault },
	[KIND_CONNECT_TO] = { net_connect_to_fault },
	[KIND_HOST_LIST] = { net_host_fault },
};

const char *option_word_fault(enum option_kind kind, const char *text)
{
	return words[kind].fault(text);
}
