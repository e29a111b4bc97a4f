#include "core/cert/read/inventory.h"

#include "core/cert/read/origin.h"

static void take_certificates(struct certificates *from,
			      struct inventory *inventory)
{
	HS_EACH(certificate, from) {
		HS_PUSH(&inventory->certificates, *certificate);
		*certificate = (struct certificate){0};
	}
}

static void add_keys(const struct origin *origin, struct inventory *inventory)
{
	HS_EACH(key, &origin->found.keys) {
		char curve[80];
		bool has_curve = EVP_PKEY_get_group_name(*key, curve,
							 sizeof(curve), NULL);

		*HS_GROW(&inventory->keys) = (struct inventory_key){
			.type = hs_strdup(EVP_PKEY_get0_type_name(*key)),
			.bits = EVP_PKEY_get_bits(*key),
			.curve = has_curve ? hs_strdup(curve) : NULL,
		};
	}
	inventory->locked |= origin->found.locked;
	ERR_clear_error();
}

/* Requests stand in files of their own. */
static void add_requests(const struct origin *origin,
			 struct inventory *inventory)
{
	struct inventory_request request;

	if (!origin->bytes.len || origin->found.locked)
		return;
	if (!hs_inventory_read_request(origin->bytes.data, origin->bytes.len,
				       &request))
		HS_PUSH(&inventory->requests, request);
}

static void add_others(const struct origins *origins,
		       struct inventory *inventory)
{
	HS_EACH(origin, origins) {
		if (origin->part == CERT_PART_CA)
			continue;
		add_keys(origin, inventory);
		add_requests(origin, inventory);
	}
}

struct inventory *hs_inventory_of(const struct origins *origins,
				  struct certificates *certificates)
{
	struct inventory *inventory = hs_alloc(sizeof(*inventory));

	take_certificates(certificates, inventory);
	add_others(origins, inventory);
	return inventory;
}

int hs_inventory_read(const struct cert_source *source,
		      struct inventory *ret_inventory, struct error *err)
{
	struct origins origins;
	struct root host;

	*ret_inventory = (struct inventory){0};
	if (hs_root_open(NULL, &host, err))
		return -1;
	hs_origins_read(&host, source, &origins);
	hs_root_close(&host);
	HS_EACH(origin, &origins)
		take_certificates(&origin->found.certificates, ret_inventory);
	add_others(&origins, ret_inventory);
	hs_origins_done(&origins);
	return 0;
}

void hs_inventory_done(struct inventory *inventory)
{
	HS_EACH(certificate, &inventory->certificates)
		hs_certificate_done(certificate);
	HS_ARRAY_FREE(&inventory->certificates);
	HS_EACH(key, &inventory->keys) {
		free(key->type);
		free(key->curve);
	}
	HS_ARRAY_FREE(&inventory->keys);
	HS_EACH(request, &inventory->requests)
		hs_inventory_request_done(request);
	HS_ARRAY_FREE(&inventory->requests);
}

void hs_inventory_free(struct inventory *inventory)
{
	if (inventory)
		hs_inventory_done(inventory);
	free(inventory);
}
