/*
 * The verdict; see verdict.h.
 *
 * The order of the checks matters: first what went wrong on our own side, then
 * whether there is a complete response header, then what it says, and last
 * whether the body is complete.
 */
#include "config.h"

#include "transfer/verdict.h"

#include <errno.h>
#include <string.h>

#include "base/limits.h"

/* What libcurl's codes mean where nothing better is known.  A code that is not
 * listed is a protocol error: the server did something unexpected. */
static const struct meaning {
	CURLcode code;
	enum cause cause;
	const char *text;
} meanings[] = {
	{ CURLE_COULDNT_RESOLVE_PROXY, CAUSE_DNS, "proxy not found" },
	{ CURLE_PROXY, CAUSE_CONNECT, "the proxy failed" },
	{ CURLE_INTERFACE_FAILED, CAUSE_CONNECT,
	  "could not connect from --interface" },
	{ CURLE_COULDNT_RESOLVE_HOST, CAUSE_DNS, "host not found" },
	{ CURLE_COULDNT_CONNECT, CAUSE_CONNECT, "could not connect" },
	{ CURLE_PARTIAL_FILE, CAUSE_TRUNCATED, "body cut short" },
	{ CURLE_GOT_NOTHING, CAUSE_RESET, "closed without a response" },
	{ CURLE_SEND_ERROR, CAUSE_RESET, "connection lost while sending" },
	{ CURLE_RECV_ERROR, CAUSE_RESET, "connection lost" },
	{ CURLE_HTTP2, CAUSE_RESET, "HTTP/2 connection error" },
	{ CURLE_HTTP2_STREAM, CAUSE_RESET, "HTTP/2 stream error" },
	{ CURLE_OPERATION_TIMEDOUT, CAUSE_TIMEOUT, "timed out" },
	{ CURLE_SSL_CONNECT_ERROR, CAUSE_TLS, "TLS handshake failed" },
	{ CURLE_PEER_FAILED_VERIFICATION, CAUSE_TLS,
	  "certificate verification failed" },
	{ CURLE_SSL_CERTPROBLEM, CAUSE_TLS, "certificate problem" },
	{ CURLE_SSL_CIPHER, CAUSE_TLS, "no common cipher" },
	{ CURLE_SSL_CACERT_BADFILE, CAUSE_TLS, "CA certificates unreadable" },
	{ CURLE_SSL_ENGINE_INITFAILED, CAUSE_TLS, "TLS engine failed" },
	{ CURLE_UNSUPPORTED_PROTOCOL, CAUSE_PROTOCOL, "not an HTTP response" },
	{ CURLE_WEIRD_SERVER_REPLY, CAUSE_PROTOCOL, "malformed response" },
	{ CURLE_OUT_OF_MEMORY, CAUSE_PROTOCOL,
	  "header line too long, or out of memory" },
	{ CURLE_FAILED_INIT, CAUSE_RESOURCE,
	  "libcurl could not be initialized" },
	{ CURLE_URL_MALFORMAT, CAUSE_INPUT, "malformed URL" },
	{ CURLE_ABORTED_BY_CALLBACK, CAUSE_ABORTED, "aborted" },
};

static const struct meaning *meaning_of(CURLcode code)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (meanings[i].code == code)
			return &meanings[i];
	}
	return NULL;
}

/* libcurl's own error message; may be empty. */
static const char *words_of(const struct evidence *seen)
{
	return seen->message != NULL ? seen->message : "";
}

/* What TLS libraries say of a certificate, and what to say instead. */
static const struct {
	const char *said, *text;
} certificate_faults[] = {
	{ "has expired", "the server's certificate has expired" },
	{ "not yet valid", "the server's certificate is not valid yet" },
	{ "does not match target host",
	  "the server's certificate is for another host" },
	{ "no alternative certificate subject name matches",
	  "the server's certificate is for another host" },
	{ "self-signed certificate", "the server's certificate is self-signed, "
	  "or issued by an untrusted CA" },
	{ "self signed certificate", "the server's certificate is self-signed, "
	  "or issued by an untrusted CA" },
	{ "unable to get local issuer",
	  "the server's certificate is issued by an untrusted CA" },
	{ "unable to get issuer",
	  "the server's certificate is issued by an untrusted CA" },
	{ "public key does not match pinned",
	  "the server's key is not one of --pinnedpubkey" },
};

/* Whether libcurl's message is about the certificate; if so, RESULT says it in
 * plain words, followed by the message. */
static bool judge_certificate(const struct evidence *seen,
			      struct result *result)
{
	const char *words = words_of(seen);

	if (seen->code != CURLE_PEER_FAILED_VERIFICATION &&
	    seen->code != CURLE_SSL_CONNECT_ERROR &&
	    seen->code != CURLE_SSL_PINNEDPUBKEYNOTMATCH)
		return false;
	for (size_t i = 0; i < sizeof(certificate_faults) /
			       sizeof(*certificate_faults); i++) {
		if (strstr(words, certificate_faults[i].said) == NULL)
			continue;
		result_fail(result, CAUSE_TLS, "%s (%s)",
			    certificate_faults[i].text, words);
		return true;
	}
	return false;
}

/* Whether it was a proxy that refused to connect; if so, judges that. */
static bool judge_proxy(const struct evidence *seen, struct result *result)
{
	int status = seen->proxy_status;

	if (status < 300 || seen->head->complete)
		return false;
	result_fail(result, status == 407 ? CAUSE_AUTH
			    : status >= 500 ? CAUSE_CONNECT : CAUSE_HTTP,
		    "the proxy refused to connect: HTTP %d", status);
	return true;
}

/* Judges a transfer that libcurl itself reports as failed. */
static void judge_code(const struct evidence *seen, struct result *result)
{
	const struct meaning *meaning = meaning_of(seen->code);
	enum cause cause = meaning ? meaning->cause : CAUSE_PROTOCOL;
	const char *text = meaning ? meaning->text
				   : curl_easy_strerror(seen->code);

	if (judge_proxy(seen, result) || judge_certificate(seen, result))
		return;
	/* Malformed chunks are reported as CURLE_RECV_ERROR, as a reset is;
	 * only libcurl's message tells them apart. */
	if (seen->code == CURLE_RECV_ERROR &&
	    strstr(words_of(seen), "chunk") != NULL)
		cause = CAUSE_PROTOCOL;
	else if (seen->code == CURLE_PARTIAL_FILE ||
		 (cause == CAUSE_RESET && seen->head->complete))
		cause = CAUSE_TRUNCATED;
	if (*words_of(seen) != '\0')
		text = seen->message;
	result_fail(result, cause, "%s", text);
}

static void judge_shortage(int error, struct result *result)
{
	result_fail(result, CAUSE_RESOURCE, "%s", strerror(error));
	result->starved = limits_is_shortage(error);
}

/* Judges what went wrong on this side; returns false when nothing did. */
static bool judge_local(const struct evidence *seen, struct result *result)
{
	bool unreached = seen->code == CURLE_COULDNT_RESOLVE_HOST ||
			 seen->code == CURLE_COULDNT_CONNECT;

	if (seen->file_error != 0) {
		if (limits_is_shortage(seen->file_error))
			judge_shortage(seen->file_error, result);
		else
			result_fail(result, CAUSE_FILE, "cannot write: %s",
				    strerror(seen->file_error));
		return true;
	}
	if (seen->socket_error != 0 && unreached) {
		judge_shortage(seen->socket_error, result);
		return true;
	}
	/* libcurl says "not found" when the resolver lacks descriptors or a
	 * thread; only its message reveals the latter. */
	if (unreached && !seen->connected && seen->starved) {
		judge_shortage(EMFILE, result);
		return true;
	}
	if (unreached && strstr(words_of(seen), "thread failed to start")) {
		judge_shortage(EAGAIN, result);
		return true;
	}
	return false;
}

/* Judges what our own limits broke off; returns false when they did not. */
static bool judge_limits(const struct evidence *seen, struct result *result)
{
	switch (seen->breakage) {
	case BREAKAGE_HEADER_LIMIT:
		result_fail(result, CAUSE_PROTOCOL,
			    "header or trailers exceed the size limit");
		return true;
	case BREAKAGE_SIZE_LIMIT:
		result_fail(result, CAUSE_LIMIT, "body exceeds the size limit");
		return true;
	case BREAKAGE_EXCESS:
		result_fail(result, CAUSE_PROTOCOL,
			    "the part has more bytes than it should");
		return true;
	case BREAKAGE_FRAMING:
		result_fail(result, CAUSE_PROTOCOL, "%s", seen->head->fault);
		return true;
	case BREAKAGE_CODING:
		result_fail(result, CAUSE_PROTOCOL, "%s", seen->fault);
		return true;
	case BREAKAGE_BUDGET:
		result_fail(result, CAUSE_LIMIT, "%s", seen->fault);
		return true;
	case BREAKAGE_LOGIN:
		result_fail(result, CAUSE_AUTH, "HTTP %d: the server asks for "
			    "the login again and again", seen->head->status);
		return true;
	case BREAKAGE_PRIVATE:
		if (seen->request->public_only)
			result_fail(result, CAUSE_REDIRECT, "a public server "
				    "redirects to an address that is not "
				    "public");
		else
			result_fail(result, CAUSE_LIMIT, "the address is not "
				    "public, and --deny-private is given");
		return true;
	default:
		return false;
	}
}

static void judge_status(const struct head *head, struct result *result)
{
	bool auth = head->status == 401 || head->status == 407;

	result_fail(result, auth ? CAUSE_AUTH : CAUSE_HTTP, "HTTP %d%s%s",
		    head->status, *head->reason != '\0' ? " " : "",
		    head->reason);
}

static bool is_redirect(const struct head *head)
{
	switch (head->status) {
	case 301: case 302: case 303: case 307: case 308:
		return head->location != NULL;
	default:
		return false;
	}
}

/* How we know that the body is complete; PROOF_NONE: we do not. */
static enum proof find_proof(const struct evidence *seen)
{
	const struct head *head = seen->head;

	if (head->status == 204 ||
	    strcmp(request_method(seen->request), "HEAD") == 0)
		return PROOF_NO_BODY;
	if (head->content_length >= 0)
		return PROOF_LENGTH;
	if (head->chunked)
		return PROOF_CHUNKED;
	/* Its Content-Range was checked against what arrived. */
	return head->status == 206 ? PROOF_LENGTH : PROOF_NONE;
}

/* Where the part that was requested of a body of TOTAL bytes ends. */
static int64_t end_of_part(const struct request *request, int64_t total)
{
	return request->to == 0 || (uint64_t)total < request->to
		       ? total : (int64_t)request->to;
}

/* Whether a partial response is exactly the part that was requested: of the
 * same body, and from the right byte to the right one (RFC 9110, 15.3.7). */
static bool is_right_part(const struct evidence *seen)
{
	const struct request *request = seen->request;
	const struct head_range *range = &seen->head->range;
	int64_t end = range->last + 1;

	return (request->from > 0 || request->to > 0) && range->first >= 0 &&
	       head_fits(seen->head, request->validator) &&
	       (uint64_t)range->first == request->from && range->total > 0 &&
	       end == end_of_part(request, range->total) &&
	       (seen->head->content_length < 0 ||
		seen->head->content_length == end - range->first) &&
	       seen->received == (uint64_t)(end - range->first);
}

/* Judges a part that does not complete the body, or that others do. */
static void judge_part(const struct evidence *seen, struct result *result)
{
	const struct head *head = seen->head;
	const char *validator = seen->request->validator;

	if (validator == NULL)
		validator = head_validator(head);
	if (validator == NULL || strlen(validator) >= RESULT_VALIDATOR_ROOM) {
		result_fail(result, CAUSE_PROTOCOL,
			    "nothing identifies the body of the parts");
		return;
	}
	result->cause = CAUSE_NONE;
	result->outcome = OUTCOME_PART;
	result->proof = PROOF_LENGTH;
	result->kept = (uint64_t)head->range.last + 1;
	result->total = (uint64_t)head->range.total;
	memcpy(result->validator, validator, strlen(validator) + 1);
}

/* A complete body that is not what was expected is still a failure. */
static void judge_expected(const struct evidence *seen, struct result *result)
{
	const struct request_expected *expected =
		&seen->request->terms->expected;
	uint64_t size = seen->from + seen->stored;

	if (result->proof == PROOF_NO_BODY)
		return;
	if (expected->size >= 0 && size != (uint64_t)expected->size)
		result_fail(result, CAUSE_MISMATCH,
			    "body is %llu bytes, not the expected %lld",
			    (unsigned long long)size,
			    (long long)expected->size);
	else if (seen->mismatch != NULL)
		result_fail(result, CAUSE_MISMATCH,
			    "%s of the body does not match",
			    seen->mismatch);
}

/* Judges a response that libcurl considers complete. */
static void judge_body(const struct evidence *seen, struct result *result)
{
	const struct head *head = seen->head;

	result->proof = find_proof(seen);
	if (result->proof == PROOF_LENGTH && head->content_length >= 0 &&
	    seen->received != (uint64_t)head->content_length) {
		result_fail(result, CAUSE_TRUNCATED,
			    "body is %llu bytes, Content-Length was %lld",
			    (unsigned long long)seen->received,
			    (long long)head->content_length);
		return;
	}
	if (seen->cut) {
		result_fail(result, CAUSE_TRUNCATED,
			    "the compressed body is cut short");
		return;
	}
	result->cause = CAUSE_NONE;
	result->outcome = result->proof == PROOF_NONE ? OUTCOME_UNVERIFIED
						      : OUTCOME_OK;
	judge_expected(seen, result);
}

void verdict_judge(const struct evidence *seen, struct result *result)
{
	const struct head *head = seen->head;
	bool cut_off = seen->breakage == BREAKAGE_UNWANTED;

	if (judge_local(seen, result) || judge_limits(seen, result))
		return;
	if (head->complete && head->status >= 400 &&
	    (seen->request->shared || !head_wants_body(head))) {
		judge_status(head, result);
		return;
	}
	if (cut_off) {
		result_fail(result, CAUSE_PROTOCOL,
			    "HTTP %d with an oversized body", head->status);
		return;
	}
	if (seen->code != CURLE_OK) {
		judge_code(seen, result);
		return;
	}
	if (!head->complete) {
		result_fail(result, CAUSE_TRUNCATED, "header cut short");
		return;
	}
	if (head->fault != NULL) {
		result_fail(result, CAUSE_PROTOCOL, "%s", head->fault);
		return;
	}
	if (head->status == 304 && seen->request->terms->conditional) {
		result->outcome = OUTCOME_SKIPPED;
		return;
	}
	if (is_redirect(head) && !head_wants_body(head)) {
		result->outcome = OUTCOME_REDIRECT;
		return;
	}
	if (head->status == 206 && !is_right_part(seen)) {
		result_fail(result, CAUSE_PROTOCOL,
			    "unrequested partial content (206)");
		return;
	}
	if (!head_wants_body(head)) {
		judge_status(head, result);
		return;
	}
	if (seen->request->shared && head->status != 206) {
		result_fail(result, CAUSE_PROTOCOL,
			    "HTTP %d instead of a part", head->status);
		return;
	}
	if (head->status == 206 &&
	    (seen->request->shared ||
	     head->range.last + 1 < head->range.total)) {
		judge_part(seen, result);
		return;
	}
	judge_body(seen, result);
}
