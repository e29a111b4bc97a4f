#include "core/settings/questions/kinds.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "core/base/i18n.h"
#include "core/base/openssl.h"
#include "core/base/text.h"
#include "core/settings/host_name.h"
#include "core/settings/questions/nearest.h"

void *hs_question_field(const struct question *question,
			struct settings *settings)
{
	return (char *)settings + question->offset;
}

/* What is wrong with an answer that is no value of its kind. */
static int refuse(const struct question *question, const char *text,
		  struct error *err)
{
	hs_auto_free char *safe = hs_text_safe(text, strlen(text), 80);

	return hs_fail(err, HS_USAGE, "\"%s\" is no answer to %s", safe,
		       question->id);
}

static int refuse_value(const struct question *question, const char *text,
			struct error *err)
{
	refuse(question, text, err);
	hs_error_hint(err, "give %s", _(question->values));
	return -1;
}

/* Words, names and paths: one string each. */

static int take_text(const struct question *question, struct settings *settings,
		     const char *text, bool more, struct error *err)
{
	(void)more, (void)err;
	hs_replace(hs_question_field(question, settings), *text ? text : NULL);
	return 0;
}

static int take_name(const struct question *question, struct settings *settings,
		     const char *text, bool more, struct error *err)
{
	hs_auto_free char *name = hs_host_name_normal(text);
	size_t length = strlen(text);

	if (hs_question_field(question, settings) == (void *)&settings->name)
		settings->name_trimmed =
			length && (strchr(" \t\r\n\v\f", *text) ||
				   strchr(" \t\r\n\v\f", text[length - 1]));
	return take_text(question, settings, name, more, err);
}

static void show_text(const struct question *question, const void *field,
		      struct str *ret_text)
{
	const char *text = *(char *const *)field;

	(void)question;
	hs_str_puts(ret_text, text ? text : "");
}

static void own_text(void *field)
{
	char **slot = field;

	*slot = hs_strdup(*slot);
}

static void clear_text(void *field)
{
	hs_replace(field, NULL);
}

/* Secrets stay in memory that is not swapped, dumped or left behind. */

static void clear_secret(void *field)
{
	char **slot = field;

	if (*slot)
		OPENSSL_secure_clear_free(*slot, strlen(*slot) + 1);
	*slot = NULL;
}

static char *keep_secret(const char *text)
{
	size_t size = strlen(text) + 1;
	char *secret = OPENSSL_secure_malloc(size);

	if (secret)
		memcpy(secret, text, size);
	return secret;
}

static int take_secret(const struct question *question,
		       struct settings *settings, const char *text, bool more,
		       struct error *err)
{
	char **slot = hs_question_field(question, settings);
	char *secret = keep_secret(text);

	(void)more;
	if (!secret)
		return hs_fail(err, HS_CANNOT,
			       "no protected memory is left for %s",
			       question->id);
	clear_secret(slot);
	*slot = secret;
	return 0;
}

static void show_secret(const struct question *question, const void *field,
			struct str *ret_text)
{
	(void)question;
	hs_str_puts(ret_text, *(char *const *)field ? "********" : "");
}

static void own_secret(void *field)
{
	char **slot = field;

	*slot = *slot ? keep_secret(*slot) : NULL;
}

/* Yes or no. */

static const struct {
	const char *word;
	bool value;
} bool_words[] = {
	{"yes", true}, {"no", false},  {"true", true}, {"false", false},
	{"on", true},  {"off", false}, {"1", true},    {"0", false},
};

static int take_bool(const struct question *question, struct settings *settings,
		     const char *text, bool more, struct error *err)
{
	bool *field = hs_question_field(question, settings);

	(void)more;
	for (size_t i = 0; i < HS_LENGTH(bool_words); i++) {
		if (strcasecmp(text, bool_words[i].word) == 0) {
			*field = bool_words[i].value;
			return 0;
		}
	}
	return refuse_value(question, text, err);
}

static void show_bool(const struct question *question, const void *field,
		      struct str *ret_text)
{
	(void)question;
	hs_str_puts(ret_text, *(const bool *)field ? "yes" : "no");
}

/* One word out of a list. */

static int find_choice(const struct question *question, const char *text,
		       struct error *err)
{
	struct nearest_word nearest = hs_nearest(text);

	for (int i = 0; question->choices[i].word; i++) {
		if (strcmp(question->choices[i].word, text) == 0)
			return i;
		hs_nearest_try(&nearest, question->choices[i].word);
	}
	refuse(question, text, err);
	if (nearest.best)
		hs_error_hint(err, "did you mean \"%s\"? It takes %s",
			      nearest.best, _(question->values));
	else
		hs_error_hint(err, "it takes %s", _(question->values));
	return -1;
}

static int take_choice(const struct question *question,
		       struct settings *settings, const char *text, bool more,
		       struct error *err)
{
	int choice = find_choice(question, text, err);

	(void)more;
	if (choice < 0)
		return -1;
	*(int *)hs_question_field(question, settings) = choice;
	return 0;
}

static void show_choice(const struct question *question, const void *field,
			struct str *ret_text)
{
	hs_str_puts(ret_text, question->choices[*(const int *)field].word);
}

static int take_word(const struct question *question, struct settings *settings,
		     const char *text, bool more, struct error *err)
{
	if (*text && find_choice(question, text, err) < 0)
		return -1;
	return take_text(question, settings, text, more, err);
}

/* Numbers.  What is none becomes -1 where a rule judges it. */

static int store_number(const struct question *question,
			struct settings *settings, const char *text,
			long long number, struct error *err)
{
	void *field = hs_question_field(question, settings);

	if (question->size == sizeof(int) && number > INT_MAX)
		number = -1;
	if (number < 0 && !question->judged_by)
		return refuse_value(question, text, err);
	if (question->size == sizeof(int))
		*(int *)field = (int)number;
	else
		*(long long *)field = number;
	return 0;
}

/* The digits at the start of `text`; -1: none, or too many. */
static long long read_digits(const char *text, const char **ret_rest)
{
	char *rest;
	long long number;

	*ret_rest = text;
	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	number = strtoll(text, &rest, 10);
	*ret_rest = rest;
	return errno ? -1 : number;
}

static int take_number(const struct question *question,
		       struct settings *settings, const char *text, bool more,
		       struct error *err)
{
	const char *rest;
	long long number = read_digits(text, &rest);

	(void)more;
	if (*rest)
		number = -1;
	return store_number(question, settings, text, number, err);
}

static const struct {
	const char *unit;
	int seconds;
} duration_units[] = {
	{"", 1},      {"s", 1},		{"m", 60},	    {"h", 3600},
	{"d", 86400}, {"w", 7 * 86400}, {"y", 365 * 86400},
};

static int take_duration(const struct question *question,
			 struct settings *settings, const char *text, bool more,
			 struct error *err)
{
	const char *unit;
	long long number = read_digits(text, &unit), seconds = -1;

	(void)more;
	for (size_t i = 0; i < HS_LENGTH(duration_units); i++)
		if (number >= 0 && strcmp(unit, duration_units[i].unit) == 0 &&
		    __builtin_mul_overflow(number, duration_units[i].seconds,
					   &seconds))
			seconds = -1;
	return store_number(question, settings, text, seconds, err);
}

static void show_number(const struct question *question, const void *field,
			struct str *ret_text)
{
	long long number = question->size == sizeof(int)
				   ? *(const int *)field
				   : *(const long long *)field;

	if (number >= 0)
		hs_str_printf(ret_text, "%lld", number);
}

/* Lists: addresses to listen on, which are no host names, and names. */

static bool fits_list(const struct question *question, const char *item)
{
	if (hs_host_name_is_ip(item))
		return true;
	if (question->kind == QUESTION_ADDRESSES)
		return strcmp(item, "*") == 0;
	return !hs_host_name_problem(item);
}

static int add_item(const struct question *question, struct strings *list,
		    const char *text, struct error *err)
{
	hs_auto_free char *item = hs_host_name_normal(text);

	if (!fits_list(question, item))
		return refuse_value(question, text, err);
	hs_strings_add(list, item);
	return 0;
}

static int take_list(const struct question *question, struct settings *settings,
		     const char *text, bool more, struct error *err)
{
	static const char between[] = ", \t\r\n";
	struct strings *field = hs_question_field(question, settings);
	struct strings list = {0};
	int result = 0;

	if (more)
		list = hs_strings_copy(field);
	text += strspn(text, between);
	while (*text && result == 0) {
		size_t length = strcspn(text, between);
		hs_auto_free char *one = hs_strndup(text, length);

		result = add_item(question, &list, one, err);
		text += length;
		text += strspn(text, between);
	}
	if (result == 0) {
		struct strings old = *field;

		*field = list;
		list = old;
	}
	hs_strings_done(&list);
	return result;
}

static void show_list(const struct question *question, const void *field,
		      struct str *ret_text)
{
	const struct strings *list = field;

	(void)question;
	HS_EACH(item, list)
		hs_str_printf(ret_text, "%s%s", item == list->items ? "" : " ",
			      *item);
}

static void own_list(void *field)
{
	struct strings *list = field;

	*list = hs_strings_copy(list);
}

static void clear_list(void *field)
{
	hs_strings_done(field);
}

static const struct kind_ops kinds[] = {
	[QUESTION_TEXT] = {take_text, show_text, own_text, clear_text},
	[QUESTION_PATH] = {take_text, show_text, own_text, clear_text},
	[QUESTION_SECRET] = {take_secret, show_secret, own_secret,
			     clear_secret},
	[QUESTION_BOOL] = {.take = take_bool, .show = show_bool},
	[QUESTION_CHOICE] = {.take = take_choice, .show = show_choice},
	[QUESTION_WORD] = {take_word, show_text, own_text, clear_text},
	[QUESTION_PORT] = {.take = take_number, .show = show_number},
	[QUESTION_CODE] = {.take = take_number, .show = show_number},
	[QUESTION_DURATION] = {.take = take_duration, .show = show_number},
	[QUESTION_ADDRESSES] = {take_list, show_list, own_list, clear_list},
	[QUESTION_NAME] = {take_name, show_text, own_text, clear_text},
	[QUESTION_NAMES] = {take_list, show_list, own_list, clear_list},
};

const struct kind_ops *hs_question_kind(enum question_kind kind)
{
	return &kinds[kind];
}
