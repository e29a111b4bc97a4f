/*
 * Where a product moves in: an application hosted on a server, with HTTPS
 * settings and rules of its own.  It adds changes to those of its server and
 * may raise a rule's severity.
 */
#ifndef CORE_PRODUCT_PRODUCT_H
#define CORE_PRODUCT_PRODUCT_H

#include "core/base/root.h"
#include "core/plan/plan.h"
#include "core/settings/facts.h"
#include "core/settings/rules.h"

struct product_ops {
	const char *id;
	const char *title;
	int (*detect)(const struct root *root, struct product_facts *ret_facts,
		      struct error *err);
	int (*plan)(const struct root *root, const struct facts *facts,
		    const struct settings *settings, struct plan *plan,
		    struct error *err);
};

const struct product_ops *const *hs_products(size_t *ret_count);
const struct product_ops *hs_product_ops(const char *id);

/* Fills facts->products; "generic" is always there, last. */
int hs_products_detect(const struct root *root, struct facts *facts,
		       struct error *err) HS_MUST_CHECK;

#endif
