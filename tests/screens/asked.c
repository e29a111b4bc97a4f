#include "tests/screens/asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No page has more places for the focus; nobody is asked more. */
#define PLACES_MAX 40
#define PROMPTS_MAX 400
/* The mark of the focus, and where labels begin behind it. */
#define MARK_COLUMN 1
#define LABEL_COLUMN 3

/* The label of what has the focus stands in its row or above it: what belongs
 * to a label begins farther to the right. */
static const char *label_of(const struct vt *vt, int row)
{
	while (row > 0 && (strlen(vt_row(vt, row)) <= LABEL_COLUMN ||
			   vt_row(vt, row)[LABEL_COLUMN] == ' '))
		row--;
	return vt_row(vt, row) + LABEL_COLUMN;
}

/* Whether a row says just that there, before it ends or leaves a gap. */
static bool begins_with(const char *row, const char *text)
{
	size_t n = strlen(text);

	return strncmp(row, text, n) == 0 &&
	       (!row[n] || strncmp(row + n, "  ", 2) == 0);
}

/* Whether the cursor is within the text: a button's. */
static bool is_within(const char *text, const char *row, int col)
{
	const char *found = strstr(row, text);

	return found && col >= found - row &&
	       (size_t)col < (size_t)(found - row) + strlen(text);
}

/* Whether that is the label, perhaps behind the box of a toggle. */
static bool is_label(const char *row, const char *text)
{
	return begins_with(row, text) ||
	       (row[0] == '[' && strlen(row) > 4 && begins_with(row + 4, text));
}

static bool has_focus(const struct vt *vt, const char *text)
{
	const char *here;
	int row, col;

	vt_cursor(vt, &row, &col);
	here = vt_row(vt, row);
	if (text[0] == '[')
		return is_within(text, here, col);
	if (strlen(here) <= MARK_COLUMN || here[MARK_COLUMN] != '>')
		return false;
	return is_label(label_of(vt, row), text);
}

/* Back where the label stands above, else on. */
static const char *way_to(const struct vt *vt, const char *label)
{
	int here, col;

	vt_cursor(vt, &here, &col);
	for (int row = 0; row < here; row++) {
		const char *text = vt_row(vt, row);

		if (strlen(text) > LABEL_COLUMN &&
		    is_label(text + LABEL_COLUMN, label))
			return "<S-Tab>";
	}
	return "<Tab>";
}

void asked_focus(struct vt *vt, const char *label)
{
	for (int n = 0; n < PLACES_MAX; n++) {
		vt_settle(vt);
		if (has_focus(vt, label))
			return;
		vt_keys(vt, way_to(vt, label));
	}
	vt_fail("\"%s\" does not take the focus:\n%s", label, vt_picture(vt));
}

/* Prompts */

/* What is to be typed, "" when nothing is said about it; to be freed. */
static char *answer_to(const char *path, const char *prompt)
{
	FILE *in = fopen(path, "r");
	char line[1024], *answer = NULL;

	if (!in)
		vt_fail("%s cannot be read", path);
	while (!answer && fgets(line, sizeof(line), in)) {
		char *tab = line + strcspn(line, "\t");

		line[strcspn(line, "\n")] = '\0';
		if (*tab)
			*tab++ = '\0';
		if (strcmp(line, prompt) == 0)
			answer = strdup(tab);
	}
	fclose(in);
	return answer ? answer : strdup("");
}

/* The prompt that waits, to be freed; NULL: none does.  What is typed unseen
 * leaves the last one standing until the program has taken it. */
static char *prompt_now(struct vt *vt)
{
	const char *line;
	size_t n;
	int row, col;

	vt_settle(vt);
	if (!vt_count(vt))
		return NULL;
	vt_cursor(vt, &row, &col);
	line = vt_row(vt, row);
	n = strlen(line);
	if (!n || line[n - 1] != ':' || col != (int)n + 1)
		return NULL;
	return strndup(line, strcspn(line, ",:"));
}

/* Whether that was the last one. */
static bool answer_one(struct vt *vt, const char *path, const char *prompt)
{
	char *answer = answer_to(path, prompt);
	bool over = strcmp(answer, ".") == 0;

	if (!over) {
		vt_count_reset(vt);
		vt_send(vt, answer, strlen(answer));
		vt_keys(vt, "<Enter>");
	}
	free(answer);
	return over;
}

void asked_answer(struct vt *vt, const char *path)
{
	for (int n = 0; n < PROMPTS_MAX; n++) {
		char *prompt = prompt_now(vt);
		bool over = prompt && answer_one(vt, path, prompt);

		free(prompt);
		if (over)
			return;
	}
	vt_fail("it asks on and on:\n%s", vt_picture(vt));
}
