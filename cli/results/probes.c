#include "cli/results/probes.h"

#include <stdio.h>

#include "cli/results/json.h"
#include "cli/results/output.h"
#include "core/base/i18n.h"
#include "core/probe/offer.h"

/* The certificate that was sent; null where none was. */
static json_t *sent_as_json(const struct probe_result *result)
{
	const struct probe_certificate *sent = &result->certificate;

	if (!result->handshake || !sent->subject)
		return json_null();
	return json_pack("{so so so so so so si sb sb sb si sb}", "subject",
			 cli_json_text(sent->subject), "issuer",
			 cli_json_text(sent->issuer), "names",
			 cli_json_strings(&sent->names), "not-before",
			 cli_json_time((time_t)sent->not_before), "not-after",
			 cli_json_time((time_t)sent->not_after), "key-type",
			 cli_json_text(sent->key_type), "key-bits",
			 sent->key_bits, "self-signed", sent->self_signed,
			 "incomplete", sent->incomplete, "misordered",
			 sent->misordered, "unneeded", sent->unneeded,
			 "stapled", sent->stapled);
}

static json_t *answers_as_json(const struct probe_answers *answers)
{
	json_t *array = json_array();

	HS_EACH(answer, answers)
		json_array_append_new(
			array,
			json_pack("{so si so so so}", "url",
				  cli_json_text(answer->url), "status",
				  answer->status, "location",
				  cli_json_text(answer->location), "hsts",
				  cli_json_strings(&answer->hsts), "problem",
				  cli_json_text(answer->problem)));
	return array;
}

/* What a deep probe was told to each offer: null where nothing came. */
static json_t *offers_as_json(const struct probe_result *result)
{
	json_t *object = json_object();

	for (int i = 0; i < OFFER_MAX; i++) {
		const struct probe_offered *offered = &result->offers[i];
		const char *title = hs_offer_title((enum probe_offer)i);

		json_object_set_new(object, title,
				    offered->asked
					    ? json_boolean(offered->accepted)
					    : json_null());
	}
	return object;
}

static void add_deep(const struct probe_result *result, json_t *object)
{
	json_object_set_new(object, "accepts", offers_as_json(result));
	json_object_set_new(object, "http-hops",
			    answers_as_json(&result->http_hops.answers));
	json_object_set_new(object, "https-hops",
			    answers_as_json(&result->https_hops.answers));
}

static json_t *result_as_json(const struct probe_result *result)
{
	char hex[HS_HASH_HEX];

	hs_hash_hex(result->leaf, hex);
	return json_pack("{so si sb sb so so so so sb so sb}", "address",
			 cli_json_text(result->address), "https-port",
			 result->https_port, "connected", result->connected,
			 "handshake", result->handshake, "problem",
			 cli_json_text(result->problem), "protocol",
			 cli_json_text(result->protocol), "alpn",
			 cli_json_text(result->alpn), "fingerprint",
			 cli_json_text(result->handshake ? hex : NULL),
			 "trusted", result->trusted, "trust-problem",
			 cli_json_text(result->trust_problem), "name-fits",
			 result->name_fits);
}

json_t *cli_json_probes(const struct probe_results *results)
{
	json_t *array = json_array();

	HS_EACH(result, results) {
		json_t *object = result_as_json(result);

		json_object_set_new(object, "http-port",
				    json_integer(result->http_port));
		json_object_set_new(object, "cipher",
				    cli_json_text(result->cipher));
		json_object_set_new(object, "certificate",
				    sent_as_json(result));
		json_object_set_new(object, "https",
				    answers_as_json(&result->https));
		json_object_set_new(object, "http",
				    answers_as_json(&result->http));
		if (result->deep)
			add_deep(result, object);
		json_array_append_new(array, object);
	}
	return array;
}

static char *say_answer(const struct probe_answer *answer)
{
	if (!answer->status)
		return hs_format(_("%s does not answer"), answer->url);
	if (!answer->location)
		return hs_format(_("%s answers %d"), answer->url,
				 answer->status);
	return hs_format(_("%s answers %d, on to %s"), answer->url,
			 answer->status, answer->location);
}

static void print_answer(const struct probe_answer *answer)
{
	hs_auto_free char *said = say_answer(answer);

	HS_EACH(value, &answer->hsts) {
		hs_auto_free char *before = said;

		said = hs_format(_("%s, HSTS %s"), before, *value);
	}
	fputs("  ", stdout);
	cli_print_safe(stdout, said);
	putchar('\n');
}

static void print_result(const struct probe_result *result)
{
	hs_auto_free char *spoken = NULL;
	char hex[HS_HASH_HEX];

	if (!result->handshake) {
		cli_print_line(stdout, _("%s port %d: %s"), result->address,
			       result->https_port,
			       result->problem ? result->problem
					       : _("no handshake"));
		return;
	}
	hs_hash_hex(result->leaf, hex);
	spoken = hs_format("%s%s%s", result->protocol, result->alpn ? ", " : "",
			   result->alpn ? result->alpn : "");
	cli_print_line(
		stdout,
		result->trusted
			? _("%s port %d: %s, certificate %.16s..., trusted")
			: _("%s port %d: %s, certificate %.16s..., not "
			    "trusted"),
		result->address, result->https_port, spoken, hex);
	HS_EACH(answer, &result->https)
		print_answer(answer);
	HS_EACH(answer, &result->http)
		print_answer(answer);
}

void cli_print_probes(const struct probe_results *results)
{
	HS_EACH(result, results)
		print_result(result);
}
