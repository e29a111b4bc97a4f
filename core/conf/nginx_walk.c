/* Walking and asking a configuration that was read. */
#include <stdlib.h>
#include <string.h>

#include "core/conf/nginx.h"

const struct ngx_directive *hs_nginx_get(const struct ngx_conf *conf,
					 int32_t directive)
{
	return &conf->directives.items[directive];
}

static void enter(struct ngx_cursor *cursor, int32_t directive)
{
	cursor->level[cursor->depth].directive = directive;
	cursor->level[cursor->depth].include = NGX_NONE;
	cursor->level[cursor->depth].file = 0;
}

struct ngx_cursor hs_nginx_walk(const struct ngx_conf *conf, int32_t block)
{
	struct ngx_cursor cursor;
	int32_t first = NGX_NONE;

	cursor.conf = conf;
	cursor.depth = 0;
	if (block != NGX_NONE)
		first = hs_nginx_get(conf, block)->child;
	else if (conf->files.n)
		first = conf->files.items[0].first;
	enter(&cursor, first);
	return cursor;
}

/* Goes on with the next file of the include directive being expanded, if one
 * is. */
static bool enter_file(struct ngx_cursor *cursor)
{
	const struct ngx_conf *conf = cursor->conf;
	int32_t *include = &cursor->level[cursor->depth].include;
	uint32_t *file = &cursor->level[cursor->depth].file;
	const struct ngx_directive *directive;
	int32_t next;

	if (*include == NGX_NONE)
		return false;
	directive = hs_nginx_get(conf, *include);
	next = conf->includes.items[(uint32_t)directive->include + *file];
	if (next == NGX_NONE || cursor->depth + 1 >= NGX_DEPTH) {
		*include = NGX_NONE;
		return true;
	}
	(*file)++;
	cursor->depth++;
	enter(cursor, conf->files.items[next].first);
	return true;
}

int32_t hs_nginx_included(const struct ngx_conf *conf, int32_t directive)
{
	int32_t include = hs_nginx_get(conf, directive)->include;

	return include == NGX_NONE ? NGX_NONE : conf->includes.items[include];
}

int32_t hs_nginx_next(struct ngx_cursor *cursor)
{
	for (;;) {
		const struct ngx_directive *directive;
		int32_t index;

		if (enter_file(cursor))
			continue;
		index = cursor->level[cursor->depth].directive;
		if (index == NGX_NONE) {
			if (!cursor->depth)
				return NGX_NONE;
			cursor->depth--;
			continue;
		}
		directive = hs_nginx_get(cursor->conf, index);
		cursor->level[cursor->depth].directive = directive->next;
		if (directive->include == NGX_NONE)
			return index;
		cursor->level[cursor->depth].include = index;
		cursor->level[cursor->depth].file = 0;
	}
}

int32_t hs_nginx_through(const struct ngx_cursor *cursor)
{
	return cursor->depth ? cursor->level[0].include : NGX_NONE;
}

size_t hs_nginx_args(const struct ngx_conf *conf, int32_t directive)
{
	return hs_nginx_get(conf, directive)->words - 1u;
}

int hs_nginx_span(const struct ngx_conf *conf, int32_t directive, size_t i,
		  const char **ret_text, size_t *ret_length)
{
	const struct ngx_directive *d = hs_nginx_get(conf, directive);
	const struct ngx_word *word;
	bool quoted;

	if (i >= d->words)
		return -1;
	word = &conf->words.items[d->word + i];
	*ret_text = conf->files.items[d->file].bytes.data + word->offset;
	quoted = **ret_text == '"' || **ret_text == '\'';
	*ret_text += quoted;
	*ret_length = word->length - 2u * quoted;
	return 0;
}

/* The next byte as nginx means it: backslashes before quotes, backslashes
 * and t, r, n are taken off, others stay. */
static char take_byte(const char **at, const char *end)
{
	static const char escapes[] = "\"'\\trn", bytes[] = "\"'\\\t\r\n";
	const char *escape;

	if (**at == '\\' && end - *at > 1 && (*at)[1] &&
	    (escape = strchr(escapes, (*at)[1]))) {
		*at += 2;
		return bytes[escape - escapes];
	}
	return *(*at)++;
}

char *hs_nginx_arg(const struct ngx_conf *conf, int32_t directive, size_t i)
{
	const char *from, *end;
	size_t length;
	char *text, *to;

	if (hs_nginx_span(conf, directive, i, &from, &length) < 0)
		return NULL;
	end = from + length;
	text = to = hs_strndup(from, length);
	while (from < end)
		*to++ = take_byte(&from, end);
	*to = '\0';
	return text;
}

bool hs_nginx_arg_is(const struct ngx_conf *conf, int32_t directive, size_t i,
		     const char *text)
{
	const char *from, *end;
	size_t length;

	if (hs_nginx_span(conf, directive, i, &from, &length) < 0)
		return false;
	end = from + length;
	while (from < end && *text) {
		if (take_byte(&from, end) != *text++)
			return false;
	}
	return from == end && !*text;
}

bool hs_nginx_is(const struct ngx_conf *conf, int32_t directive,
		 const char *name)
{
	return hs_nginx_arg_is(conf, directive, 0, name);
}

int32_t hs_nginx_find(const struct ngx_conf *conf, int32_t block,
		      const char *name)
{
	struct ngx_cursor cursor = hs_nginx_walk(conf, block);
	int32_t directive;

	while ((directive = hs_nginx_next(&cursor)) != NGX_NONE) {
		if (hs_nginx_is(conf, directive, name))
			break;
	}
	return directive;
}
