/*
 * What Windows alone can do, as scripts with their data: how the parts of that
 * work share it.  The scripts are constant (share/windows); what differs is
 * https-setup.json beside them, which they check before they believe it.
 *
 * They lie in a folder of inetsrv/config, one a name: what is created there
 * inherits its access list, and the script narrows that to administrators and
 * the system before it does anything else.
 */
#ifndef CORE_SERVER_IIS_SCRIPT_H
#define CORE_SERVER_IIS_SCRIPT_H

#include "core/server/iis/iis.h"

#define IIS_SCRIPT_FOLDER "/Windows/System32/inetsrv/config/https-setup"

/* The folder of a name, as seen from inside the root, to be freed; NULL and
 * errno as hs_windows_find(). */
char *hs_iis_script_folder(const struct root *root, const char *name);

/* What becomes of one site, on its way into the plan. */
struct iis_script {
	const struct server_job *job;
	const struct iis_change *change;
	struct plan *plan;
	const char *name;   /* of the site, in the data */
	const char *folder; /* as seen from inside the root */
	char thumbprint[41];
};

/* A file that the change makes or reads: "https-setup.json"; to be freed. */
char *hs_iis_script_path(const struct iis_script *script, const char *file);

/* The same as Windows names it: "C:\Windows\..."; to be freed. */
char *hs_iis_script_windows_path(const struct iis_script *script,
				 const char *file);

/* The bytes of such a file now; *ret_exists. HS_CANNOT: it cannot be read. */
int hs_iis_script_read(const struct iis_script *script, const char *file,
		       struct str *ret_bytes, bool *ret_exists,
		       struct error *err) HS_MUST_CHECK;

/* script_data.c: the data, appended to `ret_json`.  `old` is what is there
 * (may be empty): when nothing differs but the steps around product files,
 * and the plan has none of these now, it stays. */
void hs_iis_script_data(const struct iis_script *script, const struct str *old,
			struct str *ret_json);

/* Whether those data name this certificate. */
bool hs_iis_script_names(const struct str *json, const char *thumbprint);

/* Whether the state that the apply script left (may be empty) says that it
 * ended well, with whatever data. */
bool hs_iis_script_ended_well(const struct str *state);
/* ... with these data. */
bool hs_iis_script_is_done(const struct str *state, const struct str *json);

/* script_text.c: the text of one of the scripts ("apply", "undo", "common"),
 * with the line ends of Windows, appended. */
void hs_iis_script_text(const char *which, struct str *ret_text);

#endif
