/* Certificates as JSON. */
#include "cli/results/json.h"
#include "core/cert/details.h"

static void set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, cli_json_text(text));
}

static void add_details(json_t *object, const struct certificate *certificate)
{
	hs_auto_details struct certificate_details details;
	bool is_limited;

	hs_certificate_details(certificate, &details);
	is_limited = certificate->is_ca && details.path_length >= 0;
	set_text(object, "sha1-fingerprint", details.sha1);
	json_object_set_new(object, "other-names",
			    cli_json_strings(&details.other_names));
	json_object_set_new(object, "ca", json_boolean(certificate->is_ca));
	json_object_set_new(object, "path-length",
			    is_limited ? json_integer(details.path_length)
				       : json_null());
	json_object_set_new(object, "usages",
			    cli_json_strings(&details.usages));
	json_object_set_new(object, "purposes",
			    cli_json_strings(&details.purposes));
	set_text(object, "key-id", details.key_id);
	set_text(object, "issuer-key-id", details.issuer_key_id);
	set_text(object, "issuer-at", certificate->aia_issuer);
}

static json_t *one_certificate(const struct certificate *certificate)
{
	json_t *object = json_object();
	char hex[HS_HASH_HEX];

	hs_hash_hex(certificate->fingerprint, hex);
	set_text(object, "subject", certificate->subject);
	set_text(object, "issuer", certificate->issuer);
	json_object_set_new(object, "names",
			    cli_json_strings(&certificate->dns_names));
	json_object_set_new(object, "addresses",
			    cli_json_strings(&certificate->ip_names));
	set_text(object, "serial", certificate->serial);
	json_object_set_new(object, "not-before",
			    cli_json_time(certificate->not_before));
	json_object_set_new(object, "not-after",
			    cli_json_time(certificate->not_after));
	set_text(object, "key-type", certificate->key_type);
	json_object_set_new(object, "key-bits",
			    json_integer(certificate->key_bits));
	set_text(object, "key-curve", certificate->key_curve);
	set_text(object, "signature", certificate->signature);
	json_object_set_new(object, "self-signed",
			    json_boolean(certificate->self_signed));
	set_text(object, "fingerprint", hex);
	add_details(object, certificate);
	return object;
}

json_t *cli_json_certificate(const struct bundle *bundle)
{
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	json_t *object, *chain;

	if (!leaf)
		return json_null();
	object = one_certificate(leaf);
	chain = json_array();
	HS_EACH(certificate, &bundle->certificates)
		if (certificate != leaf)
			json_array_append_new(chain,
					      one_certificate(certificate));
	set_text(object, "file", bundle->path);
	set_text(object, "format", bundle->format);
	json_object_set_new(object, "has-key", json_boolean(bundle->has_key));
	json_object_set_new(object, "key-fits", json_boolean(bundle->key_fits));
	json_object_set_new(object, "chain", chain);
	json_object_set_new(object, "chain-complete",
			    json_boolean(bundle->chain_complete));
	json_object_set_new(object, "trusted", json_boolean(bundle->trusted));
	set_text(object, "trust-problem", bundle->trust_problem);
	return object;
}

static json_t *request_as_json(const struct inventory_request *request)
{
	const struct certificate *wanted = &request->wanted;
	json_t *object = json_object();

	set_text(object, "subject", wanted->subject);
	json_object_set_new(object, "names",
			    cli_json_strings(&wanted->dns_names));
	json_object_set_new(object, "addresses",
			    cli_json_strings(&wanted->ip_names));
	set_text(object, "key-type", wanted->key_type);
	json_object_set_new(object, "key-bits", json_integer(wanted->key_bits));
	set_text(object, "key-curve", wanted->key_curve);
	set_text(object, "signature", request->signature);
	json_object_set_new(object, "verified",
			    json_boolean(request->verified));
	return object;
}

static json_t *key_as_json(const struct inventory_key *key)
{
	json_t *object = json_object();

	set_text(object, "key-type", key->type);
	json_object_set_new(object, "key-bits", json_integer(key->bits));
	set_text(object, "key-curve", key->curve);
	return object;
}

void cli_json_add_inventory(json_t *object, const struct inventory *inventory)
{
	json_t *certificates = json_array(), *keys = json_array();
	json_t *requests = json_array();

	HS_EACH(certificate, &inventory->certificates)
		json_array_append_new(certificates,
				      one_certificate(certificate));
	HS_EACH(key, &inventory->keys)
		json_array_append_new(keys, key_as_json(key));
	HS_EACH(request, &inventory->requests)
		json_array_append_new(requests, request_as_json(request));
	json_object_set_new(object, "certificates", certificates);
	json_object_set_new(object, "keys", keys);
	json_object_set_new(object, "requests", requests);
}
