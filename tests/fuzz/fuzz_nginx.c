/*
 * The nginx editor against any bytes: what it reads is covered by words,
 * braces, semicolons, white space and comments to the last byte; what it edits
 * reads again as the same directives but for the planned ones.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/conf/nginx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SPOTS_MAX 24 /* directives that are edited of one input */

static void demand(bool truth)
{
	if (!truth)
		abort();
}

/* Every directive as "depth, words", in reading order; a block of another
 * language with its content. */
static char *describe(const struct ngx_conf *conf, int32_t index, int depth)
{
	const struct ngx_directive *d = hs_nginx_get(conf, index);
	const char *bytes = conf->files.items[0].bytes.data;
	struct str text = {0};

	hs_str_printf(&text, "%d%c", depth, d->open ? '{' : ';');
	for (size_t i = 0; i <= hs_nginx_args(conf, index); i++) {
		hs_auto_free char *arg = hs_nginx_arg(conf, index, i);

		demand(arg);
		hs_str_printf(&text, "\x1f%s", arg);
	}
	demand(!hs_nginx_arg(conf, index, hs_nginx_args(conf, index) + 1));
	if (d->opaque)
		hs_str_add(&text, bytes + d->open, d->end - 1 - d->open);
	return hs_str_take(&text);
}

static int depth_of(const struct ngx_conf *conf, int32_t index)
{
	int depth = 0;

	while ((index = hs_nginx_get(conf, index)->parent) != NGX_NONE)
		depth++;
	return depth;
}

/* Directives are stored in reading order, and links agree with it. */
static struct strings list(const struct ngx_conf *conf)
{
	struct strings lines = {0};

	for (size_t i = 0; i < conf->directives.n; i++) {
		const struct ngx_directive *d = &conf->directives.items[i];

		demand(d->start < d->end);
		demand(d->next == NGX_NONE || d->next > (int32_t)i);
		demand(d->child == NGX_NONE || d->child == (int32_t)i + 1);
		demand(d->open < d->end - 1);
		HS_PUSH(&lines,
			describe(conf, (int32_t)i, depth_of(conf, (int32_t)i)));
	}
	return lines;
}

static void cover(char *map, size_t from, size_t to)
{
	memset(map + from, 1, to - from);
}

static void check_gap(const char *bytes, const char *map, size_t size,
		      size_t at)
{
	bool comment = false;

	for (; at < size && !map[at]; at++) {
		if (bytes[at] == '\n')
			comment = false;
		else if (bytes[at] == '#')
			comment = true;
		else
			demand(comment || strchr(" \t\r", bytes[at]));
	}
}

static void check_cover(const struct ngx_conf *conf)
{
	const struct str *bytes = &conf->files.items[0].bytes;
	hs_auto_free char *map = hs_alloc(bytes->len + 1);
	size_t at = 0;

	HS_EACH(word, &conf->words)
		cover(map, word->offset, word->offset + word->length);
	HS_EACH(d, &conf->directives) {
		cover(map, d->end - 1, d->end);
		if (d->open)
			cover(map, d->open, d->open + 1);
		if (d->opaque)
			cover(map, d->open, d->end - 1);
	}
	if (bytes->len >= 3 && !memcmp(bytes->data, "\xef\xbb\xbf", 3))
		at = 3;
	for (; at < bytes->len; at++) {
		if (!map[at] && (!at || map[at - 1]))
			check_gap(bytes->data, map, bytes->len, at);
	}
}

/* How many directives the one and its content are. */
static size_t weigh(const struct ngx_conf *conf, int32_t index)
{
	size_t end = conf->directives.items[index].end, n = 1;

	while ((size_t)index + n < conf->directives.n &&
	       conf->directives.items[(size_t)index + n].start < end)
		n++;
	return n;
}

/* What an edit is to have done: `gone` lines at `at` give way to the new
 * directive at that depth, when there is one. */
struct outcome {
	size_t at, gone;
	bool added;
	int depth;
};

static void check_outcome(const struct ngx_conf *conf,
			  const struct strings *before,
			  const struct edits *edits, struct outcome outcome)
{
	const struct str *bytes = &conf->files.items[0].bytes;
	hs_auto_free char *block = hs_format("%d{\x1fhs_new\x1f"
					     "a b",
					     outcome.depth);
	hs_auto_free char *inner =
		hs_format("%d;\x1fhs_inner", outcome.depth + 1);
	const char *fresh[] = {block, inner};
	size_t added = outcome.added ? 2 : 0;
	hs_auto_str struct str text = {0};
	struct ngx_conf again;
	struct strings after;

	demand(!hs_edits_apply(edits, 0, bytes->data, bytes->len, &text));
	demand(!hs_nginx_parse("f", hs_str_text(&text), text.len, &again,
			       NULL));
	after = list(&again);
	demand(after.n == before->n - outcome.gone + added);
	for (size_t i = 0; i < after.n; i++) {
		const char *expected;

		if (i < outcome.at)
			expected = before->items[i];
		else if (i < outcome.at + added)
			expected = fresh[i - outcome.at];
		else
			expected = before->items[i - added + outcome.gone];
		demand(!strcmp(after.items[i], expected));
	}
	hs_strings_done(&after);
	hs_nginx_done(&again);
}

static void edit_one(const struct ngx_conf *conf, const struct strings *before,
		     int32_t index, const char *text)
{
	const struct ngx_directive *d = hs_nginx_get(conf, index);
	size_t at = (size_t)index, weight = weigh(conf, index);
	int depth = depth_of(conf, index);
	struct edits edits = {0};

	hs_nginx_insert_before(conf, index, text, &edits);
	check_outcome(conf, before, &edits,
		      (struct outcome){at, 0, true, depth});
	hs_edits_done(&edits);
	hs_nginx_insert_after(conf, index, text, &edits);
	check_outcome(conf, before, &edits,
		      (struct outcome){at + weight, 0, true, depth});
	hs_edits_done(&edits);
	hs_nginx_replace(conf, index, text, &edits);
	check_outcome(conf, before, &edits,
		      (struct outcome){at, weight, true, depth});
	hs_edits_done(&edits);
	hs_nginx_remove(conf, index, &edits);
	check_outcome(conf, before, &edits,
		      (struct outcome){at, weight, false, depth});
	hs_edits_done(&edits);
	if (!d->open || d->opaque)
		return;
	hs_nginx_insert_first(conf, index, text, &edits);
	check_outcome(conf, before, &edits,
		      (struct outcome){at + 1, 0, true, depth + 1});
	hs_edits_done(&edits);
}

/* Replaces each word of a directive in turn: only it is another one then. */
static void replace_words(const struct ngx_conf *conf, int32_t index)
{
	const struct str *bytes = &conf->files.items[0].bytes;
	size_t args = hs_nginx_args(conf, index);

	for (size_t i = 1; i <= args && i < 8; i++) {
		struct edits edits = {0};
		hs_auto_str struct str text = {0};
		struct ngx_conf again;

		hs_nginx_replace_arg(conf, index, i, "hs_word", &edits);
		demand(!hs_edits_apply(&edits, 0, bytes->data, bytes->len,
				       &text));
		demand(!hs_nginx_parse("f", hs_str_text(&text), text.len,
				       &again, NULL));
		demand(again.directives.n == conf->directives.n);
		demand(hs_nginx_args(&again, index) == args);
		demand(hs_nginx_arg_is(&again, index, i, "hs_word"));
		hs_edits_done(&edits);
		hs_nginx_done(&again);
	}
}

static void check_edits(const struct ngx_conf *conf)
{
	struct strings before = list(conf);
	size_t step = 1 + conf->directives.n / SPOTS_MAX;

	for (size_t i = 0; i < conf->directives.n; i += step) {
		edit_one(conf, &before, (int32_t)i,
			 "hs_new \"a b\" { hs_inner; }");
		edit_one(conf, &before, (int32_t)i,
			 "# why\nhs_new \"a b\" {\n\ths_inner;\n} # end");
		replace_words(conf, (int32_t)i);
	}
	hs_strings_done(&before);
}

/* A walk without includes meets the top level alone, once. */
static void check_walk(const struct ngx_conf *conf)
{
	struct ngx_cursor cursor = hs_nginx_walk(conf, NGX_NONE);
	int32_t index, last = NGX_NONE;

	while ((index = hs_nginx_next(&cursor)) != NGX_NONE) {
		demand(index > last && !depth_of(conf, index));
		demand(hs_nginx_through(&cursor) == NGX_NONE);
		last = index;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct ngx_conf conf;
	struct error err = {0}, same = {0};
	int checked;

	/* a removal could make it the first bytes, where it means nothing */
	if (size > 1 && memmem(bytes + 1, size - 1, "\xef\xbb\xbf", 3))
		return 0;
	checked = hs_nginx_check("fuzz.conf", bytes, size, &same);
	if (hs_nginx_parse("fuzz.conf", bytes, size, &conf, &err) < 0) {
		demand(err.code == HS_REFUSED && *err.where && *err.what);
		demand(checked < 0 && !strcmp(err.where, same.where) &&
		       !strcmp(err.what, same.what));
		return 0;
	}
	demand(!checked);
	demand(conf.files.items[0].bytes.len == size);
	check_cover(&conf);
	check_walk(&conf);
	check_edits(&conf);
	hs_nginx_done(&conf);
	return 0;
}
