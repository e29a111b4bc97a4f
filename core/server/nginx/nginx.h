/*
 * nginx: what its parts share.  detect.c finds it, sites.c lists its sites,
 * plan.c plans, trial.c tests, start.c starts on trial and reload.c reloads;
 * nginx.c is its row in the table.
 */
#ifndef CORE_SERVER_NGINX_H
#define CORE_SERVER_NGINX_H

#include "core/conf/nginx.h"
#include "core/server/server.h"

/* One server block of the http context, in nginx's reading order. */
struct ngx_server {
	int32_t block;	  /* directive index of `server` */
	uint16_t listens; /* how many listen directives (0: implicit) */
	bool ssl, plain;  /* listens with TLS / without */
};
struct ngx_servers HS_ARRAY(struct ngx_server);

struct ngx_hashes HS_ARRAY(uint64_t);

/* server_facts.model of nginx. */
struct nginx_model {
	struct ngx_conf conf;
	int32_t http; /* directive index of the http block, NGX_NONE */
	struct ngx_servers servers; /* site.http_block and site.https_block
				       are indexes into it */
	int version;		    /* 1022001 for 1.22.1 */
	char *globals;	  /* -g argument of the running one, or NULL */
	char *error_log;  /* where the running one tells why a reload failed;
			    or NULL */
	char *access_log; /* where it notes requests unless told; or NULL */
	unsigned long long started; /* of the running one: process.h */
	bool ssl_on; /* some block says `ssl on`, as was done before 1.15 */
	int implicit_port;     /* of a block without listen: 80, or 8000 when
			      nginx does not run as root */
	struct ngx_hashes tls; /* address and port of every listen with TLS,
				  hashed and sorted: nginx shares the option
				  among all that listen there */
};

int hs_nginx_detect(const struct root *root, const struct server_hint *hint,
		    struct server_facts *ret_facts, struct error *err);

/* Fills facts->sites from the model. */
void hs_nginx_list_sites(struct server_facts *facts);

/* The index in model->servers of the block that nginx itself would choose for
 * a request with that Host on that kind of listener: exact name, longest
 * "*.x", longest "x.*", first regex, default_server of the address, first
 * block; -1: none. `ret_by_name` tells whether a name decided. `port` 0:
 * any. */
long hs_nginx_choose(const struct server_facts *facts, const char *name,
		     bool ssl, int port, bool *ret_by_name);

/* The listens of one server block, defaults filled in (implicit *:80). */
void hs_nginx_listens(const struct nginx_model *model, long server,
		      struct listens *ret_listens);

/* The file that a directive stands in, and that with its line. */
const struct ngx_file *hs_nginx_file_of(const struct ngx_conf *conf,
					int32_t directive);
struct place hs_nginx_place_of(const struct ngx_conf *conf, int32_t directive);

/* What a path has below the directory of installed certificates, "NAME/FILE";
 * NULL: it is not ours. */
const char *hs_nginx_below_ours(const struct server_facts *server,
				const char *path);

/* Whether an add_header (or its like) is about Strict-Transport-Security. */
bool hs_nginx_is_hsts(const struct ngx_conf *conf, int32_t directive);

/* What the variables begin with that our maps set. */
#define NGX_OUR_VARIABLE "$https_setup_"

/* Planning (plan.c, disable.c, renew.c): as server_ops says. */
int hs_nginx_plan(const struct server_job *job, struct plan *plan,
		  struct error *err);
int hs_nginx_disable(const struct server_job *job, struct plan *plan,
		     struct error *err);
int hs_nginx_renew(const struct server_job *job, struct plan *plan,
		   struct error *err);

/* Running (trial.c, start.c, reload.c): likewise. A trial without files tests
 * the live configuration. */
int hs_nginx_trial(const struct server_facts *server,
		   const struct staged_files *files, bool *ret_isolated,
		   struct error *err);
int hs_nginx_start(const struct server_facts *server,
		   const struct server_start *start,
		   struct server_started *ret_started, struct error *err);
int hs_nginx_activate(const struct server_facts *server, struct error *err);

extern const struct server_ops hs_nginx_ops;

#endif
