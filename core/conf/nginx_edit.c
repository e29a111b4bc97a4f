/*
 * Edits of an nginx configuration.  New lines begin where a line begins, so
 * that edits of neighbours never meet; within a block that stands on one line
 * the new text joins that line.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/conf/nginx.h"
#include "core/conf/nginx_token.h"

/* A directive within the bytes of its file. */
struct spot {
	const struct ngx_conf *conf;
	int32_t index;
	const struct ngx_directive *directive;
	const char *bytes;
	size_t length, top; /* of the text, behind a byte order mark */
};

static struct spot find_spot(const struct ngx_conf *conf, int32_t index)
{
	const struct ngx_directive *directive = hs_nginx_get(conf, index);
	const struct str *bytes = &conf->files.items[directive->file].bytes;

	return (struct spot){
		.conf = conf,
		.index = index,
		.directive = directive,
		.bytes = bytes->data,
		.length = bytes->len,
		.top = hs_nginx_skip_bom(bytes->data, bytes->len),
	};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t line_start(const struct spot *spot, size_t at)
{
	while (at > spot->top && spot->bytes[at - 1] != '\n')
		at--;
	return at;
}

/* Behind the line end that follows, or the end of the file. */
static size_t line_after(const struct spot *spot, size_t at)
{
	const char *end = memchr(spot->bytes + at, '\n', spot->length - at);

	return end ? (size_t)(end - spot->bytes) + 1 : spot->length;
}

static size_t skip_blanks(const struct spot *spot, size_t at)
{
	while (at < spot->length && is_blank(spot->bytes[at]))
		at++;
	return at;
}

static size_t skip_blanks_back(const struct spot *spot, size_t at)
{
	while (at > spot->top && is_blank(spot->bytes[at - 1]))
		at--;
	return at;
}

/* Whether only blanks stand between the start of the line and `at`. */
static bool begins_line(const struct spot *spot, size_t at)
{
	return line_start(spot, at) == skip_blanks_back(spot, at);
}

/* Whether a line ends at `at`, or the file does. */
static bool is_line_end(const struct spot *spot, size_t at)
{
	const char *c = spot->bytes + at;
	size_t left = spot->length - at;

	return !left || *c == '\n' ||
	       (*c == '\r' && (left == 1 || c[1] == '\n'));
}

/* Whether nothing but blanks and perhaps a comment follows on the line. */
static bool ends_line(const struct spot *spot, size_t at)
{
	at = skip_blanks(spot, at);
	return is_line_end(spot, at) || spot->bytes[at] == '#';
}

/* "\r\n" or "\n", as the line at `at` ends, else the one before it. */
static const char *line_end(const struct spot *spot, size_t at)
{
	size_t next = line_after(spot, at);

	if (!next || spot->bytes[next - 1] != '\n')
		next = line_start(spot, at);
	return next > 1 && spot->bytes[next - 1] == '\n' &&
			       spot->bytes[next - 2] == '\r'
		       ? "\r\n"
		       : "\n";
}

/* The blanks at the start of the line on which `at` is. */
static char *indent_at(const struct spot *spot, size_t at)
{
	size_t start = line_start(spot, at);

	return hs_strndup(spot->bytes + start,
			  skip_blanks(spot, start) - start);
}

/* What a directive that begins its line is indented more than its block;
 * NULL when that tells nothing. To be freed. */
static char *step_of(const struct ngx_conf *conf, int32_t index)
{
	struct spot spot = find_spot(conf, index);
	int32_t parent = spot.directive->parent;
	hs_auto_free char *inner = NULL, *outer = NULL;

	if (parent == NGX_NONE || !begins_line(&spot, spot.directive->start))
		return NULL;
	inner = indent_at(&spot, spot.directive->start);
	outer = indent_at(&spot, hs_nginx_get(conf, parent)->start);
	if (strncmp(inner, outer, strlen(outer)) || !strcmp(inner, outer))
		return NULL;
	return hs_strdup(inner + strlen(outer));
}

/* One step of indentation, as the first block of the configuration has it
 * whose content begins a line. */
static char *find_step(const struct ngx_conf *conf, int32_t file)
{
	for (size_t i = 0; i < conf->directives.n; i++) {
		char *step = conf->directives.items[i].file == file
				     ? step_of(conf, (int32_t)i)
				     : NULL;

		if (step)
			return step;
	}
	return hs_strdup("    ");
}

/* The indentation of what stands in a block. */
static char *indent_inside(const struct ngx_conf *conf, int32_t block)
{
	struct spot spot = find_spot(conf, block);
	hs_auto_free char *outer = NULL, *step = NULL;

	for (int32_t d = spot.directive->child; d != NGX_NONE;
	     d = hs_nginx_get(conf, d)->next) {
		size_t start = hs_nginx_get(conf, d)->start;

		if (begins_line(&spot, start))
			return indent_at(&spot, start);
	}
	outer = indent_at(&spot, spot.directive->start);
	step = find_step(conf, spot.directive->file);
	return hs_format("%s%s", outer, step);
}

/* The indentation for a neighbour of the directive. */
static char *indent_beside(const struct spot *spot)
{
	const struct ngx_directive *d = spot->directive;

	if (begins_line(spot, d->start) || d->parent == NGX_NONE)
		return indent_at(spot, d->start);
	return indent_inside(spot->conf, d->parent);
}

/* Each line of `text` between `before` and `after`. */
static void add_lines(const char *text, const char *before, const char *after,
		      struct str *ret_text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		hs_str_puts(ret_text, before);
		hs_str_add(ret_text, text, length);
		hs_str_puts(ret_text, after);
		text += length;
		text += *text == '\n';
	}
}

/* A comment would swallow what follows it on a line. */
static bool fits_in_line(const char *text)
{
	return !strchr(text, '#');
}

/* Lines that begin where the line at `at` begins. At the end of a file
 * without a final newline that end stays as it is. */
static void insert_lines(const struct spot *spot, size_t at, const char *indent,
			 const char *text, struct edits *edits)
{
	const char *end = line_end(spot, at ? at - 1 : 0);
	bool unended = at == spot->length && at > spot->top &&
		       spot->bytes[at - 1] != '\n';
	hs_auto_free char *before =
		hs_format("%s%s", unended ? end : "", indent);
	hs_auto_str struct str lines = {0};

	add_lines(text, before, unended ? "" : end, &lines);
	hs_edit_add(edits, spot->directive->file, at, 0, hs_str_text(&lines));
}

/* Into the line, with blanks `before` and `after` each directive; when that
 * cannot be, on lines of their own in the middle of it. */
static void insert_inline(const struct spot *spot, size_t at,
			  const char *before, const char *after,
			  const char *indent, const char *text,
			  struct edits *edits)
{
	hs_auto_free char *breaking =
		hs_format("%s%s", line_end(spot, at), indent);
	hs_auto_str struct str lines = {0};

	if (fits_in_line(text)) {
		add_lines(text, before, after, &lines);
	} else {
		add_lines(text, breaking, "", &lines);
		hs_str_puts(&lines, breaking);
	}
	hs_edit_add(edits, spot->directive->file, at, 0, hs_str_text(&lines));
}

void hs_nginx_insert_before(const struct ngx_conf *conf, int32_t directive,
			    const char *text, struct edits *edits)
{
	struct spot spot = find_spot(conf, directive);
	size_t start = spot.directive->start;
	hs_auto_free char *indent = indent_beside(&spot);

	if (begins_line(&spot, start))
		insert_lines(&spot, line_start(&spot, start), indent, text,
			     edits);
	else
		insert_inline(&spot, start, "", " ", indent, text, edits);
}

void hs_nginx_insert_after(const struct ngx_conf *conf, int32_t directive,
			   const char *text, struct edits *edits)
{
	struct spot spot = find_spot(conf, directive);
	size_t end = spot.directive->end;
	hs_auto_free char *indent = indent_beside(&spot);

	if (ends_line(&spot, end))
		insert_lines(&spot, line_after(&spot, end), indent, text,
			     edits);
	else
		insert_inline(&spot, end, " ", "", indent, text, edits);
}

void hs_nginx_insert_first(const struct ngx_conf *conf, int32_t block,
			   const char *text, struct edits *edits)
{
	struct spot spot = find_spot(conf, block);
	size_t inside = spot.directive->open + 1;
	hs_auto_free char *indent = indent_inside(conf, block);
	bool tight = inside < spot.length && !is_blank(spot.bytes[inside]);

	if (ends_line(&spot, inside))
		insert_lines(&spot, line_after(&spot, inside), indent, text,
			     edits);
	else
		insert_inline(&spot, inside, " ", tight ? " " : "", indent,
			      text, edits);
}

void hs_nginx_replace_arg(const struct ngx_conf *conf, int32_t directive,
			  size_t i, const char *raw, struct edits *edits)
{
	struct spot spot = find_spot(conf, directive);
	const struct ngx_directive *d = spot.directive;
	const struct ngx_word *word = &conf->words.items[d->word + i];
	size_t end = word->offset + word->length;
	hs_auto_free char *text = NULL;

	if (i >= d->words)
		return;
	/* a ')' may follow a quoted word closely, but not a plain one */
	text = hs_format("%s%s%s",
			 i && word[-1].offset + word[-1].length == word->offset
				 ? " "
				 : "",
			 raw, spot.bytes[end] == ')' ? " " : "");
	hs_edit_add(edits, d->file, word->offset, word->length, text);
}

void hs_nginx_replace(const struct ngx_conf *conf, int32_t directive,
		      const char *text, struct edits *edits)
{
	struct spot spot = find_spot(conf, directive);
	const struct ngx_directive *d = spot.directive;
	hs_auto_free char *indent = indent_beside(&spot);
	hs_auto_free char *breaking =
		hs_format("%s%s", line_end(&spot, d->end), indent);
	size_t first = strcspn(text, "\n");
	hs_auto_str struct str lines = {0};

	hs_str_add(&lines, text, first);
	add_lines(text + first + (text[first] == '\n'), breaking, "", &lines);
	if (!fits_in_line(text) && !ends_line(&spot, d->end))
		hs_str_puts(&lines, breaking);
	hs_edit_add(edits, d->file, d->start, d->end - d->start,
		    hs_str_text(&lines));
}

void hs_nginx_remove(const struct ngx_conf *conf, int32_t directive,
		     struct edits *edits)
{
	struct spot spot = find_spot(conf, directive);
	size_t from = spot.directive->start, to = spot.directive->end;
	size_t behind = skip_blanks(&spot, to);
	bool first = begins_line(&spot, from);
	bool last = is_line_end(&spot, behind);

	if (first && last) {
		from = line_start(&spot, from);
		to = line_after(&spot, behind);
	} else if (last) {
		from = skip_blanks_back(&spot, from);
	} else {
		to = behind;
	}
	hs_edit_add(edits, spot.directive->file, from, to - from, "");
}

char *hs_nginx_quote(const char *value)
{
	for (const char *c = value; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f ||
		    strchr(";{}\"'\\$#", *c))
			return NULL;
	}
	return !*value || strchr(value, ' ') ? hs_format("\"%s\"", value)
					     : hs_strdup(value);
}
