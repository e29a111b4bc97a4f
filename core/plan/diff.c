#include "core/plan/diff.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/plan/diff_lines.h"

#define CONTEXT 3
/* Lines of the equal ends that are looked at too: the context of a hunk, and
 * room to move it to where it reads best. */
#define MARGIN 40
#define SLIDE_MAX (MARGIN - CONTEXT)

/* What two texts do not share, between equal ends. */
struct window {
	struct side before, after;
	size_t skipped; /* lines in front of it */
};

static void window_done(struct window *window)
{
	hs_side_done(&window->before);
	hs_side_done(&window->after);
}

#define auto_window HS_CLEANUP(window_done)

struct bytes {
	const char *start;
	size_t length;
};

/* Bytes that both begin with, by blocks while they are equal. */
static size_t common_start(struct bytes a, struct bytes b)
{
	size_t max = a.length < b.length ? a.length : b.length, at = 0;

	while (at + 4096 <= max && !memcmp(a.start + at, b.start + at, 4096))
		at += 4096;
	while (at < max && a.start[at] == b.start[at])
		at++;
	return at;
}

/* Bytes, at most `max`, that both end with. */
static size_t common_end(struct bytes a, struct bytes b, size_t max)
{
	const char *a_end = a.start + a.length, *b_end = b.start + b.length;
	size_t at = 0;

	while (at + 4096 <= max &&
	       !memcmp(a_end - at - 4096, b_end - at - 4096, 4096))
		at += 4096;
	while (at < max && a_end[-1 - (long)at] == b_end[-1 - (long)at])
		at++;
	return at;
}

/* Goes back from `at` to the start of a line, `count` lines further up. */
static size_t lines_back(const char *start, size_t at, int count)
{
	for (count++; at; at--) {
		if (start[at - 1] == '\n' && !--count)
			return at;
	}
	return 0;
}

/* Goes on from `at` to the end of that line, `count` lines further down. */
static size_t lines_on(struct bytes text, size_t at, int count)
{
	for (count++; count && at < text.length; count--) {
		const char *end =
			memchr(text.start + at, '\n', text.length - at);

		at = end ? (size_t)(end - text.start) + 1 : text.length;
	}
	return at;
}

static size_t count_line_ends(const char *start, size_t length)
{
	const char *end = start + length;
	size_t count = 0;

	while ((start = memchr(start, '\n', (size_t)(end - start)))) {
		start++;
		count++;
	}
	return count;
}

static void window_init(struct window *window, struct bytes a, struct bytes b)
{
	size_t head = common_start(a, b);
	size_t shorter = a.length < b.length ? a.length : b.length;
	size_t tail = common_end(a, b, shorter - head), a_end, b_end;

	/* whole lines of the head, less the margin */
	head = lines_back(a.start, head, MARGIN);
	/* the tail begins inside a line of either side, at the same byte of
	 * it or not: one line more than the margin covers that */
	a_end = lines_on(a, a.length - tail, MARGIN);
	b_end = b.length - (a.length - a_end);
	hs_side_split(&window->before, a.start + head, a_end - head);
	hs_side_split(&window->after, b.start + head, b_end - head);
	window->skipped = count_line_ends(a.start, head);
	hs_side_match(&window->before, &window->after);
}

/* Columns of blanks a line begins with; -1: it is empty. */
static int indentation(const struct line *line)
{
	int columns = 0;

	for (size_t i = 0; i < line->length; i++) {
		char c = line->start[i];

		if (c == '\n' || c == '\r')
			return -1;
		if (c != ' ' && c != '\t')
			return columns;
		columns += c == '\t' ? 8 : 1;
	}
	return -1;
}

static void move_up(bool *changed, size_t *from, size_t *to)
{
	changed[--*from] = true;
	changed[--*to] = false;
}

static void move_down(bool *changed, size_t *from, size_t *to)
{
	changed[(*from)++] = false;
	changed[(*to)++] = true;
}

/*
 * A run of changed lines [from, to) between equal ones may often be moved up
 * or down without another meaning.  It reads best when it begins with an empty
 * line or else with the line that is indented least: a whole block rather than
 * the end of one and the beginning of the next.  Returns how far it moved.
 */
static long slide(struct side *side, size_t from, size_t to, size_t up,
		  size_t down)
{
	const struct line *lines = side->lines;
	size_t start = from, highest = from - up, lowest = from + down, best;

	while (from > highest &&
	       hs_line_is_same(&lines[from - 1], &lines[to - 1]))
		move_up(side->changed, &from, &to);
	best = from;
	while (from < lowest && hs_line_is_same(&lines[from], &lines[to])) {
		move_down(side->changed, &from, &to);
		if (indentation(&lines[from]) <= indentation(&lines[best]))
			best = from;
	}
	while (from > best)
		move_up(side->changed, &from, &to);
	return (long)from - (long)start;
}

/* How many equal lines follow that a run may move over: at least one stays
 * between it and the next. */
static size_t room_below(const struct side *side, size_t i,
			 const struct side *other, size_t j)
{
	size_t room = 0;

	while (room < SLIDE_MAX && i < side->n && !side->changed[i] &&
	       !other->changed[j]) {
		room++;
		i++;
		j++;
	}
	return room && (side->changed[i] || other->changed[j]) ? room - 1
							       : room;
}

/* Moves the runs of this side that have nothing against them on the other. */
static void slide_all(struct side *side, const struct side *other)
{
	size_t i = 0, j = 0, above = 0; /* lines it may move up over */

	for (;;) {
		size_t start = i, other_start = j;
		long moved;

		while (side->changed[i])
			i++;
		while (other->changed[j])
			j++;
		if (i == start && j == other_start) {
			if (i >= side->n)
				return;
			above += above < SLIDE_MAX;
			i++;
			j++;
			continue;
		}
		if (j == other_start) {
			moved = slide(side, start, i, above,
				      room_below(side, i, other, j));
			i += (size_t)moved;
			j += (size_t)moved;
		}
		/* the next equal line stays between this run and the next */
		above = 0;
		i += i < side->n;
		j += j < other->n;
	}
}

/* Lines [a, a_end) and [b, b_end) of the two sides. */
struct hunk {
	size_t a, a_end, b, b_end;
};

static void add_line(struct str *out, char mark, const struct line *line)
{
	hs_str_putc(out, mark);
	hs_str_add(out, line->start, line->length);
	if (line->start[line->length - 1] != '\n')
		hs_str_puts(out, "\n\\ No newline at end of file\n");
}

/* "12,3", "12" for one line; an empty range names the line in front of it. */
static void add_range(struct str *out, size_t start, size_t count)
{
	hs_str_printf(out, "%zu", count ? start + 1 : start);
	if (count != 1)
		hs_str_printf(out, ",%zu", count);
}

static void add_hunk(struct str *out, const struct window *window,
		     const struct hunk *hunk)
{
	const struct side *before = &window->before, *after = &window->after;
	size_t a = hunk->a, b = hunk->b;

	hs_str_puts(out, "@@ -");
	add_range(out, window->skipped + a, hunk->a_end - a);
	hs_str_puts(out, " +");
	add_range(out, window->skipped + b, hunk->b_end - b);
	hs_str_puts(out, " @@\n");
	while (a < hunk->a_end || b < hunk->b_end) {
		if (a < hunk->a_end && before->changed[a])
			add_line(out, '-', &before->lines[a++]);
		else if (b < hunk->b_end && after->changed[b])
			add_line(out, '+', &after->lines[b++]);
		else
			add_line(out, ' ', &before->lines[a++]), b++;
	}
}

/* Goes on to the next changed line of either side; false at the end. */
static bool find_change(const struct window *window, size_t *a, size_t *b)
{
	const struct side *before = &window->before, *after = &window->after;

	while (*a < before->n && !before->changed[*a] && !after->changed[*b]) {
		++*a;
		++*b;
	}
	return *a < before->n || *b < after->n;
}

static void skip_changed(const struct window *window, size_t *a, size_t *b)
{
	while (window->before.changed[*a])
		++*a;
	while (window->after.changed[*b])
		++*b;
}

/* Changes with at most twice the context between them share a hunk. */
static void add_hunks(struct str *out, const struct window *window)
{
	size_t a = 0, b = 0;

	while (find_change(window, &a, &b)) {
		size_t lead = a < CONTEXT ? a : CONTEXT, rest;
		struct hunk hunk = {.a = a - lead, .b = b - lead};
		size_t next_a, next_b;

		for (;;) {
			skip_changed(window, &a, &b);
			next_a = a;
			next_b = b;
			if (!find_change(window, &next_a, &next_b) ||
			    next_a - a > 2 * CONTEXT)
				break;
			a = next_a;
			b = next_b;
		}
		rest = window->before.n - a;
		rest = rest < CONTEXT ? rest : CONTEXT;
		hunk.a_end = a + rest;
		hunk.b_end = b + rest;
		add_hunk(out, window, &hunk);
	}
}

static void add_name(struct str *out, const char *mark, const char *path)
{
	hs_auto_free char *safe = hs_text_safe(path, strlen(path), 0);

	hs_str_printf(out, "%s %s\n", mark, safe);
}

void hs_diff(const char *path, const char *before, size_t before_length,
	     const char *after, size_t after_length, struct str *ret_diff)
{
	struct bytes a = {before ? before : "", before ? before_length : 0};
	struct bytes b = {after ? after : "", after ? after_length : 0};
	auto_window struct window window = {0};

	if (a.length == b.length && !memcmp(a.start, b.start, a.length))
		return;
	window_init(&window, a, b);
	slide_all(&window.before, &window.after);
	slide_all(&window.after, &window.before);
	add_name(ret_diff, "---", before ? path : "/dev/null");
	add_name(ret_diff, "+++", after ? path : "/dev/null");
	add_hunks(ret_diff, &window);
}

void hs_diff_change(const struct change *change, struct str *ret_diff)
{
	hs_auto_free char *path = NULL, *target = NULL;

	if (change->kind == CHANGE_RUN)
		return;
	path = hs_text_safe(change->path, strlen(change->path), 0);
	if (change->kind == CHANGE_LINK) {
		target =
			hs_text_safe(change->target, strlen(change->target), 0);
		hs_str_printf(ret_diff, _("%s: link to %s\n"), path, target);
	} else if (change->secret) {
		hs_str_printf(ret_diff,
			      _("%s: secret, content not shown (%zu bytes)\n"),
			      path, change->after_length);
	} else {
		hs_diff(change->path, change->before, change->before_length,
			change->after, change->after_length, ret_diff);
	}
}

void hs_diff_count(const struct change *change, int *ret_added,
		   int *ret_removed)
{
	struct bytes a = {change->before, change->before_length};
	struct bytes b = {change->after, change->after_length};
	auto_window struct window window = {0};

	*ret_added = *ret_removed = 0;
	if (change->kind == CHANGE_RUN || change->kind == CHANGE_LINK)
		return;
	if (!a.start)
		a = (struct bytes){"", 0};
	if (!b.start)
		b = (struct bytes){"", 0};
	window_init(&window, a, b);
	for (size_t i = 0; i < window.before.n; i++)
		*ret_removed += window.before.changed[i];
	for (size_t i = 0; i < window.after.n; i++)
		*ret_added += window.after.changed[i];
}
