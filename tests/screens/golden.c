#include "tests/screens/golden.h"

#include <errno.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/screens/looks.h"
#include "tests/screens/svg.h"

#define MASKS_MAX 16

static struct {
	regex_t varies;
	const char *mask;
} masks[MASKS_MAX];
static size_t n_masks;

void golden_mask(const char *pattern, const char *mask)
{
	if (n_masks == MASKS_MAX ||
	    regcomp(&masks[n_masks].varies, pattern, REG_EXTENDED))
		vt_fail("no such mask: \"%s\"", pattern);
	masks[n_masks++].mask = mask;
}

static void put_masks(char *text)
{
	for (size_t i = 0; i < n_masks; i++) {
		int length = (int)strlen(masks[i].mask);
		regmatch_t at;

		for (char *rest = text;
		     regexec(&masks[i].varies, rest, 1, &at, 0) == 0;
		     rest += at.rm_eo) {
			if (at.rm_eo - at.rm_so != length)
				vt_fail("\"%s\" has another width",
					masks[i].mask);
			memcpy(rest + at.rm_so, masks[i].mask, (size_t)length);
		}
	}
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
		fprintf(out, "%s\n", vt_row(vt, row));
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

/* What is kept of a picture. */
enum kind { ALL_OF_IT, WORDS, DRAWING };

/* Of a drawing the name of its file is the title. */
static char *see(struct vt *vt, enum kind kind, const char *name)
{
	char *seen = kind == DRAWING ? svg_of(vt, name) : describe(vt);

	put_masks(seen);
	if (kind == WORDS)
		leave_looks_out(seen);
	return seen;
}

static char *read_wanted(const char *path, enum kind kind)
{
	char *wanted = read_whole(path);

	if (!wanted)
		vt_fail("%s: %s", path, strerror(errno));
	if (kind == WORDS)
		leave_looks_out(wanted);
	return wanted;
}

/* How often it is looked at again: what runs beside the interface comes when
 * it comes. */
#define TRIES 50

static void update(struct vt *vt, const char *path, enum kind kind,
		   const char *name)
{
	char *seen;

	for (int tries = TRIES / 2; tries > 0; tries--)
		vt_settle(vt);
	seen = see(vt, kind, name);
	write_whole(path, seen);
	free(seen);
}

static void compare(struct vt *vt, const char *name, enum kind kind)
{
	const char *top = getenv("srcdir");
	char path[4096], *wanted, *seen = NULL;
	int tries = TRIES;

	snprintf(path, sizeof(path), "%s/%s/%s.%s", top ? top : ".",
		 kind == DRAWING ? "share/pictures" : "tests/screens/golden",
		 name, kind == DRAWING ? "svg" : "txt");
	if (getenv("UPDATE_GOLDENS") && kind != WORDS)
		update(vt, path, kind, name);
	wanted = read_wanted(path, kind);
	vt_pause(vt);
	seen = see(vt, kind, name);
	while (strcmp(seen, wanted) != 0 && tries-- > 0) {
		vt_settle(vt);
		free(seen);
		seen = see(vt, kind, name);
	}
	if (tries < 0)
		vt_fail("%s is not what was drawn:\n%s\n--- but:\n%s", path,
			wanted, kind == DRAWING ? vt_picture(vt) : seen);
	free(wanted);
	free(seen);
}

void golden_compare(struct vt *vt, const char *name)
{
	compare(vt, name, ALL_OF_IT);
}

void golden_compare_words(struct vt *vt, const char *name)
{
	compare(vt, name, WORDS);
}

void golden_compare_drawing(struct vt *vt, const char *name)
{
	compare(vt, name, DRAWING);
}
