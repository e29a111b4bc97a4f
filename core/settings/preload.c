#include "core/settings/preload.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/probe/location.h"
#include "core/settings/host_name.h"
#include "core/settings/suffix.h"

#define YEAR 31536000LL

static void add(struct preload_issues *issues, const char *id, bool is_error)
{
	if (issues)
		HS_PUSH(issues, ((struct preload_issue){id, is_error}));
}

static void refuse(struct preload_issues *issues, const char *id)
{
	add(issues, id, true);
}

static void advise(struct preload_issues *issues, const char *id)
{
	add(issues, id, false);
}

/* One directive, without the blanks around it; to be freed. */
static char *next_directive(const char **rest)
{
	const char *start = *rest, *end = start + strcspn(start, ";");

	*rest = *end ? end + 1 : NULL;
	while (start < end && isspace((unsigned char)*start))
		start++;
	while (end > start && isspace((unsigned char)end[-1]))
		end--;
	return hs_strndup(start, (size_t)(end - start));
}

/* Browsers. */

/* A number, as it stands or in quotation marks; -1: none. */
static long long read_age(const char *text)
{
	bool quoted = *text == '"';
	const char *digits = text + quoted;
	size_t length = strspn(digits, "0123456789");
	long long age;

	if (!length || strcmp(digits + length, quoted ? "\"" : "") != 0)
		return -1;
	errno = 0;
	age = strtoll(digits, NULL, 10);
	return errno ? -1 : age;
}

struct hsts hs_hsts_read(const char *value)
{
	struct hsts hsts = {.max_age = -1};
	bool twice = false;

	while (value) {
		hs_auto_free char *directive = next_directive(&value);

		if (!strncasecmp(directive, "max-age=", 8)) {
			twice = twice || hsts.max_age >= 0;
			hsts.max_age = read_age(directive + 8);
		} else if (!strcasecmp(directive, "includeSubDomains")) {
			hsts.include_subdomains = true;
		} else if (!strcasecmp(directive, "preload")) {
			hsts.preload = true;
		}
	}
	if (twice)
		hsts.max_age = -1;
	return hsts;
}

/* hstspreload.org. */

struct reading {
	struct hsts hsts;
	bool has_age;
	struct preload_issues *issues;
};

static void read_preload(struct reading *reading, const char *directive)
{
	if (strlen(directive) != strlen("preload"))
		advise(reading->issues, "header.parse.invalid.preload");
	else if (reading->hsts.preload)
		advise(reading->issues, "header.parse.repeated.preload");
	else
		reading->hsts.preload = true;
}

static void read_subdomains(struct reading *reading, const char *directive)
{
	bool *is = &reading->hsts.include_subdomains;

	if (strlen(directive) != strlen("includeSubDomains"))
		advise(reading->issues,
		       "header.parse.invalid.include_sub_domains");
	else if (*is)
		advise(reading->issues,
		       "header.parse.repeated.include_sub_domains");
	else
		*is = true;
}

static void read_max_age(struct reading *reading, const char *directive)
{
	const char *digits = directive + strlen("max-age");
	unsigned long long age;

	if (*digits != '=') {
		refuse(reading->issues,
		       "header.parse.invalid.max_age.no_value");
		return;
	}
	digits++;
	if (digits[0] == '0' && digits[1])
		advise(reading->issues, "header.parse.max_age.leading_zero");
	if (digits[strspn(digits, "0123456789")]) {
		refuse(reading->issues,
		       "header.parse.max_age.non_digit_characters");
		return;
	}
	errno = 0;
	age = strtoull(digits, NULL, 10);
	if (!*digits || errno || age > INT64_MAX) {
		refuse(reading->issues, "header.parse.max_age.parse_int_error");
		return;
	}
	if (reading->has_age) {
		advise(reading->issues, "header.parse.repeated.max_age");
		return;
	}
	reading->has_age = true;
	reading->hsts.max_age = (long long)age;
}

/* By how a directive begins. */
static const struct {
	const char *start;
	void (*read)(struct reading *reading, const char *directive);
} directives[] = {
	{"preload", read_preload},
	{"includeSubDomains", read_subdomains},
	{"max-age", read_max_age},
};

static void read_directive(struct reading *reading, const char *directive)
{
	if (!*directive) {
		advise(reading->issues, "header.parse.empty_directive");
		return;
	}
	for (size_t i = 0; i < HS_LENGTH(directives); i++) {
		const char *start = directives[i].start;

		if (!strncasecmp(directive, start, strlen(start))) {
			directives[i].read(reading, directive);
			return;
		}
	}
	advise(reading->issues, "header.parse.unknown_directive");
}

struct hsts hs_preload_read(const char *value, struct preload_issues *issues)
{
	struct reading reading = {.hsts.max_age = -1, .issues = issues};

	if (!value[strspn(value, " \t")]) {
		advise(issues, "header.parse.empty");
		return reading.hsts;
	}
	while (value) {
		hs_auto_free char *directive = next_directive(&value);

		read_directive(&reading, directive);
	}
	return reading.hsts;
}

/* The one header value there must be, or NULL. */
static const char *the_header(const struct probe_answer *answer,
			      struct preload_issues *issues)
{
	if (answer->hsts.n == 1)
		return answer->hsts.items[0];
	refuse(issues, answer->hsts.n ? "response.multiple_headers"
				      : "response.no_header");
	return NULL;
}

static void judge_header(const struct probe_answer *answer,
			 struct preload_issues *issues)
{
	const char *value = the_header(answer, issues);
	struct hsts hsts;

	if (!value)
		return;
	hsts = hs_preload_read(value, issues);
	if (!hsts.include_subdomains)
		refuse(issues,
		       "header.preloadable.include_sub_domains.missing");
	if (!hsts.preload)
		refuse(issues, "header.preloadable.preload.missing");
	if (hsts.max_age < 0)
		refuse(issues, "header.preloadable.max_age.missing");
	else if (!hsts.max_age)
		refuse(issues, "header.preloadable.max_age.zero");
	else if (hsts.max_age < YEAR)
		refuse(issues, "header.preloadable.max_age.below_1_year");
	else if (hsts.max_age > 10 * YEAR)
		advise(issues, "header.preloadable.max_age.over_10_years");
}

/* Letters, digits, hyphens and dots. */
static bool has_other_characters(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("-.", *name))
			return true;
	return false;
}

/* The first that holds is the only one told, as there. */
static void judge_domain(const char *name, struct preload_issues *issues)
{
	size_t length = strlen(name);
	const char *registrable;

	if (*name == '.')
		refuse(issues, "domain.format.begins_with_dot");
	else if (length && name[length - 1] == '.')
		refuse(issues, "domain.format.ends_with_dot");
	else if (strstr(name, ".."))
		refuse(issues, "domain.format.contains_double_dot");
	else if (hs_host_name_is_ip(name))
		refuse(issues, "domain.format.is_ip_address");
	else if (has_other_characters(name))
		refuse(issues, "domain.format.invalid_characters");
	else if (hs_suffix_is_public(name))
		refuse(issues, "domain.format.public_suffix");
	else {
		registrable = hs_suffix_registrable(name);
		if (registrable && strcmp(registrable, name) != 0)
			refuse(issues, "domain.is_subdomain");
	}
}

/* Whether it leads to that name; an address stands in brackets there. */
static bool leads_to(const struct location *to, const char *name)
{
	size_t length = strlen(name);
	bool brackets = *to->host == '[';

	return !strncasecmp(to->host + brackets, name, length) &&
	       !strcmp(to->host + brackets + length, brackets ? "]" : "");
}

/* http:// first leads to https:// on the same name, and only then away. */
static void judge_first_redirect(const char *name,
				 const struct probe_answers *hops,
				 struct preload_issues *issues)
{
	hs_auto_free char *url = NULL;
	struct location to;

	if (!hops->items[0].location) {
		refuse(issues, "redirects.http.no_redirect");
		return;
	}
	url = hs_location_resolve(hops->items[0].url, hops->items[0].location);
	if (!url) {
		refuse(issues, "redirects.http.first_redirect.invalid");
		return;
	}
	to = hs_location_read(url);
	if (!to.https) {
		refuse(issues, "redirects.http.first_redirect.insecure");
		return;
	}
	if (!strncasecmp(to.host, "www.", 4) && !strcasecmp(to.host + 4, name))
		refuse(issues, "redirects.http.www_first");
	else if (!leads_to(&to, name))
		refuse(issues, "redirects.http.no_redirect");
	else if (hops->n > 1 && hops->items[1].status && !hops->items[1].hsts.n)
		refuse(issues, "redirects.http.first_redirect.no_hsts");
}

static void judge_http(const char *name, const struct probe_result *result,
		       struct preload_issues *issues)
{
	const struct probe_answers *hops = &result->http_hops.answers;

	if (!result->http_port)
		return;
	if (!result->http.n || !result->http.items[0].status) {
		advise(issues, "redirects.http.does_not_exist");
		return;
	}
	if (result->http.items[0].hsts.n)
		advise(issues, "redirects.http.useless_header");
	if (hops->n)
		judge_first_redirect(name, hops, issues);
}

/* From https://: never back to http://, and three at most. */
static void judge_https_hops(const struct probe_hops *hops,
			     struct preload_issues *issues)
{
	const struct probe_answers *answers = &hops->answers;

	if (hops->end == PROBE_LOOPED || answers->n > 4)
		refuse(issues, "redirects.too_many");
	else if (hops->end == PROBE_STRANDED)
		refuse(issues, "redirects.follow_error");
	HS_EACH(answer, answers) {
		hs_auto_free char *url =
			answer->location ? hs_location_resolve(answer->url,
							       answer->location)
					 : NULL;

		if (!url || hs_location_read(url).https)
			continue;
		refuse(issues, answer == answers->items
				       ? "redirects.insecure.initial"
				       : "redirects.insecure.subsequent");
		return;
	}
}

static void judge_tls(const struct probe_result *result,
		      struct preload_issues *issues)
{
	const char *signature = result->certificate.signature;

	if (!result->trusted || !result->name_fits)
		refuse(issues, "domain.tls.invalid_cert_chain");
	if (signature && !strcmp(signature, "sha1"))
		refuse(issues, "domain.tls.sha1");
	if (result->protocol && strcmp(result->protocol, "TLSv1.3") != 0 &&
	    result->cipher && strncmp(result->cipher, "ECDHE", 5) != 0)
		advise(issues, "tls.obsolete_cipher_suite");
}

static const struct probe_result *first_answer(const struct facts *facts)
{
	HS_EACH(result, &facts->probes)
		if (result->handshake)
			return result;
	return NULL;
}

void hs_preload_judge(const struct settings *settings,
		      const struct facts *facts,
		      struct preload_issues *ret_issues)
{
	const struct probe_result *result = first_answer(facts);
	const char *name = settings->name ? settings->name : "";

	*ret_issues = (struct preload_issues){0};
	judge_domain(name, ret_issues);
	if (!result) {
		refuse(ret_issues, "domain.tls.cannot_connect");
		return;
	}
	judge_tls(result, ret_issues);
	if (result->https.n && result->https.items[0].status)
		judge_header(&result->https.items[0], ret_issues);
	judge_http(name, result, ret_issues);
	judge_https_hops(&result->https_hops, ret_issues);
}

void hs_preload_judge_removal(const struct facts *facts,
			      struct preload_issues *ret_issues)
{
	const struct probe_result *result = first_answer(facts);
	const char *value;
	struct hsts hsts;

	*ret_issues = (struct preload_issues){0};
	if (!result || !result->https.n || !result->https.items[0].status) {
		refuse(ret_issues, "domain.tls.cannot_connect");
		return;
	}
	value = the_header(&result->https.items[0], ret_issues);
	if (!value)
		return;
	hsts = hs_preload_read(value, ret_issues);
	if (hsts.preload)
		refuse(ret_issues, "header.removable.contains.preload");
	if (hsts.max_age < 0)
		refuse(ret_issues, "header.removable.missing.max_age");
}

bool hs_preload_refuses(const struct preload_issues *issues)
{
	HS_EACH(issue, issues)
		if (issue->is_error)
			return true;
	return false;
}

bool hs_preload_is_asked(const struct facts *facts)
{
	const struct probe_result *result = first_answer(facts);

	if (!result || !result->https.n)
		return false;
	HS_EACH(value, &result->https.items[0].hsts)
		if (hs_hsts_read(*value).preload)
			return true;
	return false;
}
