/*
 * Who may change a section where: declarations, locations and locks of
 * applicationHost.config, and the module that the rewrite sections need.
 * Source: Microsoft, How to Use Locking in IIS Configuration.
 */
#ifndef CORE_SERVER_IIS_LOCKS_H
#define CORE_SERVER_IIS_LOCKS_H

#include "core/server/iis/model.h"

/* Whether URL Rewrite is installed: its sections are declared and its module
 * is loaded. */
bool hs_iis_has_rewrite(const struct xml_doc *config);

/*
 * Refuses with server.locked-section when the web.config of a site may not
 * have (or not add to) a section, "system.webServer/rewrite/rules", whose
 * items are <item>.
 */
int hs_iis_check_lock(const struct iis_model *model, const char *site,
		      const char *section, const char *item,
		      struct error *err) HS_MUST_CHECK;

/* Whether the path of a <location> is that of everything: none, "" or ".". */
bool hs_iis_is_everywhere(const char *path);

#endif
