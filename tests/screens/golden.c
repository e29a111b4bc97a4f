#include "tests/screens/golden.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screens/looks.h"

#define MASKS_MAX 8

static struct {
	const char *text, *mask;
} masks[MASKS_MAX];
static size_t n_masks;

void golden_mask(const char *text, const char *mask)
{
	if (strlen(text) != strlen(mask) || n_masks == MASKS_MAX)
		vt_fail("no such mask for \"%s\": \"%s\"", text, mask);
	masks[n_masks].text = text;
	masks[n_masks++].mask = mask;
}

static void write_row(const char *text, FILE *out)
{
	char *row = strdup(text);

	for (size_t i = 0; i < n_masks; i++) {
		size_t length = strlen(masks[i].text);

		for (char *at = row; (at = strstr(at, masks[i].text));)
			memcpy(at, masks[i].mask, length);
	}
	fprintf(out, "%s\n", row);
	free(row);
}

static void write_looks(const struct vt *vt, int row, int cols, FILE *out)
{
	char *looks = calloc(1, (size_t)cols + 1);

	for (int col = 0; col < cols; col++)
		looks[col] = looks_at(vt, row, col);
	if (*vt_trim(looks))
		fprintf(out, "%2d:%s\n", row, looks);
	free(looks);
}

static char *describe(const struct vt *vt)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int rows, cols, row, col;

	vt_size(vt, &rows, &cols);
	for (row = 0; row < rows; row++)
		write_row(vt_row(vt, row), out);
	fputs("-- looks: R reverse, * bold, a-h colour, A-H bold colour\n",
	      out);
	for (row = 0; row < rows; row++)
		write_looks(vt, row, cols, out);
	vt_cursor(vt, &row, &col);
	fprintf(out, "-- cursor: row %d, column %d%s\n", row, col,
		vt_cursor_is_visible(vt) ? "" : ", hidden");
	fclose(out);
	return text;
}

static char *read_whole(const char *path)
{
	char *text = NULL, bytes[4096];
	size_t size = 0, n;
	FILE *in = fopen(path, "r"), *out;

	if (!in)
		return NULL;
	out = open_memstream(&text, &size);
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		fwrite(bytes, 1, n, out);
	fclose(in);
	fclose(out);
	return text;
}

static void write_whole(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	if (!out || fputs(text, out) < 0 || fclose(out))
		vt_fail("%s: %s", path, strerror(errno));
}

/* Lines as they are drawn without line characters. */
static void plain_lines(char *text)
{
	static const struct {
		const char *drawn;
		char plain;
	} lines[] = {{"─", '-'}, {"│", '|'}, {"┌", '+'},
		     {"┐", '+'}, {"└", '+'}, {"┘", '+'}};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t length = strlen(lines[i].drawn);

		for (char *at = text; (at = strstr(at, lines[i].drawn));) {
			*at++ = lines[i].plain;
			memmove(at, at + length - 1,
				strlen(at + length - 1) + 1);
		}
	}
}

/* A golden without its looks: those of another terminal differ, the words and
 * the cursor do not. */
static void leave_looks_out(char *text)
{
	char *looks, *cursor;

	plain_lines(text);
	looks = strstr(text, "-- looks");
	cursor = looks ? strstr(looks, "-- cursor") : NULL;
	if (cursor)
		memmove(looks, cursor, strlen(cursor) + 1);
}

static bool equals(struct vt *vt, const char *wanted, bool looks, char **seen)
{
	char *copy = strdup(wanted);
	bool same;

	free(*seen);
	*seen = describe(vt);
	if (!looks) {
		leave_looks_out(*seen);
		leave_looks_out(copy);
	}
	same = strcmp(*seen, copy) == 0;
	free(copy);
	return same;
}

/* How often it is looked at again: what runs beside the interface comes when
 * it comes. */
#define TRIES 50

static void compare(struct vt *vt, const char *name, bool looks)
{
	const char *top = getenv("srcdir");
	char path[4096];
	char *seen = NULL, *wanted;
	int tries = TRIES;

	vt_settle(vt);
	snprintf(path, sizeof(path), "%s/tests/screens/golden/%s.txt",
		 top ? top : ".", name);
	if (getenv("UPDATE_GOLDENS") && looks) {
		while (tries-- > TRIES / 2)
			vt_settle(vt);
		seen = describe(vt);
		write_whole(path, seen);
	}
	wanted = read_whole(path);
	while (wanted && !equals(vt, wanted, looks, &seen) && tries-- > 0)
		vt_settle(vt);
	if (!wanted || tries < 0)
		vt_fail("%s is not what was drawn:\n%s\n--- but:\n%s", path,
			wanted ? wanted : "(missing)", seen ? seen : "");
	free(wanted);
	free(seen);
}

void golden_compare(struct vt *vt, const char *name)
{
	compare(vt, name, true);
}

void golden_compare_words(struct vt *vt, const char *name)
{
	compare(vt, name, false);
}
