#include "cli/probes.h"

#include <stdio.h>

#include "cli/json.h"
#include "cli/output.h"

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

	HS_EACH(result, results)
		json_array_append_new(array, result_as_json(result));
	return array;
}

static void print_answer(const struct probe_answer *answer)
{
	fputs("  ", stdout);
	cli_print_safe(stdout, answer->url);
	if (answer->status)
		printf(" answers %d", answer->status);
	else
		fputs(" does not answer", stdout);
	if (answer->location) {
		fputs(", on to ", stdout);
		cli_print_safe(stdout, answer->location);
	}
	HS_EACH(value, &answer->hsts) {
		fputs(", HSTS ", stdout);
		cli_print_safe(stdout, *value);
	}
	putchar('\n');
}

static void print_result(const struct probe_result *result)
{
	char hex[HS_HASH_HEX];

	printf("%s port %d: ", result->address, result->https_port);
	if (!result->handshake) {
		cli_print_safe(stdout, result->problem ? result->problem
						       : "no handshake");
		putchar('\n');
		return;
	}
	hs_hash_hex(result->leaf, hex);
	cli_print_safe(stdout, result->protocol);
	if (result->alpn) {
		fputs(", ", stdout);
		cli_print_safe(stdout, result->alpn);
	}
	printf(", certificate %.16s..., %s\n", hex,
	       result->trusted ? "trusted" : "not trusted");
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
