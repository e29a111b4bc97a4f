#include "core/product/product.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/product/products.h"

#define GENERIC_ID "generic"
#define GENERIC_TITLE N_("no product with HTTPS settings of its own")

static int detect_generic(const struct root *root, const struct facts *facts,
			  struct product_facts *ret_facts, struct error *err)
{
	(void)root;
	(void)facts;
	(void)err;
	ret_facts->id = GENERIC_ID;
	ret_facts->title = GENERIC_TITLE;
	return 0;
}

static const struct product_ops generic = {
	.id = GENERIC_ID,
	.title = GENERIC_TITLE,
	.detect = detect_generic,
};

/* In the order in which they are looked for; generic, which is always there,
 * stays last. */
static const struct product_ops *const products[] = {
	&hs_product_dataminer,
	&hs_product_certero,
	&hs_product_itms,
	&hs_product_arcgis,
	&generic,
};

const struct product_ops *const *hs_products(size_t *ret_count)
{
	*ret_count = HS_LENGTH(products);
	return products;
}

const struct product_ops *hs_product_ops(const char *id)
{
	for (size_t i = 0; i < HS_LENGTH(products); i++) {
		if (!strcmp(products[i]->id, id))
			return products[i];
	}
	return NULL;
}

int hs_products_detect(const struct root *root, struct facts *facts,
		       struct error *err)
{
	for (size_t i = 0; i < HS_LENGTH(products); i++) {
		struct product_facts found = {0};

		if (products[i]->detect(root, facts, &found, err)) {
			hs_product_facts_done(&found);
			return -1;
		}
		if (found.id)
			HS_PUSH(&facts->products, found);
	}
	return 0;
}
