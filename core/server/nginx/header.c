/*
 * The Strict-Transport-Security header on every HTTPS response.  nginx gives
 * a level its parent's headers only when it sets none of its own ("These
 * directives are inherited from the previous configuration level if and only
 * if there are no add_header directives defined on the current level"), so
 * each level that sets some needs ours as well.  The same holds for the
 * directives that hide a header an application behind nginx sends.
 */
#include <string.h>
#include <strings.h>

#include "core/server/nginx/plan.h"

struct family {
	const char *name;  /* directive that replaces its inherited ones */
	const char *needs; /* only where this one is used; NULL: always */
	bool adds;
};

static const struct family families[] = {
	{"add_header", NULL, true},
	{"proxy_hide_header", "proxy_pass", false},
	{"fastcgi_hide_header", "fastcgi_pass", false},
	{"uwsgi_hide_header", "uwsgi_pass", false},
	{"scgi_hide_header", "scgi_pass", false},
	{"grpc_hide_header", "grpc_pass", false},
};

static char *our_line(const struct nginx_planning *planning,
		      const struct family *family)
{
	if (!family->adds)
		return hs_format("%s Strict-Transport-Security;", family->name);
	return hs_format("%s Strict-Transport-Security %s always;",
			 family->name, planning->hsts);
}

/* Whether it is the very line that we would write. */
static bool is_our_line(const struct nginx_planning *planning,
			const struct family *family, int32_t d)
{
	return hs_nginx_is_hsts(planning->conf, d) &&
	       (!family->adds ||
		hs_nginx_arg_is(planning->conf, d, 2, planning->hsts));
}

/* What one level has of a family, our own include left aside. */
struct level {
	int32_t last;	/* where a line of ours goes behind; NGX_NONE */
	int32_t others; /* somebody's HSTS line; NGX_NONE */
	int32_t ours;	/* our line, as it should be; NGX_NONE */
	bool shared;	/* `others` stands in a file of several sites */
};

static struct level look_at_level(const struct nginx_planning *planning,
				  const struct family *family, int32_t block)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	struct level level = {NGX_NONE, NGX_NONE, NGX_NONE, false};
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		int32_t through = hs_nginx_through(&cursor);

		if (!hs_nginx_is(conf, d, family->name) ||
		    hs_nginx_in_ours(planning, d))
			continue;
		level.last = through == NGX_NONE ? d : through;
		if (is_our_line(planning, family, d)) {
			level.ours = d;
		} else if (hs_nginx_is_hsts(conf, d)) {
			level.others = d;
			level.shared = hs_nginx_is_shared(&cursor, d);
		}
	}
	return level;
}

static bool uses(const struct ngx_conf *conf, int32_t block, const char *name)
{
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (hs_nginx_is(conf, d, name))
			return true;
		if (hs_nginx_get(conf, d)->open &&
		    !hs_nginx_get(conf, d)->opaque && uses(conf, d, name))
			return true;
	}
	return false;
}

/* A level below the server: our line beside its own ones. */
static void plan_level(struct nginx_planning *planning,
		       const struct family *family, int32_t block)
{
	struct level level = look_at_level(planning, family, block);
	hs_auto_free char *line = our_line(planning, family);

	if (level.last == NGX_NONE || level.ours != NGX_NONE || level.shared)
		return;
	if (level.others != NGX_NONE)
		hs_nginx_replace(planning->conf, level.others, line,
				 &planning->edits);
	else
		hs_nginx_insert_after(planning->conf, level.last, line,
				      &planning->edits);
}

static void plan_levels_below(struct nginx_planning *planning,
			      const struct family *family, int32_t block)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (!hs_nginx_get(conf, d)->open ||
		    hs_nginx_get(conf, d)->opaque)
			continue;
		if (hs_nginx_is(conf, d, "location") ||
		    hs_nginx_is(conf, block, "location"))
			plan_level(planning, family, d);
		plan_levels_below(planning, family, d);
	}
}

/* Lines of the http level that the server block has inherited so far and
 * would lose by one of its own. */
static void copy_inherited(const struct nginx_planning *planning,
			   const struct family *family, struct str *ret_include)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, planning->model->http);
	bool said = false;
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		const struct ngx_directive *directive = hs_nginx_get(conf, d);

		if (!hs_nginx_is(conf, d, family->name) ||
		    hs_nginx_is_hsts(conf, d))
			continue;
		if (!said)
			hs_str_printf(ret_include,
				      "# %s of the http level, which the line "
				      "below would hide:\n",
				      family->name);
		said = true;
		hs_str_add(ret_include,
			   hs_nginx_file_of(conf, d)->bytes.data +
				   directive->start,
			   directive->end - directive->start);
		hs_str_putc(ret_include, '\n');
	}
}

static void plan_family(struct nginx_planning *planning,
			const struct family *family, struct str *ret_include)
{
	struct level server = look_at_level(planning, family, planning->https);
	hs_auto_free char *line = our_line(planning, family);

	if (server.others != NGX_NONE && !server.shared)
		hs_nginx_remove(planning->conf, server.others,
				&planning->edits);
	if (server.last == NGX_NONE)
		copy_inherited(planning, family, ret_include);
	if (!server.shared)
		hs_str_printf(ret_include, "%s\n", line);
	plan_levels_below(planning, family, planning->https);
}

void hs_nginx_plan_headers(struct nginx_planning *planning,
			   struct str *ret_include)
{
	if (!planning->settings->hsts_enabled) {
		hs_nginx_remove_headers(planning, planning->https);
		return;
	}
	hs_str_puts(ret_include, "\n");
	for (size_t i = 0; i < HS_LENGTH(families); i++) {
		const struct family *family = &families[i];

		if (!family->needs ||
		    uses(planning->conf, planning->https, family->needs))
			plan_family(planning, family, ret_include);
	}
}

/* A line that this program wrote, under whatever name. */
static bool is_ours(const struct ngx_conf *conf, int32_t d)
{
	hs_auto_free char *value = hs_nginx_arg(conf, d, 2);

	return hs_nginx_is_hsts(conf, d) && value &&
	       !strncasecmp(value, NGX_OUR_VARIABLE, strlen(NGX_OUR_VARIABLE));
}

void hs_nginx_remove_headers(struct nginx_planning *planning, int32_t block)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (hs_nginx_is(conf, d, "add_header") &&
		    !hs_nginx_in_ours(planning, d) && is_ours(conf, d))
			hs_nginx_remove(conf, d, &planning->edits);
		else if (hs_nginx_get(conf, d)->open &&
			 !hs_nginx_get(conf, d)->opaque)
			hs_nginx_remove_headers(planning, d);
	}
}
