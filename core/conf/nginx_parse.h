/*
 * From bytes to directives: what nginx_read.c needs of nginx_parse.c.
 */
#ifndef CORE_CONF_NGINX_PARSE_H
#define CORE_CONF_NGINX_PARSE_H

#include "core/conf/nginx.h"

/* Longest file that positions can reach. */
#define NGX_FILE_MAX (256u << 20)

/* Reads the directives of `file`, whose bytes are there already. */
int hs_nginx_parse_file(struct ngx_conf *conf, int32_t file,
			struct error *err) HS_MUST_CHECK;

/* An empty file; `path` and `real` become the file's (may be the same). */
int32_t hs_nginx_add_file(struct ngx_conf *conf, char *path, char *real);

/* HS_REFUSED with that id, for a line of a file. Returns -1. */
int hs_nginx_refuse(const char *path, uint32_t line, const char *id,
		    const char *what, struct error *err);

#endif
