/* Questions as widgets, and what the widgets say as answers. */
#include <string.h>

#include "core/base/str.h"
#include "core/base/text.h"
#include "screens/screen.h"

/* How many rows of a long list are shown at once. */
#define LIST_ROWS 6

static struct tui_widget *make_field(const struct question *question)
{
	static const int columns[] = {
		[QUESTION_PORT] = 6,
		[QUESTION_DURATION] = 10,
		[QUESTION_ADDRESSES] = 44,
		[QUESTION_NAMES] = 44,
	};
	int width = question->kind < HS_LENGTH(columns)
			    ? columns[question->kind]
			    : 0;

	return tui_field_new(question->label, width ? width : 44);
}

static struct tui_widget *make_secret(const struct question *question)
{
	return tui_secret_new(question->label, 44);
}

static struct tui_widget *make_toggle(const struct question *question)
{
	return tui_toggle_new(question->label);
}

static struct tui_widget *make_choice(const struct question *question)
{
	return tui_choice_new(question->label, LIST_ROWS);
}

/* How answers look and how they are read. */
struct look {
	struct tui_widget *(*make)(const struct question *question);
	void (*show)(struct asked *asked, const char *text);
	char *(*read)(const struct asked *asked);
};

static void show_field(struct asked *asked, const char *text)
{
	tui_field_set(asked->widget, text);
}

static char *read_field(const struct asked *asked)
{
	return hs_strdup(tui_field_text(asked->widget));
}

/* What was given by a flag is there, and stays unseen. */
static void show_secret(struct asked *asked, const char *text)
{
	tui_field_set_placeholder(asked->widget, *text ? "********" : NULL);
}

static void show_toggle(struct asked *asked, const char *text)
{
	tui_toggle_set(asked->widget, strcmp(text, "yes") == 0);
}

static char *read_toggle(const struct asked *asked)
{
	return hs_strdup(tui_toggle_is_on(asked->widget) ? "yes" : "no");
}

static void show_choice(struct asked *asked, const char *text)
{
	int chosen = -1;

	for (size_t i = 0; i < asked->words.n; i++)
		if (strcmp(asked->words.items[i], text) == 0)
			chosen = (int)i;
	tui_choice_set(asked->widget, chosen);
}

static char *read_choice(const struct asked *asked)
{
	int chosen = tui_choice_chosen(asked->widget);

	return hs_strdup(chosen < 0 ? "" : asked->words.items[chosen]);
}

static const struct look field = {make_field, show_field, read_field};
static const struct look secret = {make_secret, show_secret, read_field};
static const struct look toggle = {make_toggle, show_toggle, read_toggle};
static const struct look choice = {make_choice, show_choice, read_choice};

static const struct look *look_of(const struct question *question)
{
	static const struct look *const looks[] = {
		[QUESTION_TEXT] = &field,     [QUESTION_PATH] = &field,
		[QUESTION_SECRET] = &secret,  [QUESTION_BOOL] = &toggle,
		[QUESTION_CHOICE] = &choice,  [QUESTION_WORD] = &choice,
		[QUESTION_PORT] = &field,     [QUESTION_CODE] = &choice,
		[QUESTION_DURATION] = &field, [QUESTION_ADDRESSES] = &field,
		[QUESTION_NAME] = &field,     [QUESTION_NAMES] = &field,
	};

	/* The sites of a server are a list, though their names are text. */
	if (strcmp(question->id, "site") == 0)
		return &choice;
	return looks[question->kind];
}

struct tui_widget *scr_answer_widget(const struct question *question)
{
	return look_of(question)->make(question);
}

void scr_answer_offer(struct asked *asked, const char *word, const char *label)
{
	hs_strings_add(&asked->words, word);
	tui_choice_add(asked->widget, label);
}

void scr_answer_offer_none(struct asked *asked)
{
	hs_strings_done(&asked->words);
	tui_choice_clear(asked->widget);
}

/* An empty field shows what holds without an answer. */
static void show_default(struct asked *asked, const char *text)
{
	if (asked->question->kind != QUESTION_SECRET)
		tui_field_set_placeholder(asked->widget, *text ? text : NULL);
}

/* Seconds as people say them. */
static void show_duration(struct asked *asked, const char *seconds)
{
	char words[40];

	if (asked->question->kind != QUESTION_DURATION)
		return;
	if (*seconds && !asked->refused)
		hs_text_duration(strtoll(seconds, NULL, 10), words);
	tui_field_set_beside(asked->widget,
			     *seconds && !asked->refused ? words : NULL);
}

void scr_answer_load(struct asked *asked, const struct settings *settings)
{
	hs_auto_free char *text = hs_question_text(asked->question, settings);
	const struct look *look = look_of(asked->question);

	if (look == &field && asked->touched)
		show_default(asked, text);
	else if (look != &secret || !asked->touched)
		look->show(asked, text);
	show_duration(asked, text);
}

static void refuse(struct asked *asked, const struct error *err)
{
	free(asked->refused);
	asked->refused = *err->hint ? hs_format("%s: %s", err->what, err->hint)
				    : hs_strdup(err->what);
}

void scr_answer_set(struct asked *asked, struct settings *settings,
		    const char *text)
{
	struct error err = {0};

	hs_replace(&asked->refused, NULL);
	if (!*text)
		hs_question_reset(asked->question, settings);
	else if (hs_question_answer(asked->question, settings, text,
				    ORIGIN_OPERATOR, NULL, &err))
		refuse(asked, &err);
}

void scr_answer_take(struct asked *asked, struct settings *settings)
{
	char *text = look_of(asked->question)->read(asked);

	asked->touched = true;
	scr_answer_set(asked, settings, text);
	explicit_bzero(text, strlen(text));
	free(text);
}
