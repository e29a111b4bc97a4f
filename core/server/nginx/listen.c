/* Which addresses a site must listen on for HTTPS. */
#include <string.h>

#include "core/server/nginx/plan.h"

static long server_of(const struct nginx_model *model, int32_t block)
{
	for (size_t i = 0; i < model->servers.n; i++) {
		if (model->servers.items[i].block == block)
			return (long)i;
	}
	return -1;
}

static void want(struct strings *wanted, const char *address)
{
	if (!hs_strings_has(wanted, address))
		hs_strings_add(wanted, address);
}

static void want_not(struct strings *wanted, const char *address)
{
	for (size_t i = 0; i < wanted->n; i++) {
		if (strcmp(wanted->items[i], address) != 0)
			continue;
		free(wanted->items[i]);
		memmove(&wanted->items[i], &wanted->items[i + 1],
			(--wanted->n - i) * sizeof(*wanted->items));
	}
}

static bool is_wildcard(const char *address)
{
	return !strcmp(address, "*") || !strcmp(address, "0.0.0.0") ||
	       !strcmp(address, "[::]");
}

/* All of IPv4, and of IPv6 where the host has it. */
static void want_all(const struct nginx_planning *planning,
		     struct strings *wanted)
{
	want(wanted, "*");
	if (planning->job->facts->ipv6)
		want(wanted, "[::]");
}

static void want_answered(const struct nginx_planning *planning,
			  struct strings *wanted)
{
	HS_EACH(address, &planning->settings->addresses) {
		hs_auto_free char *bracketed =
			strchr(*address, ':') && **address != '['
				? hs_format("[%s]", *address)
				: hs_strdup(*address);

		if (!strcmp(bracketed, "*"))
			want_all(planning, wanted);
		else
			want(wanted, bracketed);
	}
}

/* As the site is reached today: "*" gains IPv6, an address of its own (also
 * loopback) stays alone. */
static void want_mirrored(const struct nginx_planning *planning,
			  const struct listens *listens, struct strings *wanted)
{
	HS_EACH(listen, listens) {
		if (listen->ssl != planning->was_https ||
		    !strncmp(listen->address, "unix:", 5))
			continue;
		if (!strcmp(listen->address, "*") || listen->v6_takes_v4)
			want_all(planning, wanted);
		else
			want(wanted, listen->address);
	}
	if (!wanted->n)
		want_all(planning, wanted);
}

/* What the other server blocks do with the HTTPS port. */
struct neighbours {
	struct strings addresses; /* that have TLS there */
	struct strings defaults;  /* those with a default_server */
	struct strings plain;	  /* addresses on the HTTP port */
	bool dual;		  /* [::] takes IPv4 as well */
};

static void look_at(const struct nginx_planning *planning, long server,
		    struct neighbours *neighbours)
{
	hs_auto_listens struct listens listens = {0};

	hs_nginx_listens(planning->model, server, &listens);
	HS_EACH(listen, &listens) {
		if (listen->port == planning->settings->http_port &&
		    !listen->ssl)
			want(&neighbours->plain, listen->address);
		if (listen->port != planning->settings->https_port)
			continue;
		want(&neighbours->addresses, listen->address);
		if (listen->default_server)
			want(&neighbours->defaults, listen->address);
		neighbours->dual = neighbours->dual || listen->v6_takes_v4;
	}
}

static void look_around(const struct nginx_planning *planning,
			struct neighbours *neighbours)
{
	for (size_t i = 0; i < planning->model->servers.n; i++) {
		int32_t block = planning->model->servers.items[i].block;

		if (block != planning->https && block != planning->http)
			look_at(planning, (long)i, neighbours);
	}
}

static void neighbours_done(struct neighbours *neighbours)
{
	hs_strings_done(&neighbours->addresses);
	hs_strings_done(&neighbours->defaults);
	hs_strings_done(&neighbours->plain);
}

/*
 * nginx answers on the most specific address: where a neighbour has HTTPS on
 * an address of its own that this site serves HTTP on too, "*" is not enough.
 */
static void want_beside(const struct neighbours *neighbours,
			struct strings *wanted)
{
	HS_EACH(address, &neighbours->addresses) {
		const char *all = **address == '[' ? "[::]" : "*";

		if (!is_wildcard(*address) && hs_strings_has(wanted, all) &&
		    !hs_strings_has(&neighbours->plain, *address))
			want(wanted, *address);
	}
	if (neighbours->dual && hs_strings_has(wanted, "[::]"))
		want_not(wanted, "*");
}

/* Whether the site is the default server of HTTP there. */
static bool is_default(const struct listens *http, const char *address)
{
	HS_EACH(listen, http) {
		if (listen->default_server && !listen->ssl &&
		    (!strcmp(listen->address, address) ||
		     (is_wildcard(listen->address) && is_wildcard(address))))
			return true;
	}
	return false;
}

/* HTTP/2 is an option of the whole address before 1.25.1: it is not switched
 * on for a neighbour's. */
static bool listen_has_http2(const struct nginx_planning *planning,
			     const struct neighbours *neighbours,
			     const char *address)
{
	return planning->server->abilities & SERVER_HTTP2 &&
	       planning->model->version >= 1009005 &&
	       planning->model->version < 1025001 &&
	       !hs_strings_has(&neighbours->addresses, address);
}

static void add_listen(const struct nginx_planning *planning,
		       const struct neighbours *neighbours,
		       const struct listens *http, const char *address,
		       struct str *ret_text)
{
	if (ret_text->len)
		hs_str_putc(ret_text, '\n');
	hs_str_puts(ret_text, "listen ");
	if (strcmp(address, "*") != 0)
		hs_str_printf(ret_text, "%s:", address);
	hs_str_printf(ret_text, "%d ssl", planning->settings->https_port);
	if (listen_has_http2(planning, neighbours, address))
		hs_str_puts(ret_text, " http2");
	if (is_default(http, address) &&
	    !hs_strings_has(&neighbours->defaults, address))
		hs_str_puts(ret_text, " default_server");
	hs_str_putc(ret_text, ';');
}

/* Whether the site has TLS on the wanted port already. */
static bool listens_already(const struct nginx_planning *planning,
			    const struct listens *listens)
{
	HS_EACH(listen, listens) {
		if (listen->ssl &&
		    listen->port == planning->settings->https_port)
			return true;
	}
	return false;
}

static void add_missing(struct nginx_planning *planning,
			const struct listens *https, const struct listens *http)
{
	HS_CLEANUP(neighbours_done) struct neighbours neighbours = {0};
	HS_CLEANUP(hs_strings_done) struct strings wanted = {0};
	hs_auto_str struct str text = {0};
	long server = server_of(planning->model, planning->https);

	look_around(planning, &neighbours);
	if (planning->settings->addresses.n)
		want_answered(planning, &wanted);
	else
		want_mirrored(planning, planning->was_https ? https : http,
			      &wanted);
	want_beside(&neighbours, &wanted);
	/* A block without any listen has *:80, and loses it with the first. */
	if (!planning->model->servers.items[server].listens &&
	    planning->settings->bindings_mode != BINDINGS_HTTPS)
		hs_str_printf(&text, "listen %d;", http->items[0].port);
	HS_EACH(address, &wanted)
		add_listen(planning, &neighbours, http, *address, &text);
	hs_nginx_add_to_block(planning, planning->https, false,
			      hs_str_text(&text));
}

static bool has_word(const struct ngx_conf *conf, int32_t d, const char *word)
{
	for (size_t i = 2; i <= hs_nginx_args(conf, d); i++) {
		if (hs_nginx_arg_is(conf, d, i, word))
			return true;
	}
	return false;
}

int hs_nginx_remove_listens(struct nginx_planning *planning, int32_t block,
			    bool ssl, struct error *err)
{
	const struct ngx_conf *conf = planning->conf;
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t d;

	while ((d = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (!hs_nginx_is(conf, d, "listen") ||
		    has_word(conf, d, "ssl") != ssl)
			continue;
		if (hs_nginx_is_shared(&cursor, d))
			return hs_nginx_refuse_shared(conf, d, err);
		hs_nginx_remove(conf, d, &planning->edits);
	}
	return 0;
}

/* HTTPS only: HTTP listens go; a block for HTTP alone goes whole. */
static int remove_http(struct nginx_planning *planning, struct error *err)
{
	if (planning->http == NGX_NONE)
		return 0;
	if (planning->http == planning->https)
		return hs_nginx_remove_listens(planning, planning->https, false,
					       err);
	hs_nginx_remove(planning->conf, planning->http, &planning->edits);
	planning->http = NGX_NONE;
	return 0;
}

int hs_nginx_plan_listens(struct nginx_planning *planning, struct error *err)
{
	hs_auto_listens struct listens https = {0}, http = {0};

	hs_nginx_listens(planning->model,
			 server_of(planning->model, planning->https), &https);
	if (planning->http != NGX_NONE)
		hs_nginx_listens(planning->model,
				 server_of(planning->model, planning->http),
				 &http);
	if (!listens_already(planning, &https))
		add_missing(planning, &https, &http);
	if (planning->settings->bindings_mode == BINDINGS_HTTPS)
		return remove_http(planning, err);
	return 0;
}
