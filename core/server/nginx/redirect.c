/*
 * Redirects from HTTP to HTTPS: finding those that stand in a block, taking
 * them out where HTTPS would loop, and putting in ours.
 */
#include <stdio.h>
#include <string.h>

#include "core/server/nginx/plan.h"

#define OUR_CONDITION "(" NGX_OUR_VARIABLE

/* The URL a `return` or `rewrite` sends visitors to; NULL: it sends none. */
static char *target_of(const struct ngx_conf *conf, int32_t d)
{
	size_t args = hs_nginx_args(conf, d);

	if (hs_nginx_is(conf, d, "return") && args >= 1)
		return hs_nginx_arg(conf, d, args);
	if (hs_nginx_is(conf, d, "rewrite") && args >= 2)
		return hs_nginx_arg(conf, d, 2);
	return NULL;
}

/* What stands behind "https://", up to a port or path; NULL: no such URL. */
static char *https_host(const char *url)
{
	if (!url || strncmp(url, "https://", 8) != 0)
		return NULL;
	return hs_strndup(url + 8, strcspn(url + 8, ":/?"));
}

/* "$host/..." and "$host$request_uri" name the host; so do the site's own
 * names. Anywhere else is not the way from HTTP to HTTPS. */
static bool is_own_host(const struct nginx_planning *planning, const char *host)
{
	static const char *const variables[] = {"$host", "$http_host",
						"$server_name"};

	for (size_t i = 0; i < HS_LENGTH(variables); i++) {
		size_t length = strlen(variables[i]);

		if (!strncmp(host, variables[i], length) &&
		    (!host[length] || host[length] == '$'))
			return true;
	}
	HS_EACH(name, &planning->site->names) {
		size_t length = strlen(*name);

		if (length && !strncmp(host, *name, length) &&
		    (!host[length] || host[length] == '$'))
			return true;
	}
	return false;
}

/* Whether a directive sends visitors of this site to its HTTPS. */
static bool is_redirect(const struct nginx_planning *planning, int32_t d)
{
	hs_auto_free char *target = target_of(planning->conf, d);
	hs_auto_free char *host = https_host(target);

	return host && is_own_host(planning, host);
}

static bool starts_with(const struct ngx_conf *conf, int32_t d, size_t i,
			const char *text)
{
	hs_auto_free char *arg = hs_nginx_arg(conf, d, i);

	return arg && !strncmp(arg, text, strlen(text));
}

static bool is_our_redirect(const struct ngx_conf *conf, int32_t d)
{
	return hs_nginx_is(conf, d, "if") &&
	       starts_with(conf, d, 1, OUR_CONDITION);
}

/* A condition on what a proxy in front says is about that proxy's clients:
 * it cannot loop here. */
static bool asks_proxy(const struct ngx_conf *conf, int32_t d)
{
	return hs_nginx_is(conf, d, "if") &&
	       starts_with(conf, d, 1, "($http_x_forwarded_");
}

/* Blocks whose inside acts on every request: `if`, and `location /`. */
static bool is_general(const struct ngx_conf *conf, int32_t d)
{
	return hs_nginx_is(conf, d, "if") ||
	       (hs_nginx_is(conf, d, "location") &&
		hs_nginx_arg_is(conf, d, 1, "/"));
}

/* Whether nothing but `only` stands in the block. */
static bool stands_alone(const struct ngx_conf *conf, int32_t block,
			 int32_t only)
{
	return hs_nginx_get(conf, block)->child == only &&
	       hs_nginx_get(conf, only)->next == NGX_NONE;
}

/* Calls `seen` for each redirect in the block, ours too; an `if` that holds
 * nothing else is given whole. */
static void each_redirect(struct nginx_planning *planning, int32_t block,
			  void (*seen)(struct nginx_planning *planning,
				       int32_t directive, void *context),
			  void *context)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (is_our_redirect(conf, d))
			seen(planning, d, context);
		else if (is_redirect(planning, d))
			seen(planning,
			     hs_nginx_is(conf, block, "if") &&
					     stands_alone(conf, block, d)
				     ? block
				     : d,
			     context);
		else if (is_general(conf, d) && !asks_proxy(conf, d))
			each_redirect(planning, d, seen, context);
	}
}

static void remove_one(struct nginx_planning *planning, int32_t directive,
		       void *context)
{
	hs_nginx_remove(planning->conf, directive, &planning->edits);
}

void hs_nginx_remove_redirects(struct nginx_planning *planning, int32_t block)
{
	each_redirect(planning, block, remove_one, NULL);
}

struct census {
	int ours, others;
	int32_t our_block;
};

static void count_one(struct nginx_planning *planning, int32_t directive,
		      void *context)
{
	struct census *census = context;

	if (is_our_redirect(planning->conf, directive)) {
		census->ours++;
		census->our_block = directive;
	} else {
		census->others++;
	}
}

static char *redirect_text(const struct nginx_planning *planning)
{
	const struct settings *settings = planning->settings;
	char port[8] = "";

	if (settings->https_port != 443)
		snprintf(port, sizeof(port), ":%d", settings->https_port);
	return hs_format("if (%s) { return %d https://$host%s$request_uri; }",
			 planning->redirect, settings->redirect_code, port);
}

/* Whether our redirect stands there as it should be, white space aside. */
static bool is_current(const struct nginx_planning *planning, int32_t block)
{
	const struct ngx_conf *conf = planning->conf;
	hs_auto_free char *wanted = redirect_text(planning);
	hs_auto_free char *condition = hs_nginx_arg(conf, block, 1);
	hs_auto_free char *is = NULL, *code = NULL, *target = NULL;
	int32_t action = hs_nginx_find(conf, block, "return");

	if (action == NGX_NONE)
		return false;
	code = hs_nginx_arg(conf, action, 1);
	target = hs_nginx_arg(conf, action, 2);
	is = hs_format("if %s { return %s %s; }", condition, code,
		       target ? target : "");
	return !strcmp(is, wanted);
}

/*
 * A site that has HTTPS keeps a redirect somebody made: it works.  Elsewhere
 * every redirect of the block goes, since it would send HTTPS to itself, and
 * ours comes.
 */
void hs_nginx_plan_redirect(struct nginx_planning *planning)
{
	const struct settings *settings = planning->settings;
	struct census census = {.our_block = NGX_NONE};
	hs_auto_free char *text = redirect_text(planning);

	if (planning->http == NGX_NONE)
		return;
	each_redirect(planning, planning->http, count_one, &census);
	if (settings->redirect_enabled && census.ours == 1 && !census.others &&
	    is_current(planning, census.our_block))
		return;
	if (settings->redirect_enabled && planning->was_https &&
	    census.others && !census.ours)
		return;
	if (settings->redirect_enabled && census.ours == 1 && !census.others) {
		hs_nginx_replace(planning->conf, census.our_block, text,
				 &planning->edits);
		return;
	}
	hs_nginx_remove_redirects(planning, planning->http);
	if (settings->redirect_enabled)
		hs_nginx_add_to_block(planning, planning->http, true, text);
}
