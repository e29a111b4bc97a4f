/* Taking HTTPS off a site again: back to plain HTTP. */
#include <string.h>

#include "core/server/nginx/plan.h"

static int refuse_two_blocks(const struct nginx_planning *planning,
			     struct error *err)
{
	hs_fail(err, HS_REFUSED,
		"HTTPS of this site is a server block of its own, which holds "
		"its content");
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u",
		       hs_nginx_file_of(planning->conf, planning->https)->path,
		       hs_nginx_get(planning->conf, planning->https)->line);
	hs_error_hint(err, "move what it serves into the HTTP block first");
	return -1;
}

static bool is_tls_line(const struct ngx_conf *conf, int32_t d)
{
	hs_auto_free char *name = hs_nginx_arg(conf, d, 0);

	return name && (!strncmp(name, "ssl_", 4) || !strcmp(name, "ssl"));
}

/* Includes of ours and TLS lines that stand in the block itself. */
static void remove_tls(struct nginx_planning *planning)
{
	const struct ngx_conf *conf = planning->conf;
	int32_t d = hs_nginx_get(conf, planning->https)->child;

	for (; d != NGX_NONE; d = hs_nginx_get(conf, d)->next) {
		if (is_tls_line(conf, d) || hs_nginx_includes_ours(planning, d))
			hs_nginx_remove(conf, d, &planning->edits);
	}
}

/* A site that was on HTTPS alone listens for HTTP again, at the addresses
 * where it listened for HTTPS. */
static void restore_http(struct nginx_planning *planning)
{
	int port = planning->settings->http_port;
	hs_auto_str struct str text = {0};

	if (planning->http != NGX_NONE)
		return;
	HS_EACH(listen, &planning->site->listens) {
		bool all = !strcmp(listen->address, "*");

		if (!listen->ssl)
			continue;
		hs_str_printf(&text, "%slisten %s%s%d;", text.len ? "\n" : "",
			      all ? "" : listen->address, all ? "" : ":", port);
	}
	hs_nginx_insert_first(planning->conf, planning->https,
			      hs_str_text(&text), &planning->edits);
}

static int remove_file(const struct nginx_planning *planning, const char *path,
		       struct plan *plan, struct error *err)
{
	hs_auto_str struct str before = {0};
	struct change *change;
	bool exists;

	if (hs_nginx_present(planning, path, &before, &exists, err) < 0)
		return -1;
	if (!exists)
		return 0;
	change = hs_plan_remove(plan, PHASE_HTTPS, path, &before,
				"nothing refers to it any more");
	if (change && strstr(path, "/privkey.pem"))
		hs_change_hide(change);
	return 0;
}

int hs_nginx_remove_matching(const struct nginx_planning *planning,
			     const char *directory, const char *pattern,
			     const char *except, struct plan *plan,
			     struct error *err)
{
	hs_auto_free char *glob = hs_format("%s/%s", directory, pattern);
	struct strings found = {0};
	int result = hs_root_glob(planning->job->root, glob, &found, err);

	HS_EACH(path, &found) {
		if (!result && (!except || strcmp(*path, except) != 0))
			result = remove_file(planning, *path, plan, err);
	}
	hs_strings_done(&found);
	return result;
}

int hs_nginx_remove_files(const struct nginx_planning *planning,
			  const char *directory, struct plan *plan,
			  struct error *err)
{
	static const char *const names[] = {"nginx.conf", "nginx-http.conf",
					    "hsts-*", "fullchain.pem",
					    "privkey.pem"};

	for (size_t i = 0; i < HS_LENGTH(names); i++) {
		if (hs_nginx_remove_matching(planning, directory, names[i],
					     NULL, plan, err) < 0)
			return -1;
	}
	return 0;
}

/* The name that the site's certificate directory has: DIR/NAME/... */
static char *installed_name(const struct server_job *job)
{
	const char *below = hs_nginx_below_ours(job->facts->server,
						job->facts->site->certificate);

	if (below)
		return hs_strndup(below, strcspn(below, "/"));
	return hs_strdup(job->settings->name ? job->settings->name
					     : job->facts->site->id);
}

int hs_nginx_disable(const struct server_job *job, struct plan *plan,
		     struct error *err)
{
	hs_auto_nginx_planning struct nginx_planning planning = {0};
	struct settings off = *job->settings;
	struct server_job without = *job;
	hs_auto_free char *name = installed_name(job);

	if (!job->facts->site->https)
		return 0;
	off.hsts_enabled = off.redirect_enabled = false;
	without.settings = &off;
	if (hs_nginx_planning_init(&without, name, &planning, err) < 0)
		return -1;
	if (planning.http != NGX_NONE && planning.http != planning.https)
		return refuse_two_blocks(&planning, err);
	if (hs_nginx_remove_listens(&planning, planning.https, true, err) < 0)
		return -1;
	restore_http(&planning);
	remove_tls(&planning);
	hs_nginx_remove_redirects(&planning, planning.https);
	hs_nginx_remove_headers(&planning, planning.https);
	hs_nginx_remove_maps(&planning, planning.directory);
	if (job->facts->site->hsts)
		hs_plan_note(plan, "browsers that have seen HSTS go on "
				   "asking for HTTPS until its max-age has "
				   "passed");
	if (hs_nginx_plan_edits(&planning, "no HTTPS any more", plan, err) < 0)
		return -1;
	if (!job->facts->site->ours)
		return 0;
	return hs_nginx_remove_files(&planning, planning.directory, plan, err);
}
