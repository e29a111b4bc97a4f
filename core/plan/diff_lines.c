#include "core/plan/diff_lines.h"

#include <stdint.h>
#include <string.h>

#include "core/base/memory.h"

/* Steps from each end after which the best way so far will do. */
#define PATIENCE 256

static size_t count_lines(const char *bytes, size_t length)
{
	const char *end = bytes + length, *next;
	size_t count = 0;

	for (; bytes < end; bytes = next, count++) {
		next = memchr(bytes, '\n', (size_t)(end - bytes));
		next = next ? next + 1 : end;
	}
	return count;
}

void hs_side_split(struct side *ret_side, const char *bytes, size_t length)
{
	const char *end = bytes + length, *next;
	struct side side = {.n = count_lines(bytes, length)};

	side.lines = hs_alloc((side.n + 1) * sizeof(*side.lines));
	side.changed = hs_alloc((side.n + 1) * sizeof(*side.changed));
	for (struct line *line = side.lines; bytes < end; line++) {
		next = memchr(bytes, '\n', (size_t)(end - bytes));
		next = next ? next + 1 : end;
		*line = (struct line){bytes, (size_t)(next - bytes)};
		bytes = next;
	}
	*ret_side = side;
}

void hs_side_done(struct side *side)
{
	free(side->lines);
	free(side->changed);
	*side = (struct side){0};
}

bool hs_line_is_same(const struct line *a, const struct line *b)
{
	return a->length == b->length && !memcmp(a->start, b->start, a->length);
}

/* Lines by content: equal lines get the same number. */
struct class
{
	const struct line *line;
	uint64_t hash;
	size_t seen[2]; /* how often on either side */
};

struct classes {
	struct class *items;
	size_t n;
	uint32_t *slots; /* number + 1, or 0 */
	size_t mask;
};

static uint64_t hash_line(const struct line *line)
{
	uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */

	for (size_t i = 0; i < line->length; i++)
		hash = (hash ^ (unsigned char)line->start[i]) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

static uint32_t find_class(struct classes *classes, const struct line *line)
{
	uint64_t hash = hash_line(line);
	size_t slot = hash & classes->mask;

	for (; classes->slots[slot]; slot = (slot + 1) & classes->mask) {
		uint32_t number = classes->slots[slot] - 1;
		struct class *class = &classes->items[number];

		if (class->hash == hash && hs_line_is_same(class->line, line))
			return number;
	}
	classes->items[classes->n] = (struct class){.line = line, .hash = hash};
	classes->slots[slot] = (uint32_t)++classes->n;
	return (uint32_t)classes->n - 1;
}

/* One side as numbers, those lines left out that the other side lacks. */
struct sequence {
	uint32_t *numbers;
	size_t *origins; /* index of the line */
	long n;
	bool *changed;
};

static uint32_t *number_lines(struct classes *classes, const struct side *side,
			      int which)
{
	uint32_t *numbers = hs_alloc((side->n + 1) * sizeof(*numbers));

	for (size_t i = 0; i < side->n; i++) {
		numbers[i] = find_class(classes, &side->lines[i]);
		classes->items[numbers[i]].seen[which]++;
	}
	return numbers;
}

/* Takes over `numbers`. */
static struct sequence keep_shared(struct classes *classes, struct side *side,
				   uint32_t *numbers, int other)
{
	struct sequence sequence = {
		.numbers = numbers,
		.origins = hs_alloc((side->n + 1) * sizeof(size_t)),
		.changed = side->changed,
	};

	for (size_t i = 0; i < side->n; i++) {
		if (!classes->items[numbers[i]].seen[other]) {
			side->changed[i] = true;
			continue;
		}
		sequence.origins[sequence.n] = i;
		numbers[sequence.n++] = numbers[i];
	}
	return sequence;
}

static void sequence_done(struct sequence *sequence)
{
	free(sequence->numbers);
	free(sequence->origins);
}

/* A rectangle of the edit graph: x runs over a, y over b. */
struct box {
	long left, right, top, bottom;
};

struct search {
	struct sequence a, b;
	/* By diagonal x - y: how far the paths from either corner came. */
	long *forward, *backward;
};

/* The diagonals looked at so far in one direction. */
struct span {
	long low, high;
};

/* Widens the span by one on each side; at the rim of the box it narrows
 * instead.  The new neighbours hold a value that no step prefers. */
static void widen(struct span *span, const struct box *box, long *reached,
		  long none)
{
	if (span->low > box->left - box->bottom)
		reached[--span->low - 1] = none;
	else
		span->low++;
	if (span->high < box->right - box->top)
		reached[++span->high + 1] = none;
	else
		span->high--;
}

static long step_forward(const struct search *search, const struct box *box,
			 long k)
{
	long down = search->forward[k + 1], right = search->forward[k - 1] + 1;
	long x = right > down ? right : down, y = x - k;

	while (x < box->right && y < box->bottom &&
	       search->a.numbers[x] == search->b.numbers[y]) {
		x++;
		y++;
	}
	return search->forward[k] = x;
}

static long step_backward(const struct search *search, const struct box *box,
			  long k)
{
	long up = search->backward[k - 1], left = search->backward[k + 1] - 1;
	long x = left < up ? left : up, y = x - k;

	while (x > box->left && y > box->top &&
	       search->a.numbers[x - 1] == search->b.numbers[y - 1]) {
		x--;
		y--;
	}
	return search->backward[k] = x;
}

/* The point inside the box that came furthest from its upper left. */
static void furthest(const struct search *search, const struct box *box,
		     struct span span, long *ret_x, long *ret_y)
{
	long best = -1;

	for (long k = span.low; k <= span.high; k += 2) {
		long x = search->forward[k], y;

		if (x > box->right)
			x = box->right;
		y = x - k;
		if (y > box->bottom) {
			y = box->bottom;
			x = y + k;
		}
		if (x + y > best) {
			best = x + y;
			*ret_x = x;
			*ret_y = y;
		}
	}
}

/* Whether the way along diagonal k has met one from the other corner. */
static bool meets(const struct search *search, struct span other, long k)
{
	return k >= other.low && k <= other.high &&
	       search->backward[k] <= search->forward[k];
}

/*
 * A point that a shortest way through the box passes: paths grow from both
 * corners by one edit at a time until two of them meet.
 */
static void split(const struct search *search, const struct box *box,
		  long *ret_x, long *ret_y)
{
	long first = box->left - box->top, last = box->right - box->bottom;
	struct span down = {first, first}, up = {last, last};
	bool odd = (first - last) & 1;

	search->forward[first] = box->left;
	search->backward[last] = box->right;
	for (int steps = 1;; steps++) {
		widen(&down, box, search->forward, -1);
		for (long k = down.high; k >= down.low; k -= 2) {
			*ret_x = step_forward(search, box, k);
			*ret_y = *ret_x - k;
			if (odd && meets(search, up, k))
				return;
		}
		widen(&up, box, search->backward, __LONG_MAX__);
		for (long k = up.high; k >= up.low; k -= 2) {
			*ret_x = step_backward(search, box, k);
			*ret_y = *ret_x - k;
			if (!odd && meets(search, down, k))
				return;
		}
		if (steps >= PATIENCE) {
			furthest(search, box, down, ret_x, ret_y);
			return;
		}
	}
}

static void mark(const struct sequence *sequence, long from, long to)
{
	for (; from < to; from++)
		sequence->changed[sequence->origins[from]] = true;
}

static void trim(const struct search *search, struct box *box)
{
	const uint32_t *a = search->a.numbers, *b = search->b.numbers;

	while (box->left < box->right && box->top < box->bottom &&
	       a[box->left] == b[box->top]) {
		box->left++;
		box->top++;
	}
	while (box->left < box->right && box->top < box->bottom &&
	       a[box->right - 1] == b[box->bottom - 1]) {
		box->right--;
		box->bottom--;
	}
}

static void compare(const struct search *search, struct box box)
{
	for (;;) {
		struct box upper = box;
		long x = box.left, y = box.top;

		trim(search, &box);
		if (box.left == box.right || box.top == box.bottom)
			break;
		split(search, &box, &x, &y);
		upper = (struct box){box.left, x, box.top, y};
		compare(search, upper);
		box.left = x;
		box.top = y;
	}
	mark(&search->a, box.left, box.right);
	mark(&search->b, box.top, box.bottom);
}

static void run_search(struct search *search)
{
	long a = search->a.n, b = search->b.n;
	size_t diagonals = (size_t)(a + b) + 3;
	long *room = hs_alloc(2 * diagonals * sizeof(*room));

	/* diagonals run from -b - 1 to a + 1 */
	search->forward = room + b + 1;
	search->backward = room + diagonals + b + 1;
	compare(search, (struct box){0, a, 0, b});
	free(room);
}

void hs_side_match(struct side *before, struct side *after)
{
	size_t total = before->n + after->n, slots = 16;
	struct classes classes = {0};
	struct search search = {0};
	uint32_t *a, *b;

	while (slots < 2 * total)
		slots *= 2;
	classes.mask = slots - 1;
	classes.slots = hs_alloc(slots * sizeof(*classes.slots));
	classes.items = hs_alloc((total + 1) * sizeof(*classes.items));
	a = number_lines(&classes, before, 0);
	b = number_lines(&classes, after, 1);
	search.a = keep_shared(&classes, before, a, 1);
	search.b = keep_shared(&classes, after, b, 0);
	free(classes.slots);
	free(classes.items);
	run_search(&search);
	sequence_done(&search.a);
	sequence_done(&search.b);
}
