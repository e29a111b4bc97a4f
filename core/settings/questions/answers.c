#include "core/settings/questions/answers.h"

#include <string.h>

#include "core/base/i18n.h"
#include "core/base/text.h"
#include "core/base/xml.h"
#include "core/settings/questions/nearest.h"
#include "core/settings/questions/questions.h"

#define ANSWERS_MAX ((size_t)1 << 20)
#define ROOT "https-setup"
#define BLANKS " \t\r\n"

struct reading {
	const char *path; /* of the file, for messages */
	const struct xml *lib;
	xmlTextReader *xml;
	struct settings *settings;
	struct str id; /* of the element we are in: "certificate.file" */
	const struct question *question; /* that it answers, or NULL */
	struct str text;		 /* of that answer so far */
	int line;			 /* where it began */
	bool seen[HS_QUESTIONS_MAX];
	struct error *err;
};

static void free_reader(xmlTextReader **slot)
{
	if (*slot)
		hs_xml(NULL)->xmlFreeTextReader(*slot);
}
#define hs_auto_xml_reader HS_CLEANUP(free_reader)

static void done_reading(struct reading *reading)
{
	hs_str_done(&reading->id);
	hs_str_done(&reading->text);
}

static int line_now(const struct reading *reading)
{
	xmlNode *node = reading->lib->xmlTextReaderCurrentNode(reading->xml);
	long line = node ? reading->lib->xmlGetLineNo(node) : 0;

	return line > 0 ? (int)line : reading->line;
}

/* Says where an error just set is. */
static int at(struct reading *reading, int line)
{
	hs_error_where(reading->err, "%s:%d", reading->path, line);
	return -1;
}

/* What libxml2 has to say about bytes that are no XML. */
static void on_xml_error(void *context, xmlError *error)
{
	struct reading *reading = context;
	hs_auto_free char *message = NULL;

	if (error->level < XML_ERR_ERROR || !error->message)
		return;
	message = hs_text_safe(error->message, strcspn(error->message, "\r\n"),
			       200);
	hs_fail(reading->err, HS_USAGE, "the answers file is no XML: %s",
		message);
	hs_error_hint(reading->err, "each <element> ends in </element>, and & "
				    "is written &amp;");
	at(reading, error->line);
}

static bool has_questions_below(const char *id)
{
	size_t count, length = strlen(id);
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < count; i++)
		if (strncmp(questions[i].id, id, length) == 0 &&
		    questions[i].id[length] == '.')
			return true;
	return false;
}

/* An id as the elements that lead there: <certificate><file>. */
static void hint_at_element(struct reading *reading, const char *id)
{
	hs_auto_str struct str elements = {0};

	for (; *id; id++) {
		if (*id == '.')
			hs_str_puts(&elements, "><");
		else
			hs_str_putc(&elements, *id);
	}
	hs_error_hint(reading->err, "did you mean <%s>?",
		      hs_str_text(&elements));
}

static int refuse_element(struct reading *reading, const char *name)
{
	struct nearest_word nearest = hs_nearest(hs_str_text(&reading->id));
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 80);
	size_t count;
	const struct question *questions = hs_questions(&count);

	for (size_t i = 0; i < count; i++)
		hs_nearest_try(&nearest, questions[i].id);
	hs_fail(reading->err, HS_USAGE, "there is no element <%s> here", safe);
	if (nearest.best)
		hint_at_element(reading, nearest.best);
	else
		hs_error_hint(reading->err,
			      "https-setup questions lists them all");
	return at(reading, line_now(reading));
}

static int refuse_attribute(struct reading *reading, const char *name,
			    const char *hint)
{
	hs_auto_free char *safe = hs_text_safe(name, strlen(name), 80);

	hs_fail(reading->err, HS_USAGE, "the attribute %s is not known here",
		safe);
	hs_error_hint(reading->err, "%s", hint);
	return at(reading, reading->line);
}

/* The root may name the schema's version and how to validate it. */
static int check_root_attribute(struct reading *reading, const char *name,
				const char *value)
{
	if (strncmp(name, "xmlns", 5) == 0 || strncmp(name, "xsi:", 4) == 0)
		return 0;
	if (strcmp(name, "schema") != 0)
		return refuse_attribute(reading, name, _("take it out"));
	if (strcmp(value, "1") == 0)
		return 0;
	hs_fail(reading->err, HS_USAGE, "the answers file has another schema");
	hs_error_hint(reading->err, "this program reads schema=\"1\"");
	return at(reading, reading->line);
}

static int check_attributes(struct reading *reading, bool is_root)
{
	reading->line = line_now(reading);
	while (reading->lib->xmlTextReaderMoveToNextAttribute(reading->xml) ==
	       1) {
		const char *name =
			(const char *)reading->lib->xmlTextReaderConstName(
				reading->xml);
		const char *value =
			(const char *)reading->lib->xmlTextReaderConstValue(
				reading->xml);
		int result =
			is_root ? check_root_attribute(reading, name, value)
				: refuse_attribute(
					  reading, name,
					  _("answers are elements only"));

		if (result < 0)
			return -1;
	}
	reading->lib->xmlTextReaderMoveToElement(reading->xml);
	return 0;
}

static int begin_root(struct reading *reading, const char *name)
{
	if (strcmp(name, ROOT) == 0)
		return check_attributes(reading, true);
	hs_fail(reading->err, HS_USAGE, "this is no answers file");
	hs_error_hint(reading->err, "its outermost element is <%s>", ROOT);
	return at(reading, line_now(reading));
}

static int begin_answer(struct reading *reading)
{
	size_t index = hs_question_index(reading->question);
	bool again = reading->seen[index];

	reading->seen[index] = true;
	hs_str_clear(&reading->text);
	if (reading->question->kind == QUESTION_SECRET) {
		hs_fail(reading->err, HS_USAGE,
			"a secret may not stand in an answers file");
		hs_error_hint(reading->err,
			      "put it into a file that only you can read and "
			      "use --%s",
			      reading->question->flag);
		return at(reading, reading->line);
	}
	if (!again || hs_question_is_list(reading->question))
		return 0;
	hs_fail(reading->err, HS_USAGE, "%s is answered twice",
		reading->question->id);
	hs_error_hint(reading->err, "take one of the two out");
	return at(reading, reading->line);
}

static int end_element(struct reading *reading);

static int begin_element(struct reading *reading)
{
	const char *name =
		(const char *)reading->lib->xmlTextReaderConstLocalName(
			reading->xml);
	bool empty = reading->lib->xmlTextReaderIsEmptyElement(reading->xml);

	if (reading->lib->xmlTextReaderDepth(reading->xml) == 0)
		return begin_root(reading, name);
	if (reading->id.len)
		hs_str_putc(&reading->id, '.');
	hs_str_puts(&reading->id, name);
	/* A name with a dot would spell another element's path. */
	reading->question =
		strchr(name, '.')
			? NULL
			: hs_question_by_id(hs_str_text(&reading->id));
	if (!reading->question &&
	    (strchr(name, '.') ||
	     !has_questions_below(hs_str_text(&reading->id))))
		return refuse_element(reading, name);
	if (check_attributes(reading, false) < 0)
		return -1;
	if (reading->question && begin_answer(reading) < 0)
		return -1;
	return empty ? end_element(reading) : 0;
}

/* Takes an answer; one that a flag has given already is only looked at. */
static int answer(struct reading *reading, const char *text)
{
	const struct question *question = reading->question;
	hs_auto_free char *where =
		hs_format("%s:%d", reading->path, reading->line);
	struct settings spare;
	int result;

	if (hs_settings_origin(reading->settings, question->id) <=
	    ORIGIN_ANSWERS)
		return hs_question_answer(question, reading->settings, text,
					  ORIGIN_ANSWERS, where, reading->err);
	hs_settings_init(&spare);
	result = hs_question_answer(question, &spare, text, ORIGIN_ANSWERS,
				    where, reading->err);
	hs_settings_done(&spare);
	return result;
}

/* Takes the white space off that indentation puts around an answer; of a name
 * the rules say so themselves. */
static int end_answer(struct reading *reading)
{
	const char *text = hs_str_text(&reading->text);
	size_t blanks = strspn(text, BLANKS), length = strlen(text);
	hs_auto_free char *trimmed = NULL;

	if (blanks == length) {
		hs_fail(reading->err, HS_USAGE, "%s has no answer",
			reading->question->id);
		hs_error_hint(reading->err, "give %s, or take it out",
			      _(reading->question->values));
		return at(reading, reading->line);
	}
	if (reading->question->kind == QUESTION_NAME)
		return answer(reading, text);
	while (strchr(BLANKS, text[length - 1]))
		length--;
	trimmed = hs_strndup(text + blanks, length - blanks);
	return answer(reading, trimmed);
}

static int end_element(struct reading *reading)
{
	char *dot;

	if (reading->question && end_answer(reading) < 0)
		return -1;
	reading->question = NULL;
	dot = reading->id.len ? strrchr(reading->id.data, '.') : NULL;
	reading->id.len = dot ? (size_t)(dot - reading->id.data) : 0;
	if (reading->id.data)
		reading->id.data[reading->id.len] = '\0';
	return 0;
}

static int take_text(struct reading *reading)
{
	const char *text = (const char *)reading->lib->xmlTextReaderConstValue(
		reading->xml);

	if (!text)
		return 0;
	if (reading->question) {
		hs_str_puts(&reading->text, text);
		return 0;
	}
	if (!text[strspn(text, BLANKS)])
		return 0;
	hs_fail(reading->err, HS_USAGE,
		"text stands where only elements may stand");
	hs_error_hint(reading->err, "put it into the element it answers");
	return at(reading, line_now(reading));
}

static int refuse_type(struct reading *reading)
{
	hs_fail(reading->err, HS_USAGE,
		"an answers file has no document type and no entities");
	hs_error_hint(reading->err, "take the DOCTYPE out");
	return at(reading, line_now(reading));
}

static int (*const on_node[])(struct reading *reading) = {
	[XML_READER_TYPE_ELEMENT] = begin_element,
	[XML_READER_TYPE_TEXT] = take_text,
	[XML_READER_TYPE_CDATA] = take_text,
	[XML_READER_TYPE_ENTITY_REFERENCE] = refuse_type,
	[XML_READER_TYPE_ENTITY] = refuse_type,
	[XML_READER_TYPE_DOCUMENT_TYPE] = refuse_type,
	[XML_READER_TYPE_SIGNIFICANT_WHITESPACE] = take_text,
	[XML_READER_TYPE_END_ELEMENT] = end_element,
};

static int read_nodes(struct reading *reading)
{
	int more;

	while ((more = reading->lib->xmlTextReaderRead(reading->xml)) == 1) {
		size_t type = (size_t)reading->lib->xmlTextReaderNodeType(
			reading->xml);

		if (type < HS_LENGTH(on_node) && on_node[type] &&
		    on_node[type](reading) < 0)
			return -1;
	}
	if (more < 0)
		return hs_fail(reading->err, HS_USAGE,
			       "the answers file is no XML");
	return 0;
}

static int read_into(const char *path, const char *bytes, size_t length,
		     struct settings *settings, struct error *err)
{
	const struct xml *lib = hs_xml(err);
	hs_auto_xml_reader xmlTextReader *xml =
		lib ? lib->xmlReaderForMemory(bytes, (int)length, NULL, NULL,
					      XML_PARSE_NONET)
		    : NULL;
	HS_CLEANUP(done_reading)
	struct reading reading = {
		.path = path,
		.lib = lib,
		.xml = xml,
		.settings = settings,
		.line = 1,
		.err = err,
	};

	if (!xml)
		return hs_fail(err, HS_CANNOT, "libxml2 cannot be started");
	lib->xmlTextReaderSetStructuredErrorHandler(xml, on_xml_error,
						    &reading);
	return read_nodes(&reading);
}

int hs_answers_read(const char *path, const char *bytes, size_t length,
		    struct settings *settings, struct error *err)
{
	struct settings answered;

	if (length > ANSWERS_MAX) {
		hs_fail(err, HS_USAGE, "the answers file is larger than 1 MiB");
		hs_error_where(err, "%s", path);
		return -1;
	}
	/* All of it or nothing. */
	hs_settings_copy(settings, &answered);
	if (read_into(path, bytes, length, &answered, err) < 0) {
		hs_settings_done(&answered);
		return -1;
	}
	hs_settings_done(settings);
	*settings = answered;
	return 0;
}
