/*
 * HSTS goes on after HTTPS was proved live.  nginx takes a second reload only
 * 100 ms after the first (ngx_master_process_cycle), so the proof is a file:
 * while it is missing, the server block empties the header.  Where the
 * workers cannot look for that file, the map is written anew and nginx
 * reloaded instead.
 */
#include <string.h>
#include <unistd.h>

#include "core/server/nginx/plan.h"

void hs_hsts_value(const struct settings *settings, struct str *ret_value)
{
	hs_str_printf(ret_value, "max-age=%lld%s%s", settings->hsts_max_age,
		      settings->hsts_include_subdomains ? "; includeSubDomains"
							: "",
		      settings->hsts_preload ? "; preload" : "");
}

/* A directory that is not there yet will be made for everyone to enter. */
static bool may_enter(const struct root *root, const char *path)
{
	struct stat st;

	if (hs_root_stat(root, path, &st) < 0)
		return true;
	return st.st_mode &
	       (geteuid() == 0 || st.st_uid != geteuid() ? S_IXOTH : S_IXUSR);
}

/* Whether nginx's workers, who are not its master's user as a rule, reach a
 * file in the directory. */
static bool workers_reach(const struct nginx_planning *planning)
{
	hs_auto_free char *path = hs_strdup(planning->directory);
	int32_t user = hs_nginx_find(planning->conf, NGX_NONE, "user");
	char *slash;

	if (user != NGX_NONE &&
	    hs_nginx_arg_is(planning->conf, user, 1, "root"))
		return true;
	do {
		if (!may_enter(planning->job->root, path))
			return false;
		slash = strrchr(path, '/');
		*slash = '\0';
	} while (slash > path);
	return true;
}

/* A proof is of one value: another one is not on before it was proved too. */
char *hs_nginx_proof(const struct nginx_planning *planning)
{
	const struct settings *settings = planning->settings;

	if (!settings->hsts_enabled || !workers_reach(planning))
		return NULL;
	return hs_format("%s/hsts-%lld%s%s", planning->directory,
			 settings->hsts_max_age,
			 settings->hsts_include_subdomains ? "-subdomains" : "",
			 settings->hsts_preload ? "-preload" : "");
}

/* The value our maps send now, to be freed; NULL: none. */
static char *mapped_value(const struct nginx_planning *planning)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, planning->model->http);
	int32_t d, entry = NGX_NONE;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (hs_nginx_is(conf, d, "map") &&
		    hs_nginx_arg_is(conf, d, 2, planning->hsts))
			entry = hs_nginx_find(conf, d, HSTS_KEY);
	}
	return entry == NGX_NONE ? NULL : hs_nginx_arg(conf, entry, 1);
}

/* What visitors get before the proof: what they get already, from us or from
 * the operator's own line, and nothing new. */
static char *value_before_proof(const struct nginx_planning *planning)
{
	char *now = mapped_value(planning);

	if (!now && planning->site->hsts && *planning->site->hsts != '$')
		now = hs_strdup(planning->site->hsts);
	if (now && now[strcspn(now, "\"\\$\n\r")])
		return free(now), NULL;
	return now;
}

bool hs_nginx_needs_maps(const struct nginx_planning *planning)
{
	return planning->settings->redirect_enabled ||
	       planning->settings->hsts_enabled;
}

int hs_nginx_plan_maps(struct nginx_planning *planning, struct str *ret_text,
		       struct plan *plan, struct error *err)
{
	hs_auto_free char *before = value_before_proof(planning);
	hs_auto_str struct str value = {0};

	if (!hs_nginx_needs_maps(planning))
		return 0;
	hs_hsts_value(planning->settings, &value);
	hs_nginx_http_text(planning,
			   planning->proof ? hs_str_text(&value) : before,
			   ret_text);
	return hs_nginx_plan_file(
		planning, PHASE_HTTPS, planning->http_file, 0644, ret_text,
		"hosts, redirect, and the HSTS value", plan, NULL, err);
}

int hs_nginx_plan_hsts(const struct nginx_planning *planning,
		       const struct str *maps, struct plan *plan,
		       struct error *err)
{
	hs_auto_str struct str value = {0}, text = {0};
	struct change *change;

	/* Proofs of other values, or of HSTS that is off now. */
	if (hs_nginx_remove_matching(planning, planning->directory, "hsts-*",
				     planning->proof, plan, err) < 0)
		return -1;
	if (!planning->settings->hsts_enabled)
		return 0;
	hs_hsts_value(planning->settings, &value);
	if (!planning->proof) {
		hs_nginx_http_text(planning, hs_str_text(&value), &text);
		hs_plan_write(plan, PHASE_PROVED, planning->http_file, 0644,
			      maps, &text, "HSTS on");
		return 0;
	}
	hs_str_printf(&text, "While this file is here, %s is sent.\n",
		      hs_str_text(&value));
	if (hs_nginx_plan_file(planning, PHASE_PROVED, planning->proof, 0644,
			       &text, "HSTS on", plan, &change, err) < 0)
		return -1;
	if (change)
		change->immediate = true;
	return 0;
}
