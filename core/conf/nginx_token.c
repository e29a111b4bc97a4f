/* The words of an nginx configuration. */
#include <stdbool.h>
#include <string.h>

#include "core/conf/nginx_token.h"

#include "core/base/i18n.h"

size_t hs_nginx_skip_bom(const char *bytes, size_t length)
{
	return length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool ends_word(char c)
{
	return is_space(c) || c == ';' || c == '{';
}

/* One byte on, with the lines counted. */
static char take(struct ngx_scan *scan)
{
	char c = scan->bytes[scan->at++];

	scan->line += c == '\n';
	return c;
}

static bool at_end(const struct ngx_scan *scan)
{
	return scan->at >= scan->length;
}

static void skip_line(struct ngx_scan *scan)
{
	const char *rest = scan->bytes + scan->at;
	const char *end = memchr(rest, '\n', scan->length - scan->at);

	scan->at = end ? (size_t)(end - scan->bytes) : scan->length;
}

/* White space and comments, which begin only where a word could. */
static void skip_space(struct ngx_scan *scan)
{
	while (!at_end(scan)) {
		char c = scan->bytes[scan->at];

		if (c == '#')
			skip_line(scan);
		else if (is_space(c))
			take(scan);
		else
			return;
	}
}

static enum ngx_token fail(struct ngx_scan *scan, const char *problem)
{
	scan->problem = problem;
	return NGX_BROKEN;
}

/* From an opening quote to behind the closing one, and what may follow. */
static enum ngx_token take_quoted(struct ngx_scan *scan)
{
	char quote = take(scan), c = '\0';

	while (!at_end(scan) && (c = take(scan)) != quote) {
		if (c == '\\' && !at_end(scan))
			take(scan);
	}
	if (c != quote || at_end(scan)) {
		scan->line = scan->token_line;
		return fail(scan, _("the file ends within the quoted word or "
				    "right behind it"));
	}
	c = scan->bytes[scan->at];
	if (!ends_word(c) && c != ')')
		return fail(scan, _("a quoted word must be followed by white "
				    "space, ';' or '{'"));
	return NGX_WORD;
}

/* A word without quotes: "${name}" keeps its brace. */
static enum ngx_token take_plain(struct ngx_scan *scan)
{
	bool variable = false;

	while (!at_end(scan)) {
		char c = scan->bytes[scan->at];

		if (c == '{' && variable) {
			scan->at++;
			continue;
		}
		if (ends_word(c))
			return NGX_WORD;
		scan->at++;
		variable = c == '$';
		if (c == '\\' && !at_end(scan))
			take(scan);
	}
	return fail(scan, _("the file ends within a directive, where ';' or "
			    "'{' is missing"));
}

static enum ngx_token take_word(struct ngx_scan *scan)
{
	char c = scan->bytes[scan->at];

	return c == '"' || c == '\'' ? take_quoted(scan) : take_plain(scan);
}

enum ngx_token hs_nginx_token(struct ngx_scan *scan, struct ngx_word *ret_word)
{
	enum ngx_token token;
	size_t start;

	skip_space(scan);
	start = scan->at;
	scan->token_line = scan->line;
	if (at_end(scan))
		token = NGX_END;
	else if (scan->bytes[start] == ';')
		token = NGX_SEMICOLON;
	else if (scan->bytes[start] == '{')
		token = NGX_OPEN;
	else if (scan->bytes[start] == '}')
		token = NGX_CLOSE;
	else
		token = take_word(scan);
	if (token == NGX_SEMICOLON || token == NGX_OPEN || token == NGX_CLOSE)
		scan->at++;
	*ret_word = (struct ngx_word){
		.offset = (uint32_t)start,
		.length = (uint32_t)(scan->at - start),
	};
	return token;
}

/* How many '=' stand in the long bracket that opens at `at`; -1: none does. */
static long bracket_level(const struct ngx_scan *scan, size_t at)
{
	size_t from = at + 1;

	if (at >= scan->length || scan->bytes[at] != '[')
		return -1;
	for (at = from; at < scan->length && scan->bytes[at] == '='; at++)
		;
	if (at >= scan->length || scan->bytes[at] != '[')
		return -1;
	return (long)(at - from);
}

/* Behind the long bracket of that level which opens here. */
static void skip_bracket(struct ngx_scan *scan, long level)
{
	scan->at += (size_t)level + 2;
	while (!at_end(scan)) {
		size_t equals = 0;

		if (take(scan) != ']')
			continue;
		while (scan->at + equals < scan->length &&
		       scan->bytes[scan->at + equals] == '=')
			equals++;
		if (scan->at + equals < scan->length &&
		    equals == (size_t)level &&
		    scan->bytes[scan->at + equals] == ']') {
			scan->at += equals + 1;
			return;
		}
	}
}

/* Behind a Lua string, which ends on its line. */
static void skip_string(struct ngx_scan *scan, char quote)
{
	while (!at_end(scan) && scan->bytes[scan->at] != '\n') {
		char c = take(scan);

		if (c == quote)
			return;
		if (c == '\\' && !at_end(scan))
			take(scan);
	}
}

static void skip_lua_token(struct ngx_scan *scan, char c)
{
	long level;

	if (c == '"' || c == '\'') {
		skip_string(scan, c);
	} else if (c == '[' &&
		   (level = bracket_level(scan, scan->at - 1)) >= 0) {
		scan->at--;
		skip_bracket(scan, level);
	} else if (c == '-' && !at_end(scan) && scan->bytes[scan->at] == '-') {
		scan->at++;
		level = bracket_level(scan, scan->at);
		if (level >= 0)
			skip_bracket(scan, level);
		else
			skip_line(scan);
	}
}

int hs_nginx_skip_lua(struct ngx_scan *scan)
{
	size_t depth = 0;

	while (!at_end(scan)) {
		char c = scan->bytes[scan->at];

		if (c == '}' && !depth)
			return 0;
		take(scan);
		if (c == '{')
			depth++;
		else if (c == '}')
			depth--;
		else
			skip_lua_token(scan, c);
	}
	return -1;
}
