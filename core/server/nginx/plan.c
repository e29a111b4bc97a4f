/* The plan for one nginx site: from its facts to an ordered list of changes. */
#include <errno.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/server/nginx/plan.h"
#include "core/settings/questions/questions.h"

/* Configurations are small; a certificate file may be a bundle. */
#define FILE_MAX (4u << 20)

/* nginx's hash of variables takes names of up to 46 bytes as it is set up by
 * default; this much of that is left for a host. */
#define SLUG_MAX 25

/*
 * "www.example-a.test" as part of a variable: "www_example__a_test"; dots and
 * dashes never touch in a host name, so no two names collide.  A long name is
 * cut and told apart by eight digits of its SHA-256.
 */
static void make_slug(const char *name, struct str *ret_slug)
{
	unsigned char digest[HS_HASH_SIZE];
	char hex[HS_HASH_HEX];

	for (const char *c = name; *c; c++) {
		if (*c == '-')
			hs_str_puts(ret_slug, "__");
		else if (*c == '.' || *c == ':')
			hs_str_putc(ret_slug, '_');
		else
			hs_str_putc(ret_slug, *c);
	}
	if (ret_slug->len <= SLUG_MAX)
		return;
	hs_hash(name, strlen(name), digest);
	hs_hash_hex(digest, hex);
	ret_slug->len = SLUG_MAX - 9;
	hs_str_printf(ret_slug, "_%.8s", hex);
}

static char *make_variable(const char *name, const char *what)
{
	hs_auto_str struct str slug = {0};

	make_slug(name, &slug);
	return hs_format(NGX_OUR_VARIABLE "%s_%s", hs_str_text(&slug), what);
}

static int32_t block_of(const struct nginx_model *model, long server)
{
	return server < 0 ? NGX_NONE : model->servers.items[server].block;
}

/* What is written into the configuration as it is must be plain. */
static int check_value(const char *value, const char *what, struct error *err)
{
	hs_auto_free char *quoted = hs_nginx_quote(value);

	if (quoted)
		return 0;
	hs_fail(err, HS_REFUSED, "%s cannot stand in an nginx configuration",
		what);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_hint(err, "choose one without ; { } \" ' \\ $ # and control "
			   "characters");
	return -1;
}

int hs_nginx_planning_init(const struct server_job *job, const char *name,
			   struct nginx_planning *ret_planning,
			   struct error *err)
{
	const struct server_facts *server = job->facts->server;
	const struct site *site = job->facts->site;
	const struct nginx_model *model = server->model;

	*ret_planning = (struct nginx_planning){
		.job = job,
		.settings = job->settings,
		.site = site,
		.server = server,
		.model = model,
		.conf = &model->conf,
		.http = site ? block_of(model, site->http_block) : NGX_NONE,
		.https = site ? block_of(model, site->https_block) : NGX_NONE,
		.was_https = site && site->https,
		.directory = hs_format("%s/%s", server->certificates, name),
		.named = make_variable(name, "named"),
		.redirect = make_variable(name, "redirect"),
		.hsts = make_variable(name, "hsts"),
		.unproved = make_variable(name, "unproved"),
	};
	if (ret_planning->https == NGX_NONE)
		ret_planning->https = ret_planning->http;
	ret_planning->http_file =
		hs_format("%s/nginx-http.conf", ret_planning->directory);
	ret_planning->server_file =
		hs_format("%s/nginx.conf", ret_planning->directory);
	ret_planning->proof = hs_nginx_proof(ret_planning);
	if (check_value(name, _("the name"), err) < 0 ||
	    check_value(ret_planning->directory,
			_("the path of the certificate directory"), err) < 0)
		return -1;
	return 0;
}

void hs_nginx_planning_done(struct nginx_planning *planning)
{
	free(planning->directory);
	free(planning->old_directory);
	free(planning->http_file);
	free(planning->server_file);
	free(planning->named);
	free(planning->redirect);
	free(planning->hsts);
	free(planning->unproved);
	free(planning->proof);
	hs_edits_done(&planning->edits);
	*planning = (struct nginx_planning){0};
}

bool hs_nginx_is_ours(const struct nginx_planning *planning, const char *path)
{
	return hs_nginx_below_ours(planning->server, path) != NULL;
}

bool hs_nginx_in_ours(const struct nginx_planning *planning, int32_t directive)
{
	return hs_nginx_is_ours(
		planning, hs_nginx_file_of(planning->conf, directive)->path);
}

bool hs_nginx_includes_ours(const struct nginx_planning *planning,
			    int32_t directive)
{
	hs_auto_free char *path = hs_nginx_arg(planning->conf, directive, 1);

	return hs_nginx_is(planning->conf, directive, "include") &&
	       hs_nginx_is_ours(planning, path);
}

bool hs_nginx_is_shared(const struct ngx_cursor *cursor, int32_t directive)
{
	return hs_nginx_through(cursor) != NGX_NONE &&
	       hs_nginx_file_of(cursor->conf, directive)->included > 1;
}

int hs_nginx_refuse_shared(const struct ngx_conf *conf, int32_t directive,
			   struct error *err)
{
	const struct ngx_file *file = hs_nginx_file_of(conf, directive);
	hs_auto_free char *name = hs_nginx_arg(conf, directive, 0);

	hs_fail(err, HS_REFUSED, "%s stands in a file that %u places include",
		name, file->included);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s:%u", file->path,
		       hs_nginx_get(conf, directive)->line);
	hs_error_hint(err, "move that line into the server block of the site");
	return -1;
}

/* The include among the directives that stand at `first` and behind it. */
static int32_t find_among(const struct ngx_conf *conf, int32_t first,
			  const char *path)
{
	for (int32_t d = first; d != NGX_NONE;
	     d = hs_nginx_get(conf, d)->next) {
		if (hs_nginx_is(conf, d, "include") &&
		    hs_nginx_arg_is(conf, d, 1, path))
			return d;
	}
	return NGX_NONE;
}

int32_t hs_nginx_find_include(const struct nginx_planning *planning,
			      int32_t block, const char *path)
{
	const struct ngx_conf *conf = planning->conf;
	int32_t found;

	if (block != NGX_NONE)
		return find_among(conf, hs_nginx_get(conf, block)->child, path);
	found = find_among(
		conf, hs_nginx_get(conf, planning->model->http)->child, path);
	HS_EACH(file, &conf->files) {
		if (found == NGX_NONE)
			found = find_among(conf, file->first, path);
	}
	return found;
}

int hs_nginx_present(const struct nginx_planning *planning, const char *path,
		     struct str *ret_bytes, bool *ret_exists, struct error *err)
{
	struct error missing = {0};

	*ret_exists = false;
	if (!hs_root_read(planning->job->root, path, FILE_MAX, ret_bytes,
			  &missing)) {
		*ret_exists = true;
		return 0;
	}
	if (missing.sys == ENOENT)
		return 0;
	if (err && err->code == HS_OK)
		*err = missing;
	return -1;
}

int hs_nginx_plan_file(const struct nginx_planning *planning,
		       enum change_phase phase, const char *path, mode_t mode,
		       const struct str *text, const char *reason,
		       struct plan *plan, struct change **ret_change,
		       struct error *err)
{
	hs_auto_str struct str before = {0};
	bool exists;
	struct change *change;

	if (hs_nginx_present(planning, path, &before, &exists, err) < 0)
		return -1;
	change = hs_plan_write(plan, phase, path, mode, exists ? &before : NULL,
			       text, reason);
	if (ret_change)
		*ret_change = change;
	return 0;
}

int hs_nginx_plan_certificate(const struct nginx_planning *planning,
			      const char *directory, struct plan *plan,
			      struct error *err)
{
	const struct bundle *bundle = &planning->job->facts->bundle;
	hs_auto_free char *key_path = hs_format("%s/privkey.pem", directory);
	hs_auto_free char *path = hs_format("%s/fullchain.pem", directory);
	hs_auto_str struct str pem = {0};
	/* The plan copies; these bytes stay the bundle's. */
	struct str key = {.data = bundle->key_pem,
			  .len = strlen(bundle->key_pem)};
	struct change *change;

	if (hs_nginx_plan_file(planning, PHASE_HTTPS, key_path, 0600, &key,
			       "the private key, readable by root alone", plan,
			       &change, err) < 0)
		return -1;
	if (change)
		hs_change_hide(change);
	hs_bundle_fullchain(bundle, &pem);
	return hs_nginx_plan_file(planning, PHASE_HTTPS, path, 0644, &pem,
				  "the certificate and its chain", plan, NULL,
				  err);
}

/* The edited text must still be an nginx configuration. */
static int check_result(const struct ngx_file *file, const struct str *text,
			struct error *err)
{
	struct error broken = {0};

	if (!hs_nginx_check(file->path, hs_str_text(text), text->len, &broken))
		return 0;
	hs_fail(err, HS_REFUSED, "the edited file would not parse (%s)",
		broken.what);
	hs_error_id(err, "server.unsupported-syntax");
	hs_error_where(err, "%s", broken.where);
	return -1;
}

int hs_nginx_plan_edits(struct nginx_planning *planning, const char *reason,
			struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < planning->conf->files.n; i++) {
		const struct ngx_file *file = &planning->conf->files.items[i];
		hs_auto_str struct str text = {0};

		if (!hs_edits_touch(&planning->edits, (int)i))
			continue;
		if (hs_edits_apply(&planning->edits, (int)i, file->bytes.data,
				   file->bytes.len, &text) < 0) {
			hs_fail(err, HS_REFUSED,
				"two changes would meet at one place");
			hs_error_id(err, "server.unsupported-syntax");
			hs_error_where(err, "%s", file->path);
			return -1;
		}
		if (check_result(file, &text, err) < 0)
			return -1;
		hs_plan_write(plan, PHASE_HTTPS, file->real, 0, &file->bytes,
			      &text, reason);
	}
	return 0;
}

/* Directives of the rewrite module act in the order they stand. */
static bool acts_in_order(const struct ngx_conf *conf, int32_t d)
{
	static const char *const names[] = {"return", "rewrite", "if", "set",
					    "break"};

	for (size_t i = 0; i < HS_LENGTH(names); i++) {
		if (hs_nginx_is(conf, d, names[i]))
			return true;
	}
	return false;
}

void hs_nginx_add_to_block(struct nginx_planning *planning, int32_t block,
			   bool early, const char *text)
{
	const struct ngx_conf *conf = planning->conf;
	int32_t anchor = NGX_NONE;
	bool acted = false, acted_before = false;

	for (int32_t d = hs_nginx_get(conf, block)->child; d != NGX_NONE;
	     d = hs_nginx_get(conf, d)->next) {
		acted = acted || acts_in_order(conf, d);
		if (hs_nginx_is(conf, d, "listen")) {
			anchor = d;
			acted_before = acted;
		}
	}
	/* HTTPS only: the listens go, so nothing can stand behind them. */
	if (anchor == NGX_NONE || (early && acted_before) ||
	    planning->settings->bindings_mode == BINDINGS_HTTPS)
		hs_nginx_insert_first(conf, block, text, &planning->edits);
	else
		hs_nginx_insert_after(conf, anchor, text, &planning->edits);
}

void hs_nginx_remove_maps(struct nginx_planning *planning,
			  const char *directory)
{
	hs_auto_free char *path = hs_format("%s/nginx-http.conf", directory);
	int32_t maps = hs_nginx_find_include(planning, NGX_NONE, path);

	if (maps != NGX_NONE)
		hs_nginx_remove(planning->conf, maps, &planning->edits);
}

/* The site was set up under another name before: that name's includes give
 * way to this name's, and its files go where no other block needs them. */
static void remove_old_includes(struct nginx_planning *planning)
{
	const struct ngx_conf *conf = planning->conf;
	int32_t d = hs_nginx_get(conf, planning->https)->child;

	for (; d != NGX_NONE; d = hs_nginx_get(conf, d)->next) {
		hs_auto_free char *path = hs_nginx_arg(conf, d, 1);
		int32_t file = hs_nginx_included(conf, d);

		if (!hs_nginx_includes_ours(planning, d) ||
		    !strcmp(path, planning->server_file))
			continue;
		hs_nginx_remove(conf, d, &planning->edits);
		if (file == NGX_NONE || conf->files.items[file].included != 1)
			continue;
		free(planning->old_directory);
		planning->old_directory =
			hs_strndup(path, (size_t)(strrchr(path, '/') - path));
		hs_nginx_remove_maps(planning, planning->old_directory);
	}
}

static void plan_includes(struct nginx_planning *planning)
{
	hs_auto_free char *http_arg = hs_nginx_quote(planning->http_file);
	hs_auto_free char *server_arg = hs_nginx_quote(planning->server_file);
	hs_auto_free char *http_line = hs_format("include %s;", http_arg);
	hs_auto_free char *server_line = hs_format("include %s;", server_arg);
	int32_t maps =
		hs_nginx_find_include(planning, NGX_NONE, planning->http_file);

	remove_old_includes(planning);
	if (hs_nginx_find_include(planning, planning->https,
				  planning->server_file) == NGX_NONE)
		hs_nginx_add_to_block(planning, planning->https, true,
				      server_line);
	if (maps == NGX_NONE && hs_nginx_needs_maps(planning))
		hs_nginx_insert_after(planning->conf, planning->https,
				      http_line, &planning->edits);
	if (maps != NGX_NONE && !hs_nginx_needs_maps(planning))
		hs_nginx_remove(planning->conf, maps, &planning->edits);
}

/*
 * ssl_certificate and its key in the block itself: pointed at our files, a
 * second pair goes (never two certificates of ours and others' in one block).
 */
static int replace_certificate(struct nginx_planning *planning,
			       const char *name, const char *file,
			       struct error *err)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, planning->https);
	hs_auto_free char *path = hs_format("%s/%s", planning->directory, file);
	hs_auto_free char *arg = hs_nginx_quote(path);
	bool replaced = false;
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (!hs_nginx_is(conf, d, name) ||
		    hs_nginx_in_ours(planning, d))
			continue;
		if (hs_nginx_is_shared(&cursor, d))
			return hs_nginx_refuse_shared(conf, d, err);
		if (replaced)
			hs_nginx_remove(conf, d, &planning->edits);
		else if (!hs_nginx_arg_is(conf, d, 1, path))
			hs_nginx_replace_arg(conf, d, 1, arg, &planning->edits);
		replaced = true;
	}
	return 0;
}

static void replace_value(struct nginx_planning *planning, int32_t directive,
			  const char *name, const char *value)
{
	hs_auto_free char *line = hs_format("%s %s;", name, value);
	const struct ngx_directive *d = hs_nginx_get(planning->conf, directive);
	const struct ngx_file *file =
		hs_nginx_file_of(planning->conf, directive);

	if (strlen(line) != d->end - d->start ||
	    memcmp(file->bytes.data + d->start, line, strlen(line)) != 0)
		hs_nginx_replace(planning->conf, directive, line,
				 &planning->edits);
}

/* TLS lines that the block has already change only when somebody asked for a
 * profile: they are the operator's own choice. */
static void replace_tls(struct nginx_planning *planning, struct plan *plan)
{
	static const char *const names[] = {"ssl_protocols", "ssl_ciphers",
					    "ssl_prefer_server_ciphers"};
	bool asked = hs_settings_origin(planning->settings, "tls.profile") >
		     ORIGIN_FOUND;
	bool kept = false;

	for (size_t i = 0; i < HS_LENGTH(names); i++) {
		int32_t d = hs_nginx_find(planning->conf, planning->https,
					  names[i]);
		const char *value;

		if (d == NGX_NONE || hs_nginx_in_ours(planning, d))
			continue;
		value = hs_nginx_tls_value(planning, names[i]);
		kept = kept || !asked;
		if (asked && value)
			replace_value(planning, d, names[i], value);
	}
	if (kept)
		hs_plan_note(plan, "the TLS protocols and ciphers of the "
				   "server block are kept; --tls-profile "
				   "changes them");
}

/* The name must lead to this block also where others listen on the same HTTPS
 * port: a site reached only as the default server gets the name. */
static void plan_name(struct nginx_planning *planning)
{
	const struct settings *settings = planning->settings;
	const char *name = settings->binding_host ? settings->binding_host
						  : settings->name;
	bool by_name = false;
	long others;
	int32_t d;
	size_t last;

	hs_nginx_choose(planning->server, name, planning->was_https, 0,
			&by_name);
	others = hs_nginx_choose(planning->server, name, true,
				 settings->https_port, NULL);
	d = hs_nginx_find(planning->conf, planning->https, "server_name");
	if (by_name || planning->was_https || others < 0 || d == NGX_NONE)
		return;
	last = hs_nginx_args(planning->conf, d);
	if (last) {
		hs_auto_free char *final =
			hs_nginx_arg(planning->conf, d, last);
		hs_auto_free char *both = hs_format("%s %s", final, name);

		hs_nginx_replace_arg(planning->conf, d, last, both,
				     &planning->edits);
	}
}

static int plan_block(struct nginx_planning *planning, struct str *headers,
		      struct plan *plan, struct error *err)
{
	if (hs_nginx_plan_listens(planning, err) < 0 ||
	    replace_certificate(planning, "ssl_certificate", "fullchain.pem",
				err) < 0 ||
	    replace_certificate(planning, "ssl_certificate_key", "privkey.pem",
				err) < 0)
		return -1;
	plan_includes(planning);
	hs_nginx_plan_redirect(planning);
	hs_nginx_plan_headers(planning, headers);
	replace_tls(planning, plan);
	plan_name(planning);
	return 0;
}

int hs_nginx_plan(const struct server_job *job, struct plan *plan,
		  struct error *err)
{
	hs_auto_nginx_planning struct nginx_planning planning = {0};
	hs_auto_str struct str headers = {0}, text = {0}, maps = {0};

	if (hs_nginx_planning_init(job, job->settings->name, &planning, err) <
		    0 ||
	    plan_block(&planning, &headers, plan, err) < 0)
		return -1;
	hs_nginx_server_text(&planning, hs_str_text(&headers), &text);
	if (hs_nginx_plan_certificate(&planning, planning.directory, plan,
				      err) < 0 ||
	    hs_nginx_plan_maps(&planning, &maps, plan, err) < 0 ||
	    hs_nginx_plan_file(&planning, PHASE_HTTPS, planning.server_file,
			       0644, &text,
			       "certificate, TLS profile and HSTS header", plan,
			       NULL, err) < 0 ||
	    hs_nginx_plan_edits(&planning,
				"listen for HTTPS, redirect, headers", plan,
				err) < 0)
		return -1;
	if (planning.old_directory &&
	    hs_nginx_remove_files(&planning, planning.old_directory, plan,
				  err) < 0)
		return -1;
	return hs_nginx_plan_hsts(&planning, &maps, plan, err);
}
