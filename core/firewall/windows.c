/*
 * Windows Defender Firewall.  Its rules are in the registry of a machine that
 * does not run here, so nothing is looked up or changed: the script that
 * finishes an IIS site on Windows adds its rule there, by name, when it is not
 * there yet (share/windows).
 */
#include "core/base/i18n.h"
#include "core/base/windows.h"
#include "core/firewall/backends.h"

static int detect(const struct root *root, const struct settings *settings,
		  struct firewall_facts *ret_facts, struct error *err)
{
	hs_auto_free char *system = hs_windows_find(root, "/Windows/System32");

	(void)settings;
	(void)err;
	if (!system || !hs_windows_exists(root, system))
		return 0;
	ret_facts->id = hs_windows_firewall.id;
	ret_facts->title = hs_windows_firewall.title;
	ret_facts->active = true;
	ret_facts->unknown = true;
	ret_facts->detail =
		hs_strdup(_("its ports are opened and closed by the "
			    "script that is run on Windows"));
	return 0;
}

const struct firewall_ops hs_windows_firewall = {
	.id = "windows",
	.title = "Windows firewall",
	.offline = true,
	.detect = detect,
};
