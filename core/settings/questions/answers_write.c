/* Writing an answers file (core/settings/questions/answers.h). */
#include <limits.h>
#include <string.h>

#include "core/base/text.h"
#include "core/settings/questions/answers.h"
#include "core/settings/questions/questions.h"

/* XML 1.0 has no way to write control characters or bytes that are not
 * UTF-8, both of which file names may have. */
static bool is_writable(const char *text)
{
	size_t length = strlen(text), step;

	for (; length; text += step, length -= step) {
		long point = hs_text_decode(text, length, &step);

		if ((point < 0x20 && point != '\t' && point != '\n') ||
		    point == 0xfffe || point == 0xffff)
			return false;
	}
	return true;
}

/* How much two ids have in common in whole levels: "a." of "a.b" "a.c". */
static size_t common_levels(const char *one, const char *other)
{
	size_t common = 0;

	for (size_t i = 0; one[i] && one[i] == other[i]; i++)
		if (one[i] == '.')
			common = i + 1;
	return common;
}

static void indent(const char *id, size_t length, struct str *xml)
{
	hs_str_puts(xml, "  ");
	for (size_t i = 0; i < length; i++)
		if (id[i] == '.')
			hs_str_puts(xml, "  ");
}

/* Closes the levels of `id` that lie behind its first `keep` bytes. */
static void close_levels(const char *id, size_t keep, struct str *xml)
{
	size_t end = strlen(id);

	while (end > keep) {
		size_t start;

		while (end > keep && id[end - 1] != '.')
			end--;
		if (end == keep)
			break;
		start = --end;
		while (start > 0 && id[start - 1] != '.')
			start--;
		indent(id, end, xml);
		hs_str_printf(xml, "</%.*s>\n", (int)(end - start), id + start);
		end = start;
	}
}

/* Opens those of its levels; returns the name of the innermost element. */
static const char *open_levels(const char *id, size_t from, struct str *xml)
{
	const char *level = id + from, *dot;

	while ((dot = strchr(level, '.'))) {
		indent(id, (size_t)(dot - id), xml);
		hs_str_printf(xml, "<%.*s>\n", (int)(dot - level), level);
		level = dot + 1;
	}
	return level;
}

/* What may not stand for itself between two tags (XML 1.0, 2.4 and 2.11). */
static void write_text(const char *text, struct str *xml)
{
	static const char *const escapes[UCHAR_MAX + 1] = {
		['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['\r'] = "&#13;",
	};

	for (; *text; text++) {
		const char *escape = escapes[(unsigned char)*text];

		if (escape)
			hs_str_puts(xml, escape);
		else
			hs_str_putc(xml, *text);
	}
}

static void write_one(const char *id, const char *element, const char *text,
		      struct str *xml)
{
	indent(id, strlen(id), xml);
	if (!is_writable(text)) {
		hs_str_printf(xml,
			      "<!-- %s has bytes that XML cannot hold -->\n",
			      id);
		return;
	}
	hs_str_printf(xml, "<%s>", element);
	write_text(text, xml);
	hs_str_printf(xml, "</%s>\n", element);
}

static void write_answer(const struct question *question,
			 const struct settings *settings, const char *element,
			 struct str *xml)
{
	hs_auto_free char *text = hs_question_text(question, settings);
	const struct strings *list;

	if (!hs_question_is_list(question)) {
		write_one(question->id, element, text, xml);
		return;
	}
	list = (const void *)((const char *)settings + question->offset);
	HS_EACH(item, list)
		write_one(question->id, element, *item, xml);
}

/* Secrets, and answers that are empty or were none, are left out. */
static bool is_worth_writing(const struct question *question,
			     const struct settings *settings)
{
	hs_auto_free char *text = NULL;

	if (question->kind == QUESTION_SECRET ||
	    !hs_question_is_answered(question, settings))
		return false;
	text = hs_question_text(question, settings);
	return *text;
}

void hs_answers_write(const struct settings *settings, struct str *ret_xml)
{
	const char *before = "";
	size_t count;
	const struct question *questions = hs_questions(&count);

	hs_str_puts(ret_xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<https-setup schema=\"1\">\n");
	for (size_t i = 0; i < count; i++) {
		const struct question *question = &questions[i];
		size_t common = common_levels(before, question->id);

		if (!is_worth_writing(question, settings))
			continue;
		close_levels(before, common, ret_xml);
		write_answer(question, settings,
			     open_levels(question->id, common, ret_xml),
			     ret_xml);
		before = question->id;
	}
	close_levels(before, 0, ret_xml);
	hs_str_puts(ret_xml, "</https-setup>\n");
}
