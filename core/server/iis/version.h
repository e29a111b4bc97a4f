/*
 * Which Windows a tree is of.  Its configuration does not say; the programs
 * and the schema of IIS do.
 */
#ifndef CORE_SERVER_IIS_VERSION_H
#define CORE_SERVER_IIS_VERSION_H

#include "core/server/iis/iis.h"

#define IIS_BUILD_1709 16299 /* the first with <hsts> */
#define IIS_BUILD_2019 17763
#define IIS_BUILD_2022 20348

/* The file version of a Windows program: four numbers of its version
 * resource (VS_FIXEDFILEINFO).  -1: it has none, or there is no such file. */
int hs_iis_file_version(const struct root *root, const char *path,
			int ret_version[static 4]);

/* The version of IIS in the tree, "10.0.17763.1", or NULL; *ret_build is that
 * of Windows, 0 when it cannot be seen. */
char *hs_iis_version(const struct root *root, int *ret_build);

/* Whether the schema in inetsrv/config/schema knows <hsts> of a site: 1, 0,
 * or -1 when there is no schema. */
int hs_iis_schema_has_hsts(const struct root *root);

#endif
