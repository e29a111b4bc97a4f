/*
 * nginx's sites: what sites.c, names.c and address.c share.
 */
#ifndef CORE_SERVER_NGINX_SITES_H
#define CORE_SERVER_NGINX_SITES_H

#include "core/base/index.h"
#include "core/server/nginx/nginx.h"

/* One `listen` (ngx_parse_url, ngx_http_core_listen), read without copying;
 * `address` is a span of the file. */
struct ngx_listen {
	const char *address;
	size_t length;
	int port, last_port; /* 0 for a unix socket */
	bool is_unix;
	bool ssl, http2, quic, default_server, dual; /* as written */
};

/* Reads one listen directive; -1 when it has no argument. */
int hs_nginx_read_listen(const struct ngx_conf *conf, int32_t directive,
			 struct ngx_listen *ret_listen);

/* The address in one spelling: "*", "192.0.2.1", "[::]", "unix:/path". */
void hs_nginx_spell_address(const struct ngx_listen *listen,
			    char ret_address[static 256]);

/* What names the listener's socket, for model->tls. */
uint64_t hs_nginx_hash_listen(const struct ngx_listen *listen);

/* Puts model->tls into the order in which it is searched. */
void hs_nginx_sort_tls(struct nginx_model *model);

/* Whether it speaks TLS: it says so, or another listen of that address. */
bool hs_nginx_listen_has_tls(const struct nginx_model *model,
			     const struct ngx_listen *listen);

/* The names of a server block, one after another; a block without any has
 * the empty one. */
struct ngx_name {
	const char *text; /* a span of the file */
	size_t length;
};
struct ngx_name_walk {
	struct ngx_cursor cursor;
	int32_t directive;
	size_t argument;
	bool any;
};
struct ngx_name_walk hs_nginx_names(const struct ngx_conf *conf, int32_t block);
bool hs_nginx_next_name(struct ngx_name_walk *walk, struct ngx_name *ret_name);

/* As nginx compares them: without regard to case. */
uint64_t hs_nginx_hash_name(const struct ngx_name *name);
bool hs_nginx_same_name(const struct ngx_name *one,
			const struct ngx_name *other);

/* What the http level says to all server blocks, and its maps by their
 * variable. */
struct ngx_http_level {
	int32_t certificate, key; /* directives, or NGX_NONE */
	int32_t hsts;
	struct ngx_maps HS_ARRAY(int32_t) maps;
	struct index by_variable;
};
void hs_nginx_http_level_done(struct ngx_http_level *level);

/* Fills what a site does from its blocks: look.c. */
void hs_nginx_look_at_site(struct server_facts *facts,
			   const struct ngx_http_level *level,
			   struct site *site);
/* The map that sets a variable; NGX_NONE. */
int32_t hs_nginx_map_of(const struct nginx_model *model,
			const struct ngx_http_level *level,
			const struct ngx_name *variable);

#endif
