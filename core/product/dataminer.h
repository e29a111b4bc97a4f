/*
 * What the parts of DataMiner share: dataminer.c finds the agent on a tree,
 * dataminer_plan.c plans its files and what people have to do there.
 */
#ifndef CORE_PRODUCT_DATAMINER_H
#define CORE_PRODUCT_DATAMINER_H

#include "core/product/product.h"

#define DATAMINER_FOLDER "/Skyline DataMiner"
/* Larger ones are no files of DataMiner. */
#define DATAMINER_TEXT_MAX ((size_t)1 << 20)

int hs_dataminer_plan(const struct root *root, const struct facts *facts,
		      const struct settings *settings, struct plan *plan,
		      struct error *err) HS_MUST_CHECK;
int hs_dataminer_disable(const struct root *root, const struct facts *facts,
			 const struct settings *settings, struct plan *plan,
			 struct error *err) HS_MUST_CHECK;

#endif
