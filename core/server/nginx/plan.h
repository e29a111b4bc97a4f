/*
 * Planning HTTPS for one nginx site: what the parts of the planner share.
 * What is written:
 *
 *	DIR/privkey.pem DIR/fullchain.pem   the certificate
 *	DIR/nginx-http.conf   maps for the http level: which hosts the
 *	                      certificate names, what is redirected, the HSTS
 *	                      value
 *	DIR/nginx.conf        for the server block: certificate, TLS profile,
 *	                      the HSTS header, empty while the proof is missing
 *	DIR/hsts-...          the proof that HTTPS was seen live (hsts.c)
 *
 * and in the operator's files only lines: listen, two includes, the redirect,
 * and the HSTS header in each location that has headers of its own (nginx
 * does not inherit add_header into those).
 */
#ifndef CORE_SERVER_NGINX_PLAN_H
#define CORE_SERVER_NGINX_PLAN_H

#include "core/server/nginx/nginx.h"

struct nginx_planning {
	const struct server_job *job;
	const struct settings *settings;
	const struct site *site;
	const struct server_facts *server;
	const struct nginx_model *model;
	const struct ngx_conf *conf;
	int32_t http, https; /* server blocks that speak HTTP and (will) speak
				HTTPS, often the same; NGX_NONE */
	bool was_https;	     /* the site spoke HTTPS before */
	char *directory;     /* DIR */
	char *old_directory; /* of another name that this site had; NULL */
	char *http_file, *server_file; /* the two .conf files in it */
	char *proof; /* the file that says HSTS may be on; NULL: none is used */
	char *named, *redirect, *hsts,
		*unproved; /* variables, with their '$' */
	struct edits edits;
};

/* Sets it up for job->facts->site and a name; HS_REFUSED when a value cannot
 * stand in an nginx configuration. hs_nginx_planning_done() frees it. */
int hs_nginx_planning_init(const struct server_job *job, const char *name,
			   struct nginx_planning *ret_planning,
			   struct error *err) HS_MUST_CHECK;
void hs_nginx_planning_done(struct nginx_planning *planning);
#define hs_auto_nginx_planning HS_CLEANUP(hs_nginx_planning_done)

/* Whether a path lies below the directory of installed certificates. */
bool hs_nginx_is_ours(const struct nginx_planning *planning, const char *path);
/* Whether a directive stands in a file there: one that we wrote. */
bool hs_nginx_in_ours(const struct nginx_planning *planning, int32_t directive);
/* Whether an `include` of the block itself reaches such a file. */
bool hs_nginx_includes_ours(const struct nginx_planning *planning,
			    int32_t directive);

/* Whether a directive just walked over came from a file that several places
 * include: an edit would reach them all. */
bool hs_nginx_is_shared(const struct ngx_cursor *cursor, int32_t directive);
/* Refuses to edit such a one; -1. */
int hs_nginx_refuse_shared(const struct ngx_conf *conf, int32_t directive,
			   struct error *err);

/* The `include` standing in the block itself (NGX_NONE: at the http level,
 * anywhere) whose argument is `path`; NGX_NONE. */
int32_t hs_nginx_find_include(const struct nginx_planning *planning,
			      int32_t block, const char *path);

/* Takes away the include of the maps of a directory, where there is one. */
void hs_nginx_remove_maps(struct nginx_planning *planning,
			  const char *directory);

/* Adds directives to a server block: behind its last own `listen`, or first
 * in it where there is none, or where `early` is set and a directive of the
 * rewrite module stands before that place. */
void hs_nginx_add_to_block(struct nginx_planning *planning, int32_t block,
			   bool early, const char *text);

/* Turns the edits into changes of the plan, one a file, each parsed again. */
int hs_nginx_plan_edits(struct nginx_planning *planning, const char *reason,
			struct plan *plan, struct error *err) HS_MUST_CHECK;

/* The bytes now at `path` below the job's root: 0 and *ret_exists. */
int hs_nginx_present(const struct nginx_planning *planning, const char *path,
		     struct str *ret_bytes, bool *ret_exists,
		     struct error *err) HS_MUST_CHECK;

/* Writes `text` to a file of ours in one phase. */
int hs_nginx_plan_file(const struct nginx_planning *planning,
		       enum change_phase phase, const char *path, mode_t mode,
		       const struct str *text, const char *reason,
		       struct plan *plan, struct change **ret_change,
		       struct error *err) HS_MUST_CHECK;

/* privkey.pem and fullchain.pem of `directory` from the bundle. */
int hs_nginx_plan_certificate(const struct nginx_planning *planning,
			      const char *directory, struct plan *plan,
			      struct error *err) HS_MUST_CHECK;

/* Takes away the files of ours in a directory that match, but for the path
 * `except` (NULL: none). */
int hs_nginx_remove_matching(const struct nginx_planning *planning,
			     const char *directory, const char *pattern,
			     const char *except, struct plan *plan,
			     struct error *err) HS_MUST_CHECK;

/* Takes away what we wrote to a directory that nothing refers to any more
 * (disable.c). */
int hs_nginx_remove_files(const struct nginx_planning *planning,
			  const char *directory, struct plan *plan,
			  struct error *err) HS_MUST_CHECK;

/* listen.c: the listens that HTTPS needs, the HTTP ones that go. */
int hs_nginx_plan_listens(struct nginx_planning *planning,
			  struct error *err) HS_MUST_CHECK;
/* Takes the listens with (`ssl`) or without TLS out of a block. */
int hs_nginx_remove_listens(struct nginx_planning *planning, int32_t block,
			    bool ssl, struct error *err) HS_MUST_CHECK;

/* redirect.c: the redirect of the HTTP block. */
void hs_nginx_plan_redirect(struct nginx_planning *planning);
/* Takes every redirect to HTTPS out of a block, ours and others'. */
void hs_nginx_remove_redirects(struct nginx_planning *planning, int32_t block);

/* header.c: the HSTS header wherever add_header is set anew; copies of
 * inherited headers that an add_header of ours would hide go to
 * `ret_include`, which becomes part of the server include. */
void hs_nginx_plan_headers(struct nginx_planning *planning,
			   struct str *ret_include);
/* Takes every header line of ours out of a block. */
void hs_nginx_remove_headers(struct nginx_planning *planning, int32_t block);

/* text.c: the text of the two files. */
void hs_nginx_http_text(const struct nginx_planning *planning,
			const char *hsts_value, struct str *ret_text);
void hs_nginx_server_text(const struct nginx_planning *planning,
			  const char *headers, struct str *ret_text);
/* What the settings' TLS profile says for a directive; NULL: nothing. */
const char *hs_nginx_tls_value(const struct nginx_planning *planning,
			       const char *name);

/* hsts.c: HSTS, on only after the proof. */
/* The map's key of an HTTPS request that gets the header. */
#define HSTS_KEY "on:1:"
/* "max-age=31536000; includeSubDomains; preload" (RFC 6797, 6.1). */
void hs_hsts_value(const struct settings *settings, struct str *ret_value);
/* The path of the proof, to be freed; NULL where a reload must do. */
char *hs_nginx_proof(const struct nginx_planning *planning);
/* Whether the redirect or HSTS need the maps of the http level. */
bool hs_nginx_needs_maps(const struct nginx_planning *planning);
/* The maps as they are before the proof. */
int hs_nginx_plan_maps(struct nginx_planning *planning, struct str *ret_text,
		       struct plan *plan, struct error *err) HS_MUST_CHECK;
/* The proof, or the maps (`maps` so far) after it. */
int hs_nginx_plan_hsts(const struct nginx_planning *planning,
		       const struct str *maps, struct plan *plan,
		       struct error *err) HS_MUST_CHECK;

#endif
