/* What a site of nginx does now: certificate, redirect, HSTS. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/server/nginx/plan.h"
#include "core/server/nginx/sites.h"

/* What the two blocks of a site say. */
struct look {
	const struct nginx_model *model;
	const struct ngx_conf *conf;
	const struct ngx_http_level *level;
	struct site *site;
	int32_t certificate, key, hsts;
	bool headers; /* the block has an add_header: the http level's go */
};

const struct ngx_file *hs_nginx_file_of(const struct ngx_conf *conf,
					int32_t directive)
{
	return &conf->files.items[hs_nginx_get(conf, directive)->file];
}

const char *hs_nginx_below_ours(const struct server_facts *server,
				const char *path)
{
	size_t length = strlen(server->certificates);

	if (!path || strncmp(path, server->certificates, length) != 0 ||
	    path[length] != '/')
		return NULL;
	return path + length + 1;
}

bool hs_nginx_is_hsts(const struct ngx_conf *conf, int32_t directive)
{
	hs_auto_free char *header = hs_nginx_arg(conf, directive, 1);

	return header && !strcasecmp(header, "Strict-Transport-Security");
}

struct place hs_nginx_place_of(const struct ngx_conf *conf, int32_t directive)
{
	return (struct place){
		.path = hs_nginx_file_of(conf, directive)->path,
		.line = (int)hs_nginx_get(conf, directive)->line,
	};
}

void hs_nginx_http_level_done(struct ngx_http_level *level)
{
	HS_ARRAY_FREE(&level->maps);
	hs_index_done(&level->by_variable);
}

/* A map looked for by its variable. */
struct key {
	const struct ngx_conf *conf;
	const struct ngx_http_level *level;
	const struct ngx_name *variable;
};

static bool is_map(const void *context, size_t item)
{
	const struct key *key = context;
	struct ngx_name variable;

	return !hs_nginx_span(key->conf, key->level->maps.items[item], 2,
			      &variable.text, &variable.length) &&
	       hs_nginx_same_name(&variable, key->variable);
}

int32_t hs_nginx_map_of(const struct nginx_model *model,
			const struct ngx_http_level *level,
			const struct ngx_name *variable)
{
	struct key key = {&model->conf, level, variable};
	long item = hs_index_find(&level->by_variable,
				  hs_nginx_hash_name(variable), is_map, &key);

	return item < 0 ? NGX_NONE : level->maps.items[item];
}

/* A path as nginx completes it: from the directory of the main file. */
static char *full_path(const struct server_facts *facts,
		       const struct look *look, int32_t directive)
{
	char *path = hs_nginx_arg(look->conf, directive, 1);
	const char *slash = strrchr(facts->config, '/');
	char *full;

	if (!path || *path == '/' || *path == '$' || !slash ||
	    !strncmp(path, "data:", 5) || !strncmp(path, "engine:", 7) ||
	    !strncmp(path, "store:", 6))
		return path;
	full = hs_format("%.*s%s", (int)(slash + 1 - facts->config),
			 facts->config, path);
	free(path);
	return full;
}

static void look_at_https(struct look *look, int32_t block)
{
	struct ngx_cursor cursor = hs_nginx_walk(look->conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (look->certificate == NGX_NONE &&
		    hs_nginx_is(look->conf, d, "ssl_certificate"))
			look->certificate = d;
		if (look->key == NGX_NONE &&
		    hs_nginx_is(look->conf, d, "ssl_certificate_key"))
			look->key = d;
		if (!hs_nginx_is(look->conf, d, "add_header"))
			continue;
		look->headers = true;
		if (hs_nginx_is_hsts(look->conf, d))
			look->hsts = d;
	}
}

static bool is_our_variable(const char *value)
{
	return !strncmp(value, NGX_OUR_VARIABLE, strlen(NGX_OUR_VARIABLE));
}

/*
 * The value of our own variable is what its map gives on HTTPS; an empty one
 * sends no header. Another's variable is shown as it is.
 */
static char *resolve_value(const struct look *look, char *value)
{
	struct ngx_name variable = {value, value ? strlen(value) : 0};
	int32_t map, entry;
	char *found;

	if (!value || *value != '$')
		return value;
	map = hs_nginx_map_of(look->model, look->level, &variable);
	if (map == NGX_NONE || !is_our_variable(value))
		return value;
	entry = hs_nginx_find(look->conf, map, HSTS_KEY);
	found = entry == NGX_NONE ? NULL : hs_nginx_arg(look->conf, entry, 1);
	free(value);
	if (found && !*found) {
		free(found);
		return NULL;
	}
	return found;
}

static void take_https(const struct server_facts *facts, struct look *look)
{
	struct site *site = look->site;

	if (look->certificate == NGX_NONE) {
		look->certificate = look->level->certificate;
		look->key = look->level->key;
	}
	if (!look->headers)
		look->hsts = look->level->hsts;
	if (look->certificate != NGX_NONE) {
		site->certificate = full_path(facts, look, look->certificate);
		site->certificate_place =
			hs_nginx_place_of(look->conf, look->certificate);
	}
	if (look->key != NGX_NONE)
		site->key = full_path(facts, look, look->key);
	if (look->hsts != NGX_NONE) {
		site->hsts = resolve_value(
			look, hs_nginx_arg(look->conf, look->hsts, 2));
		site->hsts_place = hs_nginx_place_of(look->conf, look->hsts);
	}
	site->ours = hs_nginx_below_ours(facts, site->certificate) != NULL;
}

/* `return 301 https://...`, `return https://...` */
static char *return_target(const struct ngx_conf *conf, int32_t d,
			   int *ret_code)
{
	hs_auto_free char *code = hs_nginx_arg(conf, d, 1);

	*ret_code = 302;
	if (hs_nginx_args(conf, d) < 2)
		return hs_steal(code);
	*ret_code = atoi(code);
	return hs_nginx_arg(conf, d, 2);
}

/* `rewrite ^ https://... permanent` */
static char *rewrite_target(const struct ngx_conf *conf, int32_t d,
			    int *ret_code)
{
	*ret_code = hs_nginx_arg_is(conf, d, 3, "permanent") ? 301 : 302;
	return hs_nginx_arg(conf, d, 2);
}

static bool take_redirect(struct look *look, int32_t d)
{
	hs_auto_free char *target = NULL;
	int code = 0;

	if (hs_nginx_is(look->conf, d, "return"))
		target = return_target(look->conf, d, &code);
	else if (hs_nginx_is(look->conf, d, "rewrite"))
		target = rewrite_target(look->conf, d, &code);
	if (!target || strncasecmp(target, "https://", 8) != 0)
		return false;
	look->site->redirects = true;
	look->site->redirect_code = code;
	look->site->redirect_target = hs_steal(target);
	look->site->redirect_place = hs_nginx_place_of(look->conf, d);
	return true;
}

/* Blocks whose inside is about the visitor's own scheme: `location /`, and
 * every `if` but one on what a proxy in front says. */
static bool is_general(const struct ngx_conf *conf, int32_t d)
{
	const char *text;
	size_t length;

	if (hs_nginx_is(conf, d, "location"))
		return hs_nginx_arg_is(conf, d, 1, "/") ||
		       hs_nginx_arg_is(conf, d, 2, "/");
	if (!hs_nginx_is(conf, d, "if") ||
	    hs_nginx_span(conf, d, 1, &text, &length) < 0)
		return false;
	return !memmem(text, length, "$http_x_forwarded", 17);
}

static bool look_for_redirect(struct look *look, int32_t block)
{
	struct ngx_cursor cursor = hs_nginx_walk(look->conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (take_redirect(look, d))
			return true;
		if (hs_nginx_get(look->conf, d)->open &&
		    is_general(look->conf, d) && look_for_redirect(look, d))
			return true;
	}
	return false;
}

static void add_listens(const struct nginx_model *model, long server,
			struct site *site)
{
	struct listens listens;

	hs_nginx_listens(model, server, &listens);
	HS_EACH(listen, &listens)
		HS_PUSH(&site->listens, *listen);
	HS_ARRAY_FREE(&listens);
}

void hs_nginx_look_at_site(struct server_facts *facts,
			   const struct ngx_http_level *level,
			   struct site *site)
{
	const struct nginx_model *model = facts->model;
	struct look look = {
		.model = model,
		.conf = &model->conf,
		.level = level,
		.site = site,
		.certificate = NGX_NONE,
		.key = NGX_NONE,
		.hsts = NGX_NONE,
	};
	const struct ngx_server *servers = model->servers.items;

	if (site->https_block >= 0) {
		site->https = true;
		site->place = hs_nginx_place_of(
			&model->conf, servers[site->https_block].block);
		look_at_https(&look, servers[site->https_block].block);
		take_https(facts, &look);
	}
	if (site->http_block >= 0) {
		site->place = hs_nginx_place_of(
			&model->conf, servers[site->http_block].block);
		look_for_redirect(&look, servers[site->http_block].block);
		add_listens(model, site->http_block, site);
	}
	if (site->https_block >= 0 && site->https_block != site->http_block)
		add_listens(model, site->https_block, site);
}
