/*
 * Where the scripts run: on Windows itself.  Under WSL the drive of the very
 * Windows around it is a tree here (/mnt/c), and powershell.exe on it is a
 * program that can be started.
 */
#ifndef CORE_SERVER_IIS_SCRIPT_RUN_H
#define CORE_SERVER_IIS_SCRIPT_RUN_H

#include "core/base/root.h"
#include "core/base/run.h"
#include "core/plan/plan.h"

/* Constant words before the path of a script. */
#define IIS_POWERSHELL                                                         \
	"powershell.exe", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File"

/* The letter of the drive that the tree is: that of /mnt/d, else C. */
char hs_iis_drive(const char *root);

/*
 * Whether the tree at `root` is the system drive of the Windows around this
 * WSL; `version` is the text of /proc/version, NULL: that of this host.
 */
bool hs_iis_is_here(const struct root *root, const char *version);

/* The change of the plan that runs a script on Windows, or NULL. */
const struct change *hs_iis_script_in(const struct plan *plan);

/* Its command as it is typed there, to be freed. */
char *hs_iis_script_line(const struct change *change);

/*
 * Runs it with the powershell.exe of the tree, at most ten minutes; its output
 * goes to *ret_result.  HS_FAILED with its last words when it fails, HS_CANNOT
 * when it cannot be started.  It needs the rights of an administrator, which a
 * WSL terminal has only when it was started so.
 */
int hs_iis_script_run(const struct root *root, const struct change *change,
		      struct run_result *ret_result,
		      struct error *err) HS_MUST_CHECK;

#endif
