/* What keeps people from logging in to DataMiner's web applications, seen from
 * the outside and in MaintenanceSettings.xml. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/settings/host_name.h"
#include "core/settings/live/live.h"
#include "core/settings/products/dataminer.h"
#include "core/settings/rules/tables.h"

#define GUIDE "DataMiner: Setting up HTTPS on a DMA, common issues"

/* The tree speaks for itself, whatever product was asked for. */
static bool is_there(const struct judged *judged)
{
	const struct dataminer_facts *found = hs_dataminer_facts(judged->facts);

	return found && found->settings && hs_live_was_probed(judged);
}

static bool is_switched_off(const struct judged *judged, struct str *detail,
			    char **where)
{
	const struct dataminer_facts *found = hs_dataminer_facts(judged->facts);

	if (found->has_https && found->enabled)
		return false;
	hs_str_puts(detail, found->has_https
				    ? _("HTTPS is switched off in "
					"MaintenanceSettings.xml")
				    : _("MaintenanceSettings.xml has no HTTPS "
					"element"));
	*where = found->line ? hs_format("%s:%d", found->settings, found->line)
			     : hs_strdup(found->settings);
	return true;
}

/* Not all of the names are known of a certificate with very many. */
static bool may_cover(const struct probe_certificate *certificate,
		      const char *name)
{
	const char *parent = strchr(name, '.');

	if (certificate->names_count > certificate->names.n)
		return true;
	HS_EACH(one, &certificate->names) {
		hs_auto_free char *normal = hs_host_name_normal(*one);

		if (!strcmp(normal, name) ||
		    (parent && !strncmp(normal, "*.", 2) &&
		     !strcmp(normal + 1, parent)))
			return true;
	}
	return false;
}

static bool sends_other_names(const struct judged *judged,
			      const struct probe_result *result, const char *at,
			      struct str *how)
{
	const struct dataminer_facts *found = hs_dataminer_facts(judged->facts);
	hs_auto_free char *name = hs_host_name_normal(found->name);

	if (!result->handshake || may_cover(&result->certificate, name))
		return false;
	hs_str_printf(
		how,
		_("the site at %s sends a certificate that is not for %s, the "
		  "name in MaintenanceSettings.xml"),
		at, name);
	return true;
}

static bool name_is_not_served(const struct judged *judged, struct str *detail,
			       char **where)
{
	const struct dataminer_facts *found = hs_dataminer_facts(judged->facts);

	if (!found->enabled || !found->name ||
	    !hs_live_any(judged, detail, true, sends_other_names))
		return false;
	*where = hs_format("%s:%d", found->settings, found->line);
	return true;
}

static const struct rule rules[] = {
	{"live.dataminer-https", SEVERITY_ERROR, "product",
	 N_("HTTPS is not switched on in MaintenanceSettings.xml"),
	 N_("apply with --product dataminer, which adds <HTTPS "
	    "enabled=\"true\" name=\"...\"/>, and restart DataMiner"),
	 GUIDE, is_switched_off, SEVERITY_OK},
	{"live.dataminer-name", SEVERITY_ERROR, "dataminer.name",
	 N_("the name in MaintenanceSettings.xml is not one of the "
	    "certificate"),
	 N_("put a name of the certificate there (--dataminer-name), or have "
	    "the certificate issued for it, and restart DataMiner"),
	 GUIDE, name_is_not_served, SEVERITY_OK},
};

const struct rule_table hs_rules_live_dataminer = {
	.subject = "live",
	.rules = rules,
	.count = HS_LENGTH(rules),
	.applies = is_there,
};
