/* From the bytes of one file to its directives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/conf/nginx_parse.h"
#include "core/conf/nginx_token.h"

#define SYNTAX "server.unsupported-syntax"

/* Reading one file: where the next directive belongs. */
struct reader {
	struct ngx_conf *conf;
	int32_t file;
	struct ngx_scan scan;
	int32_t block; /* innermost open one; NGX_NONE */
	int32_t last;  /* directive before, in the same block; NGX_NONE */
	bool forgets;  /* what was read whole: only syntax is asked for */
};

static const struct ngx_directive none = {
	.parent = NGX_NONE,
	.next = NGX_NONE,
	.child = NGX_NONE,
	.include = NGX_NONE,
};

int hs_nginx_refuse(const char *path, uint32_t line, const char *id,
		    const char *what, struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(path, strlen(path), 300);

	hs_fail(err, HS_REFUSED, "nginx configuration: %s", what);
	hs_error_id(err, id);
	hs_error_where(err, "%s:%u", safe, line);
	return -1;
}

static int refuse(const struct reader *reader, uint32_t line, const char *what,
		  struct error *err)
{
	const char *path = reader->conf->files.items[reader->file].path;

	hs_nginx_refuse(path, line, SYNTAX, what, err);
	hs_error_hint(err, "put that line right; `nginx -t` tells more");
	return -1;
}

static struct ngx_directive *get(const struct reader *reader, int32_t index)
{
	return &reader->conf->directives.items[index];
}

/* The link that is to lead to the next directive of this block. */
static int32_t *slot(const struct reader *reader)
{
	if (reader->last != NGX_NONE)
		return &get(reader, reader->last)->next;
	if (reader->block != NGX_NONE)
		return &get(reader, reader->block)->child;
	return &reader->conf->files.items[reader->file].first;
}

/* Adds the directive whose words begin at `first_word`. */
static int32_t add_directive(struct reader *reader, size_t first_word,
			     uint32_t line)
{
	struct ngx_conf *conf = reader->conf;
	int32_t index = (int32_t)conf->directives.n;
	struct ngx_directive *directive = HS_GROW(&conf->directives);

	*directive = none;
	directive->file = reader->file;
	directive->line = line;
	directive->start = conf->words.items[first_word].offset;
	directive->end = (uint32_t)reader->scan.at;
	directive->word = (uint32_t)first_word;
	directive->words = (uint16_t)(conf->words.n - first_word);
	directive->parent = reader->block;
	*slot(reader) = index;
	reader->last = index;
	return index;
}

/* Whether a block is of another language: content_by_lua_block and the like
 * of other modules. */
static bool is_foreign(const struct reader *reader, int32_t index)
{
	const struct ngx_word *name =
		&reader->conf->words.items[get(reader, index)->word];
	const char *text = reader->scan.bytes + name->offset;

	return name->length > 10 &&
	       !memcmp(text + name->length - 6, "_block", 6) &&
	       memmem(text, name->length - 6, "_by_", 4);
}

static int open_block(struct reader *reader, int32_t index, struct error *err)
{
	struct ngx_directive *directive = get(reader, index);

	directive->open = (uint32_t)reader->scan.at - 1;
	reader->block = index;
	reader->last = NGX_NONE;
	directive->opaque = is_foreign(reader, index);
	if (!directive->opaque || !hs_nginx_skip_lua(&reader->scan))
		return 0;
	return refuse(reader, directive->line,
		      _("the file ends within this block of another language"),
		      err);
}

/* The directive was read to its end. */
static void end_reading(struct reader *reader, int32_t index)
{
	struct ngx_conf *conf = reader->conf;

	reader->last = index;
	if (!reader->forgets)
		return;
	conf->words.n = get(reader, index)->word;
	conf->directives.n = (size_t)index;
	reader->last = NGX_NONE;
}

static int close_block(struct reader *reader, struct error *err)
{
	int32_t index = reader->block;
	struct ngx_directive *directive;

	if (index == NGX_NONE)
		return refuse(reader, reader->scan.token_line,
			      _("this '}' closes nothing"), err);
	directive = get(reader, index);
	directive->end = (uint32_t)reader->scan.at;
	reader->block = directive->parent;
	end_reading(reader, index);
	return 0;
}

static int end_file(const struct reader *reader, struct error *err)
{
	char what[80];

	if (reader->block == NGX_NONE)
		return 0;
	snprintf(what, sizeof(what),
		 _("the file ends before the block of line %u is closed"),
		 get(reader, reader->block)->line);
	return refuse(reader, reader->scan.line, what, err);
}

/* What follows the words of a directive: ';' or a block. */
static int end_directive(struct reader *reader, enum ngx_token token,
			 size_t first_word, uint32_t line, struct error *err)
{
	int32_t index;

	if (token == NGX_CLOSE)
		return refuse(reader, reader->scan.token_line,
			      _("';' is missing before this '}'"), err);
	if (token == NGX_END)
		return refuse(reader, reader->scan.token_line,
			      _("the file ends within a directive, where ';' "
				"or '{' is missing"),
			      err);
	if (reader->conf->words.n - first_word > UINT16_MAX)
		return refuse(reader, line, _("a directive has too many words"),
			      err);
	index = add_directive(reader, first_word, line);
	if (token == NGX_OPEN)
		return open_block(reader, index, err);
	end_reading(reader, index);
	return 0;
}

/* The words of one directive and what ends them. */
static int read_directive(struct reader *reader, struct ngx_word word,
			  struct error *err)
{
	struct ngx_words *words = &reader->conf->words;
	size_t first_word = words->n;
	uint32_t line = reader->scan.token_line;
	enum ngx_token token = NGX_WORD;

	while (token == NGX_WORD) {
		HS_PUSH(words, word);
		token = hs_nginx_token(&reader->scan, &word);
	}
	if (token == NGX_BROKEN)
		return refuse(reader, reader->scan.line, reader->scan.problem,
			      err);
	return end_directive(reader, token, first_word, line, err);
}

static int read_directives(struct reader *reader, struct error *err)
{
	for (;;) {
		struct ngx_word word;
		enum ngx_token token = hs_nginx_token(&reader->scan, &word);
		int result;

		if (token == NGX_END)
			return end_file(reader, err);
		if (token == NGX_WORD)
			result = read_directive(reader, word, err);
		else if (token == NGX_CLOSE)
			result = close_block(reader, err);
		else if (token == NGX_BROKEN)
			result = refuse(reader, reader->scan.line,
					reader->scan.problem, err);
		else
			result = refuse(reader, reader->scan.token_line,
					_("a directive must stand before this "
					  "';' or '{'"),
					err);
		if (result < 0)
			return -1;
	}
}

static int read_bytes(struct ngx_conf *conf, int32_t file, const char *bytes,
		      size_t length, bool forgets, struct error *err)
{
	struct reader reader = {
		.conf = conf,
		.file = file,
		.scan =
			{
				.bytes = bytes,
				.length = length,
				.at = hs_nginx_skip_bom(bytes, length),
				.line = 1,
			},
		.block = NGX_NONE,
		.last = NGX_NONE,
		.forgets = forgets,
	};

	if (length > NGX_FILE_MAX)
		return refuse(&reader, 1, _("the file is too large"), err);
	return read_directives(&reader, err);
}

int hs_nginx_parse_file(struct ngx_conf *conf, int32_t file, struct error *err)
{
	const struct str *bytes = &conf->files.items[file].bytes;

	return read_bytes(conf, file, hs_str_text(bytes), bytes->len, false,
			  err);
}

int hs_nginx_check(const char *path, const char *bytes, size_t length,
		   struct error *err)
{
	struct ngx_conf conf = {0};
	char *copy = hs_strdup(path);
	int32_t file = hs_nginx_add_file(&conf, copy, copy);
	int result = read_bytes(&conf, file, bytes, length, true, err);

	hs_nginx_done(&conf);
	return result;
}

int32_t hs_nginx_add_file(struct ngx_conf *conf, char *path, char *real)
{
	struct ngx_file file = {
		.path = path,
		.real = real,
		.first = NGX_NONE,
	};

	HS_PUSH(&conf->files, file);
	return (int32_t)conf->files.n - 1;
}

/* Marks the include directives, so that walks treat them alike: as those that
 * reach no file. */
static void mark_includes(struct ngx_conf *conf)
{
	HS_PUSH(&conf->includes, NGX_NONE);
	for (size_t i = 0; i < conf->directives.n; i++) {
		if (hs_nginx_is(conf, (int32_t)i, "include"))
			conf->directives.items[i].include = 0;
	}
}

int hs_nginx_parse(const char *path, const char *bytes, size_t length,
		   struct ngx_conf *ret_conf, struct error *err)
{
	char *copy = hs_strdup(path);
	int32_t file;

	*ret_conf = (struct ngx_conf){0};
	file = hs_nginx_add_file(ret_conf, copy, copy);
	hs_str_add(&ret_conf->files.items[file].bytes, bytes, length);
	if (hs_nginx_parse_file(ret_conf, file, err) < 0) {
		hs_nginx_done(ret_conf);
		return -1;
	}
	mark_includes(ret_conf);
	return 0;
}

void hs_nginx_done(struct ngx_conf *conf)
{
	HS_EACH(file, &conf->files) {
		if (file->real != file->path)
			free(file->real);
		free(file->path);
		hs_str_done(&file->bytes);
	}
	HS_ARRAY_FREE(&conf->files);
	HS_ARRAY_FREE(&conf->words);
	HS_ARRAY_FREE(&conf->directives);
	HS_ARRAY_FREE(&conf->includes);
}
