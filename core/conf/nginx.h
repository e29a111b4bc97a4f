/*
 * The lossless nginx editor: reads a configuration and all it includes into
 * positions, and edits by splicing.  Tokens follow nginx's own reader
 * (ngx_conf_read_token: quotes, backslashes, ${var}, comments); blocks of
 * other languages (*_by_lua_block) stay opaque.  CRLF, BOM, tabs, a missing
 * final newline: every byte outside an edit stays.
 *
 * A file is parsed once however often it is included; directives are small
 * (a tree of 10,000 server blocks is about four times its bytes).
 */
#ifndef CORE_CONF_NGINX_H
#define CORE_CONF_NGINX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/base/root.h"
#include "core/base/str.h"
#include "core/conf/edit.h"

#define NGX_NONE (-1)

struct ngx_word {
	uint32_t offset, length; /* in the file, quotes included */
};

struct ngx_directive {
	int32_t file;
	uint32_t line;	/* from 1 */
	uint32_t start; /* first byte of its name */
	uint32_t end;	/* behind its ';' or '}' */
	uint32_t open;	/* of its '{', 0: no block; its '}' is before `end` */
	uint32_t word;	/* index of its first word: the name */
	uint16_t words;
	bool opaque;	 /* a block of another language */
	int32_t parent;	 /* enclosing block in the same file; NGX_NONE */
	int32_t next;	 /* sibling in the same file; NGX_NONE */
	int32_t child;	 /* first directive inside; NGX_NONE */
	int32_t include; /* index of its first entry in `includes`; NGX_NONE */
};

struct ngx_file {
	char *path; /* as nginx opens it: absolute, not resolved */
	char *real; /* with links resolved: what an edit writes to; may be
		       the same string as `path` */
	struct str bytes;
	int32_t first;	   /* first directive at its top level; NGX_NONE */
	uint32_t included; /* how many include directives reach it */
};
struct ngx_files HS_ARRAY(struct ngx_file);
struct ngx_words HS_ARRAY(struct ngx_word);
struct ngx_directives HS_ARRAY(struct ngx_directive);
struct ngx_includes HS_ARRAY(int32_t); /* file indexes; NGX_NONE after those
					  of one directive */

struct ngx_conf {
	struct ngx_files files; /* files.items[0] is the main one */
	struct ngx_words words;
	struct ngx_directives directives;
	struct ngx_includes includes;
};

/*
 * Reads `path` and what it includes (relative names below the directory of the
 * main file, as nginx does; globs as nginx sorts them).  HS_REFUSED with id
 * server.unsupported-syntax and "file:line" for unbalanced braces or quotes;
 * a missing include without wildcards, one that comes back to its own file
 * and ones nested more than 63 deep: server.config-broken.  HS_CANNOT when
 * `path` cannot be read, or something it includes may not be.
 */
int hs_nginx_read(const struct root *root, const char *path,
		  struct ngx_conf *ret_conf, struct error *err) HS_MUST_CHECK;
/* The same from bytes of one file, includes left alone. */
int hs_nginx_parse(const char *path, const char *bytes, size_t length,
		   struct ngx_conf *ret_conf, struct error *err) HS_MUST_CHECK;
/* Whether hs_nginx_parse() would take the bytes: for an edit's result, in
 * little memory however long they are. */
int hs_nginx_check(const char *path, const char *bytes, size_t length,
		   struct error *err) HS_MUST_CHECK;
void hs_nginx_done(struct ngx_conf *conf);

/* A walk over the directives directly inside a block (or at the top of the
 * configuration), includes expanded in place, as nginx reads them. */
#define NGX_DEPTH 64
struct ngx_cursor {
	const struct ngx_conf *conf;
	int depth;
	struct {
		int32_t directive; /* next one to give */
		int32_t include;   /* include directive being expanded */
		uint32_t file;	   /* which of its files comes next */
	} level[NGX_DEPTH];
};

/* Starts at `block` (index of a directive), or NGX_NONE for the top level. */
struct ngx_cursor hs_nginx_walk(const struct ngx_conf *conf, int32_t block);
/* The next directive's index, or NGX_NONE at the end. `include` directives
 * themselves are not given, what they include is. */
int32_t hs_nginx_next(struct ngx_cursor *cursor);
/* The include directive, written in the walked block itself, through which
 * the directive just given came; NGX_NONE when it stands there itself. */
int32_t hs_nginx_through(const struct ngx_cursor *cursor);

const struct ngx_directive *hs_nginx_get(const struct ngx_conf *conf,
					 int32_t directive);
/* Whether its name is `name`. */
bool hs_nginx_is(const struct ngx_conf *conf, int32_t directive,
		 const char *name);
/* How many arguments stand behind the name. */
size_t hs_nginx_args(const struct ngx_conf *conf, int32_t directive);
/* Argument `i` (0: the name) with quotes and backslashes taken off as nginx
 * does; to be freed; NULL when there is none. */
char *hs_nginx_arg(const struct ngx_conf *conf, int32_t directive, size_t i);
/* Whether argument `i` equals `text`, without allocating. */
bool hs_nginx_arg_is(const struct ngx_conf *conf, int32_t directive, size_t i,
		     const char *text);
/* Argument `i` as it stands in the file, without its quotes, backslashes left;
 * -1 when there is none. Nothing is allocated. */
int hs_nginx_span(const struct ngx_conf *conf, int32_t directive, size_t i,
		  const char **ret_text, size_t *ret_length);
/* The first file that an include directive reaches; NGX_NONE. */
int32_t hs_nginx_included(const struct ngx_conf *conf, int32_t directive);
/* The first directive of that name directly in the block, includes expanded;
 * NGX_NONE. */
int32_t hs_nginx_find(const struct ngx_conf *conf, int32_t block,
		      const char *name);

/*
 * Edits.  `text` is whole directives separated by '\n', without indentation
 * and without an end of line; it takes the indentation and line ends of its
 * neighbours.
 */
/* On lines of their own before the directive (which gets what stood before
 * it on its own line). */
void hs_nginx_insert_before(const struct ngx_conf *conf, int32_t directive,
			    const char *text, struct edits *edits);
/* On lines of their own behind the directive and its trailing comment. */
void hs_nginx_insert_after(const struct ngx_conf *conf, int32_t directive,
			   const char *text, struct edits *edits);
/* As the first directives of a block: behind '{' and a comment on its line. */
void hs_nginx_insert_first(const struct ngx_conf *conf, int32_t block,
			   const char *text, struct edits *edits);
/* Replaces argument `i` (or the name) by `raw`, already quoted if need be. */
void hs_nginx_replace_arg(const struct ngx_conf *conf, int32_t directive,
			  size_t i, const char *raw, struct edits *edits);
/* Replaces the whole directive, its indentation and comment stay. */
void hs_nginx_replace(const struct ngx_conf *conf, int32_t directive,
		      const char *text, struct edits *edits);
/* Removes the directive, with its line when nothing but white space is left
 * there; a comment behind it stays. */
void hs_nginx_remove(const struct ngx_conf *conf, int32_t directive,
		     struct edits *edits);

/* A value as one nginx argument: quoted when it has spaces, refused (NULL)
 * when it holds `; { } " ' \ $ #` or control characters. To be freed. */
char *hs_nginx_quote(const char *value);

#endif
