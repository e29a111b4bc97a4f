/* The scripts in the plan: their texts, their data, the certificate. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/openssl.h"
#include "core/base/windows.h"
#include "core/cert/make/create.h"
#include "core/server/iis/script.h"
#include "core/server/iis/script_run.h"

#define FILE_MAX (4u << 20)
#define DATA "https-setup.json"
#define STATE "https-setup-state.json"
#define PFX "https-setup.pfx"
#define PASSPHRASE "https-setup.passphrase"
#define APPLY "https-setup-apply.ps1"
#define UNDO "https-setup-undo.ps1"
#define COMMON "https-setup-common.ps1"

/* Windows 10 1709: the first that reads the form of today. */
#define BUILD_1709 16299
#define PASSPHRASE_BYTES 24 /* random ones, written as twice as many digits */

/* Names of devices, which no folder may have, whatever follows the dot. */
static bool is_device(const char *name)
{
	static const char *const devices[] = {"con", "prn", "aux", "nul"};
	size_t length = strcspn(name, ".");

	for (size_t i = 0; i < HS_LENGTH(devices); i++) {
		if (length == 3 && !strncasecmp(name, devices[i], 3))
			return true;
	}
	return length == 4 && isdigit((unsigned char)name[3]) &&
	       (!strncasecmp(name, "com", 3) || !strncasecmp(name, "lpt", 3));
}

/* A name as a folder: colons of an IPv6 address cannot be in one. */
char *hs_iis_script_folder(const struct root *root, const char *name)
{
	hs_auto_free char *path = hs_format("%s/%s%s", IIS_SCRIPT_FOLDER,
					    is_device(name) ? "_" : "", name);

	for (char *c = path + strlen(IIS_SCRIPT_FOLDER) + 1; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("._-", *c))
			*c = '_';
	}
	return hs_windows_find(root, path);
}

char *hs_iis_script_path(const struct iis_script *script, const char *file)
{
	return hs_format("%s/%s", script->folder, file);
}

char *hs_iis_script_windows_path(const struct iis_script *script,
				 const char *file)
{
	char *path =
		hs_format("%c:%s/%s", hs_iis_drive(script->job->root->path),
			  script->folder, file);

	for (char *c = path; *c; c++)
		*c = *c == '/' ? '\\' : *c;
	return path;
}

int hs_iis_script_read(const struct iis_script *script, const char *file,
		       struct str *ret_bytes, bool *ret_exists,
		       struct error *err)
{
	hs_auto_free char *path = hs_iis_script_path(script, file);
	struct error own = {0};

	*ret_exists = !hs_root_read(script->job->root, path, FILE_MAX,
				    ret_bytes, &own);
	if (*ret_exists || own.sys == ENOENT || own.sys == ENOTDIR)
		return 0;
	return hs_fail(err, HS_CANNOT, "%s", own.what);
}

/* Puts `text` there (NULL: nothing); *ret_change when that is a change. */
static int put_file(const struct iis_script *script, const char *file,
		    mode_t mode, const struct str *text, const char *reason,
		    struct change **ret_change, struct error *err)
{
	hs_auto_free char *path = hs_iis_script_path(script, file);
	hs_auto_str struct str before = {0};
	bool exists;

	*ret_change = NULL;
	if (hs_iis_script_read(script, file, &before, &exists, err))
		return -1;
	if (text)
		*ret_change =
			hs_plan_write(script->plan, PHASE_HTTPS, path, mode,
				      exists ? &before : NULL, text, reason);
	else if (exists)
		*ret_change = hs_plan_remove(script->plan, PHASE_HTTPS, path,
					     &before, reason);
	return 0;
}

static int put_secret(const struct iis_script *script, const char *file,
		      const struct str *text, const char *reason,
		      struct error *err)
{
	struct change *change;

	if (put_file(script, file, 0600, text, reason, &change, err))
		return -1;
	if (change)
		hs_change_hide(change);
	return 0;
}

static int put_scripts(const struct iis_script *script, struct error *err)
{
	static const struct {
		const char *which, *file, *reason;
	} rows[] = {
		{"common", COMMON, N_("what both scripts share")},
		{"apply", APPLY, N_("finishes the change on Windows")},
		{"undo", UNDO, N_("takes back there what the other did")},
	};

	for (size_t i = 0; i < HS_LENGTH(rows); i++) {
		hs_auto_str struct str text = {0};
		struct change *change;

		hs_iis_script_text(rows[i].which, &text);
		if (put_file(script, rows[i].file, 0644, &text, rows[i].reason,
			     &change, err))
			return -1;
	}
	return 0;
}

static void wipe(struct str *secret)
{
	if (secret->data)
		explicit_bzero(secret->data, secret->cap);
	hs_str_done(secret);
}
#define hs_auto_secret HS_CLEANUP(wipe)

static int make_passphrase(struct str *ret_passphrase, struct error *err)
{
	unsigned char random[PASSPHRASE_BYTES];

	if (RAND_priv_bytes(random, sizeof(random)) != 1)
		return hs_fail(err, HS_CANNOT,
			       "no random numbers are to be "
			       "had for a passphrase");
	for (size_t i = 0; i < sizeof(random); i++)
		hs_str_printf(ret_passphrase, "%02x", random[i]);
	explicit_bzero(random, sizeof(random));
	return 0;
}

/* Before 1709 Windows reads only the old form. */
static bool wants_old_form(const struct iis_script *script)
{
	const struct iis_settings *iis = &script->job->settings->iis;
	int build = script->change->build;

	if (iis->pfx != IIS_PFX_AUTO)
		return iis->pfx == IIS_PFX_COMPATIBLE;
	return iis->version == IIS_VERSION_OLDER ||
	       (build > 0 && build < BUILD_1709);
}

/* A passphrase of the operator's is never written: the script asks for it. */
static int put_certificate(const struct iis_script *script, struct error *err)
{
	const struct bundle *bundle = &script->job->facts->bundle;
	const char *given = script->job->settings->certificate_passphrase;
	hs_auto_secret struct str passphrase = {0};
	hs_auto_secret struct str pfx = {0};
	int (*export)(const struct bundle *, const char *, struct str *,
		      struct error *) = wants_old_form(script)
						? hs_cert_export_pkcs12_old
						: hs_cert_export_pkcs12;

	if (given && *given)
		hs_str_puts(&passphrase, given);
	else if (make_passphrase(&passphrase, err))
		return -1;
	if (export(bundle, hs_str_text(&passphrase), &pfx, err) ||
	    put_secret(script, PFX, &pfx,
		       N_("the certificate with its key, for LocalMachine\\My; "
			  "the script deletes it when it is imported"),
		       err))
		return -1;
	if (given && *given)
		return put_secret(script, PASSPHRASE, NULL,
				  N_("the script asks for yours"), err);
	return put_secret(script, PASSPHRASE, &passphrase,
			  N_("made for that file alone, and deleted with it"),
			  err);
}

/* Whether the key still has to go there: it was never written, or was deleted
 * again without having been imported. */
static int needs_certificate(const struct iis_script *script,
			     const struct str *old, const struct str *state,
			     bool *ret_needed, struct error *err)
{
	hs_auto_secret struct str pfx = {0};
	bool exists;

	if (hs_iis_script_read(script, PFX, &pfx, &exists, err))
		return -1;
	*ret_needed = !hs_iis_script_names(old, script->thumbprint) ||
		      (!exists && !hs_iis_script_ended_well(state));
	return 0;
}

static void plan_run(const struct iis_script *script, const char *file,
		     const char *reason, const char *undo)
{
	hs_auto_free char *path = hs_iis_script_windows_path(script, file);
	const char *const argv[] = {IIS_POWERSHELL, path, NULL};

	hs_plan_run(script->plan, PHASE_HTTPS, argv, reason, undo);
}

static void tell(const struct iis_script *script)
{
	hs_auto_free char *undo = hs_iis_script_windows_path(script, UNDO);
	hs_auto_free char *run = hs_format("powershell.exe -File %s", undo);

	plan_run(script, APPLY,
		 N_("on the Windows server itself, as administrator: "
		    "certificate, http.sys, firewall, protocols, services, and "
		    "a look whether it answers; with -WhatIf it only says so"),
		 run);
	hs_plan_note(
		script->plan,
		"here only files are changed; HTTPS answers once the "
		"script has run on the server itself, so run it at once: "
		"IIS sees the new bindings as soon as the files are there");
}

static int plan_enable(struct iis_script *script, struct error *err)
{
	hs_auto_str struct str old = {0}, state = {0}, json = {0};
	struct change *change;
	bool exists, needed;

	if (hs_iis_script_read(script, DATA, &old, &exists, err) ||
	    hs_iis_script_read(script, STATE, &state, &exists, err) ||
	    needs_certificate(script, &old, &state, &needed, err))
		return -1;
	hs_iis_script_data(script, &old, &json);
	if (put_scripts(script, err) ||
	    put_file(script, DATA, 0644, &json, N_("what the scripts are told"),
		     &change, err) ||
	    (needed && put_certificate(script, err)))
		return -1;
	if (!hs_iis_script_is_done(&state, &json))
		tell(script);
	return 0;
}

/* The scripts stay: one of them takes back what is in Windows itself. */
static int plan_disable(struct iis_script *script, struct error *err)
{
	hs_auto_str struct str json = {0};
	bool exists;

	if (hs_iis_script_read(script, DATA, &json, &exists, err))
		return -1;
	if (!exists) {
		hs_plan_note(script->plan,
			     "the records of http.sys and the rules of the "
			     "firewall were not made by this program: they "
			     "stay as they are on the server");
		return 0;
	}
	plan_run(
		script, UNDO,
		N_("on the Windows server itself, as administrator: takes back "
		   "certificate, http.sys, firewall and protocols"),
		N_("run the other script there again"));
	return put_secret(script, PFX, NULL, N_("it is not needed any more"),
			  err) ||
			       put_secret(script, PASSPHRASE, NULL,
					  N_("it is not needed any more"), err)
		       ? -1
		       : 0;
}

/* Windows knows a certificate by the SHA-1 of its bytes. */
static int set_thumbprint(struct iis_script *script, struct error *err)
{
	const struct bundle *bundle = &script->job->facts->bundle;
	const struct certificate *leaf = hs_bundle_leaf(bundle);
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	if (!leaf || !bundle->has_key)
		return hs_fail(err, HS_CANNOT,
			       "there is no certificate with its key");
	if (!EVP_Digest(leaf->der, leaf->der_length, digest, &length,
			EVP_sha1(), NULL))
		return hs_fail(err, HS_CANNOT,
			       "SHA-1 is not to be had, and "
			       "Windows knows certificates "
			       "by it alone");
	for (unsigned i = 0; i < length; i++)
		snprintf(script->thumbprint + (size_t)2 * i, 3, "%02X",
			 digest[i]);
	return 0;
}

int hs_iis_plan_script(const struct server_job *job,
		       const struct iis_change *change, struct plan *plan,
		       struct error *err)
{
	const char *name = job->settings->name;
	hs_auto_free char *folder = NULL;
	struct iis_script script = {.job = job, .change = change, .plan = plan};

	if (!change->https.n && change->kind != IIS_DISABLE)
		return 0;
	script.name = name && *name ? name : "site";
	script.folder = folder = hs_iis_script_folder(job->root, script.name);
	if (!folder)
		return hs_fail_errno(err, HS_CANNOT, "cannot look into %s",
				     IIS_SCRIPT_FOLDER);
	if (change->kind == IIS_DISABLE)
		return plan_disable(&script, err);
	if (set_thumbprint(&script, err))
		return -1;
	return plan_enable(&script, err);
}
