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
#include "core/settings/rules/rules.h"

struct product_ops {
	const char *id;
	const char *title;
	/* Looks for it; the servers were found before.  Not there: nothing is
	 * set in *ret_facts.  What stands in the way of planning becomes a
	 * problem of it, no error. */
	int (*detect)(const struct root *root, const struct facts *facts,
		      struct product_facts *ret_facts, struct error *err);
	/* Adds its changes and what has to be done there (plan->tasks), before
	 * its server adds its own; called although it was not found
	 * (facts->products says so). NULL: it has none. */
	int (*plan)(const struct root *root, const struct facts *facts,
		    const struct settings *settings, struct plan *plan,
		    struct error *err);
	/* The same, back to HTTP. */
	int (*disable)(const struct root *root, const struct facts *facts,
		       const struct settings *settings, struct plan *plan,
		       struct error *err);
};

const struct product_ops *const *hs_products(size_t *ret_count);
const struct product_ops *hs_product_ops(const char *id);

/* Fills facts->products; "generic" is always there, last. */
int hs_products_detect(const struct root *root, struct facts *facts,
		       struct error *err) HS_MUST_CHECK;

#endif
