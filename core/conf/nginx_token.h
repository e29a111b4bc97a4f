/*
 * The words of an nginx configuration, cut exactly where nginx's own reader
 * (ngx_conf_read_token in src/core/ngx_conf_file.c) cuts them.  Nothing is
 * copied: a word is a span of the bytes.
 */
#ifndef CORE_CONF_NGINX_TOKEN_H
#define CORE_CONF_NGINX_TOKEN_H

#include "core/conf/nginx.h"

enum ngx_token {
	NGX_WORD,
	NGX_SEMICOLON,
	NGX_OPEN,
	NGX_CLOSE,
	NGX_END,    /* of the file */
	NGX_BROKEN, /* `problem` says why, `line` where */
};

struct ngx_scan {
	const char *bytes;
	size_t length, at;
	uint32_t line;	     /* of the byte at `at`, from 1 */
	uint32_t token_line; /* on which the last token began */
	const char *problem; /* of NGX_BROKEN; static text */
};

/* Behind a byte order mark, if there is one. */
size_t hs_nginx_skip_bom(const char *bytes, size_t length);

/* The next token; its span goes to `ret_word`. */
enum ngx_token hs_nginx_token(struct ngx_scan *scan, struct ngx_word *ret_word);

/*
 * From behind the '{' of a Lua block to its '}', which is not consumed:
 * braces in Lua's strings, long brackets and comments do not count (Lua 5.1
 * manual, 2.1).  -1 when the file ends before it.
 */
int hs_nginx_skip_lua(struct ngx_scan *scan);

#endif
