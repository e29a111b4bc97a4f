/*
 * The products, each in the file of its name.  product.c alone walks them.
 */
#ifndef CORE_PRODUCT_PRODUCTS_H
#define CORE_PRODUCT_PRODUCTS_H

#include "core/product/product.h"

extern const struct product_ops hs_product_dataminer, hs_product_certero,
	hs_product_itms, hs_product_arcgis;

#endif
